#include "ca/profiles.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <sstream>

#include "base/embedded.hpp"
#include "base/text.hpp"
#include "pki/certificate.hpp"
#include "pki/der.hpp"
#include "pki/key.hpp"
#include "pki/oids.hpp"

namespace antin::ca {
namespace {

using Json = nlohmann::json;

struct Shelf {
    std::mutex mutex;
    std::filesystem::path folder;
    std::map<std::string, std::shared_ptr<const pki::Profile>, std::less<>> read;
};

Shelf& shelf() {
    static Shelf instance;
    return instance;
}

const std::map<std::string, std::uint32_t, std::less<>> usage_names{
    {"digitalSignature", pki::key_usage::digital_signature},
    {"nonRepudiation", pki::key_usage::non_repudiation},
    {"keyEncipherment", pki::key_usage::key_encipherment},
    {"dataEncipherment", pki::key_usage::data_encipherment},
    {"keyAgreement", pki::key_usage::key_agreement},
    {"keyCertSign", pki::key_usage::key_cert_sign},
    {"cRLSign", pki::key_usage::crl_sign}};

tl::unexpected<Error> bad(const char* field, std::string detail = {}) {
    return fail(ErrorKind::Invalid, "ca.profile_wrong", std::move(detail), {{"field", field}},
                field);
}

Result<std::uint32_t> usage_of(const Json& list) {
    std::uint32_t bits = 0;
    for (const auto& name : list) {
        const auto found = usage_names.find(name.get<std::string>());
        if (found == usage_names.end()) return bad("key_usage", name.get<std::string>());
        bits |= found->second;
    }
    return bits;
}

Result<pki::Profile::Sort> sort_of(const std::string& name) {
    using Sort = pki::Profile::Sort;
    if (name == "root") return Sort::Root;
    if (name == "issuing") return Sort::Issuing;
    if (name == "responder") return Sort::Responder;
    if (name == "subscriber") return Sort::Subscriber;
    return bad("sort", name);
}

Result<pki::Profile> profile_of(const Json& json) {
    pki::Profile out;
    out.name = json.at("name").get<std::string>();
    ANTIN_TRY(sort, sort_of(json.at("sort").get<std::string>()));
    out.sort = sort;
    for (const auto& name : json.at("keys")) {
        const auto kind = pki::key_kind_from_name(name.get<std::string>());
        if (!kind) return bad("keys", name.get<std::string>());
        out.keys.push_back(*kind);
    }
    if (out.keys.empty()) return bad("keys");
    out.validity_days = json.at("validity_days").get<int>();
    out.validity_days_max = json.at("validity_days_max").get<int>();
    if (out.validity_days < 1 || out.validity_days > out.validity_days_max) {
        return bad("validity_days");
    }
    out.subject = json.at("subject").get<std::vector<std::string>>();
    for (const std::string& type : out.subject) {
        if (type != "C" && type != "L" && type != "O" && type != "OU*" && type != "CN") {
            return bad("subject", type);
        }
    }
    ANTIN_TRY(rsa, usage_of(json.at("key_usage").at("rsa")));
    ANTIN_TRY(ec, usage_of(json.at("key_usage").at("ec")));
    out.key_usage_rsa = rsa;
    out.key_usage_ec = ec;
    out.extended_key_usage = json.at("extended_key_usage").get<std::vector<std::string>>();
    out.policy_oid = json.at("policy").at("oid").get<std::string>();
    out.cps_url = json.at("policy").at("cps").get<std::string>();
    for (const std::string& oid : out.extended_key_usage) {
        if (pki::der::oid(oid).empty()) return bad("extended_key_usage", oid);
    }
    if (!out.policy_oid.empty() && pki::der::oid(out.policy_oid).empty()) {
        return bad("policy", out.policy_oid);
    }
    out.email_required = json.at("email_required").get<bool>();
    out.host_allowed = json.at("host_allowed").get<bool>();
    out.locality_letters_max = json.at("letters_max").at("L").get<std::size_t>();
    out.text_letters_max = json.at("letters_max").at("other").get<std::size_t>();
    return out;
}

std::optional<std::string> content_of(const std::filesystem::path& folder, std::string_view name) {
    if (!folder.empty()) {
        std::ifstream file{folder / (std::string{name} + ".json")};
        if (file) {
            std::stringstream content;
            content << file.rdbuf();
            return content.str();
        }
    }
    const auto* embedded = find_embedded(fmt::format("data/profiles/{}.json", name));
    if (embedded == nullptr) return std::nullopt;
    return std::string{embedded->content};
}

bool is_mail(std::string_view text) {
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && text.rfind('@') == at &&
           at + 1 < text.size() && text.size() <= 254 &&
           std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_host(std::string_view text) {
    return !text.empty() && text.size() <= 253 && text.front() != '.' && text.back() != '.' &&
           std::ranges::all_of(text, [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
           });
}

tl::unexpected<Error> subject_error(const char* code, const char* field) {
    return fail(ErrorKind::Invalid, code, {}, {{"field", field}}, field);
}

Status check_text(const std::string& value, const char* field, std::size_t letters_max,
                  bool required) {
    if (value.empty() && required) return subject_error("ca.subject_missing", field);
    if (!is_valid_utf8(value)) return subject_error("ca.subject_text", field);
    if (clean_text(value) != value) return subject_error("ca.subject_text", field);
    if (code_points(value) > letters_max) {
        auto error = subject_error("ca.subject_too_long", field).value();
        error.args.emplace_back("letters_max", std::to_string(letters_max));
        return fail(std::move(error));
    }
    return {};
}

}  // namespace

Result<pki::Profile> read_profile(std::string_view json) {
    try {
        return profile_of(Json::parse(json));
    } catch (const Json::exception& error) {
        return bad("file", error.what());
    }
}

Result<std::shared_ptr<const pki::Profile>> find_profile(std::string_view name) {
    const bool plain = !name.empty() && std::ranges::all_of(name, [](char c) {
        return (c >= 'a' && c <= 'z') || c == '_';
    });
    auto& all = shelf();
    const std::lock_guard lock{all.mutex};
    if (const auto known = all.read.find(name); known != all.read.end()) return known->second;
    const auto content = plain ? content_of(all.folder, name) : std::nullopt;
    if (!content || name == "ceremony") {
        return fail(ErrorKind::NotFound, "ca.profile_unknown", {},
                    {{"profile", std::string{name}}});
    }
    ANTIN_TRY(profile, read_profile(*content));
    auto shared = std::make_shared<const pki::Profile>(std::move(profile));
    all.read.emplace(name, shared);
    return shared;
}

void use_profile_folder(const std::filesystem::path& folder) {
    auto& all = shelf();
    const std::lock_guard lock{all.mutex};
    all.folder = folder;
    all.read.clear();
}

pki::Name subject_name(const Subject& subject) {
    using namespace pki;
    Name name;
    const auto add = [&](std::string_view oid, const std::string& value) {
        name.push_back({std::string{oid}, value});
    };
    add(oids::country, "VN");
    if (!subject.locality.empty()) add(oids::locality, subject.locality);
    if (!subject.organisation.empty()) add(oids::organisation, subject.organisation);
    for (const std::string& unit : subject.units) add(oids::organisational_unit, unit);
    add(oids::common_name, subject.common_name);
    return name;
}

Subject normalised(const Subject& subject) {
    Subject out;
    // Text that is not UTF-8 stays as it is, so that the check can name its field.
    const auto clean = [](const std::string& text) {
        return is_valid_utf8(text) ? clean_text(text) : text;
    };
    out.locality = clean(subject.locality);
    out.organisation = clean(subject.organisation);
    for (const std::string& unit : subject.units) {
        if (auto text = clean(unit); !text.empty()) out.units.push_back(std::move(text));
    }
    out.common_name = clean(subject.common_name);
    out.email = clean(subject.email);
    out.domain_name = to_lower(clean(subject.domain_name));
    return out;
}

Status check_subject(const Subject& s, const pki::Profile& profile) {
    ANTIN_CHECK(check_text(s.locality, "locality", profile.locality_letters_max, true));
    ANTIN_CHECK(check_text(s.organisation, "organisation", profile.text_letters_max, true));
    if (s.units.size() > 8) return subject_error("ca.subject_too_long", "units");
    for (const std::string& unit : s.units) {
        ANTIN_CHECK(check_text(unit, "units", profile.text_letters_max, true));
    }
    ANTIN_CHECK(check_text(s.common_name, "common_name", profile.text_letters_max, true));
    if ((profile.email_required || !s.email.empty()) && !is_mail(s.email)) {
        return subject_error("ca.subject_email", "email");
    }
    if (s.domain_name.empty()) return {};
    const bool good = is_host(s.domain_name) || !read_ip_address(s.domain_name).empty();
    if (!profile.host_allowed || !good) return subject_error("ca.subject_host", "domain_name");
    return {};
}

Bytes read_ip_address(std::string_view text) {
    const std::string copy{text};
    Bytes out(16);
    if (inet_pton(AF_INET, copy.c_str(), out.data()) == 1) {
        out.resize(4);
        return out;
    }
    if (inet_pton(AF_INET6, copy.c_str(), out.data()) == 1) return out;
    return {};
}

}  // namespace antin::ca
