#include "pki/lint.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "pki/der.hpp"
#include "pki/key.hpp"
#include "pki/oids.hpp"

namespace antin::pki {
namespace {

using std::chrono::days;

std::string attribute_oid(std::string_view type) {
    if (type == "C") return std::string{oids::country};
    if (type == "L") return std::string{oids::locality};
    if (type == "O") return std::string{oids::organisation};
    if (type == "OU") return std::string{oids::organisational_unit};
    return std::string{oids::common_name};
}

/// One judgement of one certificate: collects departures as the parts are walked.
class Judge {
  public:
    Judge(const CertificateView& certificate, const Profile& profile, const LintContext& context)
        : c_(certificate), p_(profile), context_(context) {}

    std::vector<Departure> run() {
        frame();
        validity();
        subject();
        key();
        extension_set();
        constraints();
        usages();
        policies();
        names();
        addresses();
        identifiers();
        against_issuer();
        return std::move(found_);
    }

  private:
    void add(std::string rule, std::string detail) {
        found_.push_back({std::move(rule), std::move(detail)});
    }

    void frame() {
        if (c_.version != 3) add("version", "not version 3");
        const der::Element serial{der::tag::integer, c_.serial, {}};
        if (!der::is_positive_integer(serial)) add("serial.positive", "not a positive integer");
        const BytesView magnitude = der::magnitude(c_.serial);
        if (magnitude.size() > 20) add("serial.length", "longer than 20 octets");
        if (p_.sort == Profile::Sort::Subscriber && magnitude.size() > 8) {
            add("serial.length", "more than 16 hex digits");
        }
        // 64 random bits show fewer than 40 once in sixteen million: then a counter is likelier.
        if (magnitude.size() < 5) add("serial.entropy", "too short to hold 64 random bits");
        if (!std::ranges::equal(c_.inner_algorithm, c_.outer_algorithm)) {
            add("algorithm.mismatch", "the signed and the outer algorithm differ");
        }
        const bool rsa =
            std::ranges::equal(c_.inner_algorithm, signature_algorithm(KeyKind::Rsa2048));
        const bool ec = std::ranges::equal(c_.inner_algorithm, signature_algorithm(KeyKind::P256));
        if (!rsa && !ec) {
            add("algorithm.unknown", "neither sha256WithRSAEncryption nor ecdsa-with-SHA256");
        }
        const std::size_t length = c_.signature.size();
        if (rsa && length != 256 && length != 384 && length != 512) {
            add("signature.length", "not the size of an RSA-2048, -3072 or -4096 signature");
        }
        if (ec && (length < 8 || length > 72)) {
            add("signature.length", "not the size of a P-256 signature");
        }
        if (!c_.unique_ids.empty()) add("unique_ids", "unique identifiers are not used");
    }

    void validity() {
        if (c_.not_after <= c_.not_before) {
            add("validity.order", "ends before it begins");
            return;
        }
        // Both ends are inclusive (RFC 5280, 4.1.2.5), hence the second.
        const auto length = c_.not_after - c_.not_before + std::chrono::seconds{1};
        if (p_.validity_days_max > 0 &&
            length > days{p_.validity_days_max} + std::chrono::seconds{1}) {
            add("validity.length", "longer than " + std::to_string(p_.validity_days_max) + " days");
        }
        if (!std::ranges::equal(
                c_.validity, der::sequence({der::time(c_.not_before), der::time(c_.not_after)}))) {
            add("validity.encoding", "UTCTime until 2049, GeneralizedTime after");
        }
    }

    void attribute(const NameAttribute& a) {
        const bool printable = a.oid == oids::country;
        if (a.string_tag != (printable ? der::tag::printable_string : der::tag::utf8_string)) {
            add("subject.encoding",
                a.oid + (printable ? " must be PrintableString" : " must be UTF8String"));
        }
        if (a.value.empty()) {
            add("subject.empty", a.oid + " is empty");
        } else if (clean_text(a.value) != a.value) {
            add("subject.text", a.oid + " is not normalised (NFC, single spaces, visible letters)");
        }
        const std::size_t limit =
            a.oid == oids::locality ? p_.locality_letters_max : p_.text_letters_max;
        if (code_points(a.value) > limit) {
            add("subject.length", a.oid + " is longer than " + std::to_string(limit) + " letters");
        }
    }

