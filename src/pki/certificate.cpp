#include "pki/certificate.hpp"

#include <algorithm>

#include "pki/der.hpp"
#include "pki/key.hpp"
#include "pki/oids.hpp"

namespace antin::pki {
namespace {

tl::unexpected<Error> malformed(const char* where) {
    return fail(ErrorKind::Invalid, "x509.malformed", where);
}

bool read_extensions(BytesView whole, std::vector<ExtensionView>& out) {
    der::Reader wrapper{whole};
    der::Reader list = wrapper.enter(der::tag::sequence);
    if (!wrapper.finished() || list.at_end()) return false;
    out.reserve(12);
    while (list.ok() && !list.at_end()) {
        der::Reader fields = list.enter(der::tag::sequence);
        ExtensionView extension;
        extension.oid = der::read_oid(fields.next(der::tag::oid).content);
        if (const auto critical = fields.optional(der::tag::boolean)) {
            // DER leaves out the default FALSE, so only TRUE may stand here.
            if (der::read_boolean(*critical) != true) return false;
            extension.critical = true;
        }
        extension.value = fields.next(der::tag::octet_string).content;
        if (!fields.finished() || extension.oid.empty()) return false;
        out.push_back(std::move(extension));
    }
    return list.ok();
}

std::optional<BytesView> extension_value(const CertificateView& certificate, std::string_view oid) {
    const ExtensionView* found = certificate.extension(oid);
    if (found == nullptr) return std::nullopt;
    return found->value;
}

}  // namespace

const ExtensionView* CertificateView::extension(std::string_view oid) const {
    const auto found = std::ranges::find(extensions, oid, &ExtensionView::oid);
    return found == extensions.end() ? nullptr : &*found;
}

std::string serial_text(BytesView integer_content) {
    std::string hex = to_hex(der::magnitude(integer_content));
    std::ranges::transform(hex, hex.begin(),
                           [](char c) { return c >= 'a' ? static_cast<char>(c - 32) : c; });
    if (hex.size() < 16) hex.insert(0, 16 - hex.size(), '0');
    return hex;
}

std::string CertificateView::serial_text() const {
    return pki::serial_text(serial);
}

Result<CertificateView> read_certificate(BytesView bytes) {
    der::Reader outer{bytes};
    der::Reader certificate = outer.enter(der::tag::sequence);
    if (!outer.finished()) return malformed("certificate");
    CertificateView view;
    view.whole = bytes;
    const der::Element tbs = certificate.next(der::tag::sequence);
    view.tbs = tbs.whole;
    view.outer_algorithm = certificate.next(der::tag::sequence).whole;
    const auto signature = der::read_octet_bits(certificate.next(der::tag::bit_string));
    if (!certificate.finished() || !signature) return malformed("signature");
    view.signature = *signature;

    der::Reader body{tbs.content};
    if (const auto wrapped = body.optional(der::tag::context(0))) {
        der::Reader inner{wrapped->content};
        const auto version = der::read_unsigned(inner.next(der::tag::integer));
        if (!inner.finished() || !version || *version > 2) return malformed("version");
        view.version = static_cast<int>(*version) + 1;
    }
    const der::Element serial = body.next(der::tag::integer);
    if (serial.content.empty() || serial.content.size() > 21) return malformed("serial");
    view.serial = serial.content;
    view.inner_algorithm = body.next(der::tag::sequence).whole;
    view.issuer = body.next(der::tag::sequence).whole;
    const der::Element validity = body.next(der::tag::sequence);
    view.validity = validity.whole;
    der::Reader times{validity.content};
    const auto not_before = der::read_time(times.next());
    const auto not_after = der::read_time(times.next());
    if (!times.finished() || !not_before || !not_after) return malformed("validity");
    view.not_before = *not_before;
    view.not_after = *not_after;
    view.subject = body.next(der::tag::sequence).whole;
    view.public_key_info = body.next(der::tag::sequence).whole;
    if (const auto id = body.optional(der::tag::context_primitive(1))) view.unique_ids = id->whole;
    if (const auto id = body.optional(der::tag::context_primitive(2))) view.unique_ids = id->whole;
    if (const auto list = body.optional(der::tag::context(3))) {
        if (!read_extensions(list->content, view.extensions)) return malformed("extensions");
    }
    if (!body.finished()) return malformed("body");
    return view;
}

std::optional<std::uint32_t> key_usage_of(const CertificateView& certificate) {
    const auto value = extension_value(certificate, oids::key_usage);
    const auto bits = value ? der::only(*value, der::tag::bit_string) : std::nullopt;
    return bits ? der::read_named_bits(*bits) : std::nullopt;
}

std::vector<std::string> extended_key_usage_of(const CertificateView& certificate) {
    const auto value = extension_value(certificate, oids::extended_key_usage);
    const auto list = value ? der::only(*value, der::tag::sequence) : std::nullopt;
    if (!list) return {};
    std::vector<std::string> out;
    der::Reader reader{list->content};
    while (reader.ok() && !reader.at_end()) {
        out.push_back(der::read_oid(reader.next(der::tag::oid).content));
    }
    return reader.ok() ? out : std::vector<std::string>{};
}

std::string email_of(const CertificateView& certificate) {
    const auto value = extension_value(certificate, oids::subject_alternative_name);
    const auto list = value ? der::only(*value, der::tag::sequence) : std::nullopt;
    if (!list) return {};
    der::Reader reader{list->content};
    while (reader.ok() && !reader.at_end()) {
        const der::Element name = reader.next();
        if (name.tag == der::tag::context_primitive(1)) return std::string{as_text(name.content)};
    }
    return {};
}

Bytes subject_key_id_of(const CertificateView& certificate) {
    const auto value = extension_value(certificate, oids::subject_key_id);
    const auto id = value ? der::only(*value, der::tag::octet_string) : std::nullopt;
    return id ? Bytes{id->content.begin(), id->content.end()} : Bytes{};
}

Bytes authority_key_id_of(const CertificateView& certificate) {
    const auto value = extension_value(certificate, oids::authority_key_id);
    const auto list = value ? der::only(*value, der::tag::sequence) : std::nullopt;
    if (!list) return {};
    der::Reader reader{list->content};
    const auto id = reader.optional(der::tag::context_primitive(0));
    return id ? Bytes{id->content.begin(), id->content.end()} : Bytes{};
}

bool is_authority(const CertificateView& certificate) {
    const auto value = extension_value(certificate, oids::basic_constraints);
    const auto list = value ? der::only(*value, der::tag::sequence) : std::nullopt;
    if (!list) return false;
    der::Reader reader{list->content};
    const auto flag = reader.optional(der::tag::boolean);
    return flag && der::read_boolean(*flag) == true;
}

Bytes encode_body(const CertificateBody& body) {
    static const Bytes version3 = der::element(der::tag::context(0), der::integer(2));
    Bytes list;
    for (const ExtensionBody& extension : body.extensions) {
        static const Bytes critical = der::boolean(true);
        der::append(list, der::sequence({der::oid(extension.oid),
                                         extension.critical ? BytesView{critical} : BytesView{},
                                         der::octet_string(extension.value)}));
    }
    const Bytes extensions =
        der::element(der::tag::context(3), der::element(der::tag::sequence, list));
    return der::sequence({version3, der::unsigned_integer(body.serial),
                          signature_algorithm(body.signer), body.issuer,
                          der::sequence({der::time(body.not_before), der::time(body.not_after)}),
                          body.subject, body.public_key_info, extensions});
}

Bytes assemble(BytesView body, KeyKind signer, BytesView signature) {
    return der::sequence({body, signature_algorithm(signer), der::bit_string(signature)});
}

namespace extensions {

ExtensionBody basic_constraints(bool authority, std::optional<int> path_length) {
    const Bytes flag = authority ? der::boolean(true) : Bytes{};
    const Bytes length = path_length ? der::integer(*path_length) : Bytes{};
    return {oids::basic_constraints, true, der::sequence({flag, length})};
}

ExtensionBody key_usage(std::uint32_t bits) {
    return {oids::key_usage, true, der::named_bits(bits)};
}

ExtensionBody extended_key_usage(const std::vector<std::string>& purposes) {
    Bytes list;
    for (const auto& purpose : purposes) der::append(list, der::oid(purpose));
    return {oids::extended_key_usage, false, der::element(der::tag::sequence, list)};
}

ExtensionBody subject_key_id(BytesView id) {
    return {oids::subject_key_id, false, der::octet_string(id)};
}

ExtensionBody authority_key_id(BytesView id) {
    return {oids::authority_key_id, false,
            der::sequence({der::element(der::tag::context_primitive(0), id)})};
}

ExtensionBody policy(std::string_view oid, std::string_view cps_url) {
    Bytes qualifiers;
    if (!cps_url.empty()) {
        qualifiers = der::sequence({der::sequence(
            {der::oid(oids::policy_cps), der::text(der::tag::ia5_string, cps_url)})});
    }
    return {oids::certificate_policies, false,
            der::sequence({der::sequence({der::oid(oid), qualifiers})})};
}

ExtensionBody crl_distribution(std::string_view url) {
    const Bytes uri = der::text(der::tag::context_primitive(6), url);
    const Bytes full_name = der::element(der::tag::context(0), uri);
    const Bytes point = der::element(der::tag::context(0), full_name);
    return {oids::crl_distribution_points, false, der::sequence({der::sequence({point})})};
}

ExtensionBody authority_access(std::string_view ocsp_url, std::string_view issuer_url) {
    const auto entry = [](std::string_view method, std::string_view url) {
        if (url.empty()) return Bytes{};
        return der::sequence({der::oid(method), der::text(der::tag::context_primitive(6), url)});
    };
    return {oids::authority_information_access, false,
            der::sequence(
                {entry(oids::access_ocsp, ocsp_url), entry(oids::access_ca_issuers, issuer_url)})};
}

ExtensionBody alternative_names(std::string_view email, std::string_view host, BytesView ip) {
    Bytes list;
    if (!email.empty()) der::append(list, der::text(der::tag::context_primitive(1), email));
    if (!host.empty()) der::append(list, der::text(der::tag::context_primitive(2), host));
    if (!ip.empty()) der::append(list, der::element(der::tag::context_primitive(7), ip));
    return {oids::subject_alternative_name, false, der::element(der::tag::sequence, list)};
}

ExtensionBody ocsp_nocheck() {
    return {oids::ocsp_nocheck, false, der::null()};
}

}  // namespace extensions
}  // namespace antin::pki