    void subject() {
        const auto name = read_name(c_.subject);
        if (!name) {
            add("subject.malformed", "the name cannot be read");
            return;
        }
        const auto again = [&] {
            Name plain = *name;
            return encode_name(plain);
        };
        if (!std::ranges::equal(again(), c_.subject)) {
            add("subject.rdn", "an RDN holds more than one attribute");
        }
        std::size_t at = 0;
        for (const std::string& type : p_.subject) {
            const bool many = type.ends_with('*');
            const std::string oid = attribute_oid(many ? type.substr(0, type.size() - 1) : type);
            std::size_t count = 0;
            while (at < name->size() && (*name)[at].oid == oid && (many || count == 0)) {
                ++count;
                ++at;
            }
            if (!many && count == 0) add("subject.order", type + " is missing or out of order");
        }
        if (at < name->size()) {
            add("subject.order", (*name)[at].oid + " stands where it should not");
        }
        for (const NameAttribute& a : *name) attribute(a);
        if (!p_.subject.empty() && p_.subject[0] == "C" && value_of(*name, oids::country) != "VN") {
            add("subject.country", "country is not VN");
        }
    }

    void key() {
        const auto kind = key_kind_of(c_.public_key_info);
        if (!kind) {
            add(kind.error().code, "the public key is not acceptable");
            return;
        }
        kind_ = *kind;
        if (std::ranges::find(p_.keys, *kind) == p_.keys.end()) {
            add("key.kind",
                std::string{to_name(*kind)} + " is not among the kinds of this profile");
        }
    }

    [[nodiscard]] std::vector<std::string_view> expected() const {
        std::vector<std::string_view> out{oids::key_usage, oids::subject_key_id};
        if (!p_.extended_key_usage.empty()) out.push_back(oids::extended_key_usage);
        if (!p_.policy_oid.empty()) out.push_back(oids::certificate_policies);
        if (p_.sort != Profile::Sort::Root) out.push_back(oids::authority_key_id);
        const bool authority = p_.sort == Profile::Sort::Root || p_.sort == Profile::Sort::Issuing;
        if (authority || p_.sort == Profile::Sort::Subscriber)
            out.push_back(oids::basic_constraints);
        if (p_.sort == Profile::Sort::Issuing || p_.sort == Profile::Sort::Subscriber) {
            out.push_back(oids::crl_distribution_points);
            out.push_back(oids::authority_information_access);
        }
        if (p_.sort == Profile::Sort::Responder) out.push_back(oids::ocsp_nocheck);
        if (p_.email_required) out.push_back(oids::subject_alternative_name);
        return out;
    }

    void extension_set() {
        const auto wanted = expected();
        for (const auto oid : wanted) {
            if (c_.extension(oid) == nullptr) {
                add("extension.missing", std::string{oid} + " is missing");
            }
        }
        std::set<std::string_view> seen;
        for (const ExtensionView& extension : c_.extensions) {
            if (!seen.insert(extension.oid).second) {
                add("extension.twice", extension.oid + " stands twice");
            }
            const bool host_names =
                extension.oid == oids::subject_alternative_name && p_.host_allowed;
            if (std::ranges::find(wanted, extension.oid) == wanted.end() && !host_names) {
                add("extension.unexpected", extension.oid + " is not of this profile");
            }
            const bool must =
                extension.oid == oids::key_usage || extension.oid == oids::basic_constraints;
            if (extension.critical != must) {
                add("extension.critical",
                    extension.oid + (must ? " must be critical" : " must not be critical"));
            }
        }
    }

    void constraints() {
        const ExtensionView* found = c_.extension(oids::basic_constraints);
        if (found == nullptr) return;
        const bool authority = p_.sort == Profile::Sort::Root || p_.sort == Profile::Sort::Issuing;
        const auto want = extensions::basic_constraints(
            authority, p_.sort == Profile::Sort::Issuing ? std::optional{0} : std::nullopt);
        if (!std::ranges::equal(found->value, want.value)) {
            add("basic_constraints", authority ? "must say CA with the right path length"
                                               : "must say that this is no CA");
        }
    }

    void usages() {
        const auto usage = key_usage_of(c_);
        const std::uint32_t want = is_rsa(kind_) ? p_.key_usage_rsa : p_.key_usage_ec;
        if (c_.extension(oids::key_usage) != nullptr && usage != want) {
            add("key_usage", "not the bits of this profile for this kind of key");
        }
        if (c_.extension(oids::extended_key_usage) == nullptr) return;
        if (extended_key_usage_of(c_) != p_.extended_key_usage) {
            add("extended_key_usage", "not the purposes of this profile");
        }
    }

    void policies() {
        const ExtensionView* found = c_.extension(oids::certificate_policies);
        if (found == nullptr || p_.policy_oid.empty()) return;
        if (!std::ranges::equal(found->value,
                                extensions::policy(p_.policy_oid, p_.cps_url).value)) {
            add("policy", "not the policy and practice statement of this profile");
        }
    }

    static bool is_mail(std::string_view text) {
        const auto at = text.find('@');
        if (at == 0 || at == std::string_view::npos || at + 1 == text.size()) return false;
        if (text.find('@', at + 1) != std::string_view::npos) return false;
        return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
    }

    void names() {
        const ExtensionView* found = c_.extension(oids::subject_alternative_name);
        if (found == nullptr) return;
        const auto list = der::only(found->value, der::tag::sequence);
        der::Reader reader{list ? list->content : BytesView{}};
        if (!list || reader.at_end()) {
            add("alternative_name", "cannot be read, or is empty");
            return;
        }
        int mails = 0;
        while (reader.ok() && !reader.at_end()) {
            const der::Element name = reader.next();
            const std::string_view text = as_text(name.content);
            if (name.tag == der::tag::context_primitive(1)) {
                ++mails;
                if (!is_mail(text)) add("alternative_name", "no mail address in ASCII");
            } else if (name.tag == der::tag::context_primitive(2) && p_.host_allowed) {
                const bool good =
                    !text.empty() && text.size() <= 253 && std::ranges::all_of(text, [](char c) {
                        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
                               c == '.';
                    });
                if (!good) add("alternative_name", "no host name in small letters");
            } else if (name.tag == der::tag::context_primitive(7) && p_.host_allowed) {
                if (name.content.size() != 4 && name.content.size() != 16) {
                    add("alternative_name", "no IP address");
                }
            } else {
                add("alternative_name", "a kind of name that this profile does not have");
            }
        }
        if (!reader.ok()) add("alternative_name", "cannot be read");
        if (p_.email_required && mails != 1) add("alternative_name", "exactly one mail address");
        if (mails > 1) add("alternative_name", "more than one mail address");
    }

    /// Every URI of an extension, whatever is around it.
    static std::vector<std::string> uris(BytesView value) {
        std::vector<std::string> out;
        std::vector<BytesView> open{value};
        while (!open.empty()) {
            der::Reader reader{open.back()};
            open.pop_back();
            while (reader.ok() && !reader.at_end()) {
                const der::Element element = reader.next();
                if (!reader.ok()) break;
                if (element.tag == der::tag::context_primitive(6)) {
                    out.emplace_back(as_text(element.content));
                } else if ((element.tag & 0x20) != 0) {
                    open.push_back(element.content);
                }
            }
        }
        return out;
    }

    void address(std::string_view oid, const ExtensionBody& want, bool compare) {
        const ExtensionView* found = c_.extension(oid);
        if (found == nullptr) return;
        const auto all = uris(found->value);
        if (all.empty()) add("address", std::string{oid} + " holds no address");
        for (const std::string& uri : all) {
            // These are fetched to check certificates; TLS there would need a check of its own.
            if (!uri.starts_with("http://")) add("address", uri + " is not plain HTTP");
        }
        if (compare && !std::ranges::equal(found->value, want.value)) {
            add("address", std::string{oid} + " is not what this authority publishes");
        }
    }

    void addresses() {
        address(oids::crl_distribution_points, extensions::crl_distribution(context_.crl_url),
                !context_.crl_url.empty());
        address(oids::authority_information_access,
                extensions::authority_access(context_.ocsp_url, context_.issuer_url),
                !context_.issuer_url.empty());
    }

    void identifiers() {
        const auto id = key_identifier(c_.public_key_info);
        const bool has_own = c_.extension(oids::subject_key_id) != nullptr;
        if (id && has_own && subject_key_id_of(c_) != *id) {
            add("subject_key_id", "not the SHA-1 of the public key");
        }
        const bool has_issuers = c_.extension(oids::authority_key_id) != nullptr;
        if (has_issuers && authority_key_id_of(c_).size() != 20) {
            add("authority_key_id", "must name the issuer's key, and nothing else");
        }
    }

    void against_issuer() {
        if (p_.sort == Profile::Sort::Root && !std::ranges::equal(c_.issuer, c_.subject)) {
            add("issuer.name", "a root names itself as issuer");
        }
        if (context_.issuer == nullptr) return;
        const CertificateView& issuer = *context_.issuer;
        if (!std::ranges::equal(c_.issuer, issuer.subject)) {
            add("issuer.name", "not the subject of the issuing certificate, byte for byte");
        }
        if (c_.not_after > issuer.not_after || c_.not_before < issuer.not_before) {
            add("validity.issuer", "reaches beyond the validity of its issuer");
        }
        if (p_.sort != Profile::Sort::Root &&
            authority_key_id_of(c_) != subject_key_id_of(issuer)) {
            add("authority_key_id", "not the key identifier of the issuer");
        }
        if (p_.sort != Profile::Sort::Root &&
            std::ranges::equal(c_.public_key_info, issuer.public_key_info)) {
            add("key.issuer", "the key of the issuer itself");
        }
    }

    const CertificateView& c_;
    const Profile& p_;
    const LintContext& context_;
    KeyKind kind_ = KeyKind::Rsa2048;
    std::vector<Departure> found_;
};

}  // namespace

std::vector<Departure> lint(const CertificateView& certificate, const Profile& profile,
                            const LintContext& context) {
    return Judge{certificate, profile, context}.run();
}

}  // namespace antin::pki
