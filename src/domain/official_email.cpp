#include "domain/official_email.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/embedded.hpp"
#include "base/text.hpp"
#include "domain/identifiers.hpp"

namespace antin::domain {
namespace {

bool within(std::string_view domain, std::string_view zone) {
    if (domain == zone) return true;
    return domain.size() > zone.size() && domain.ends_with(zone) &&
           domain[domain.size() - zone.size() - 1] == '.';
}

bool in_any(std::string_view domain, const std::vector<std::string>& zones) {
    return std::ranges::any_of(zones,
                               [&](const std::string& zone) { return within(domain, zone); });
}

bool is_local_part(std::string_view local) {
    if (local.empty() || local.size() > 64 || local.front() == '.' || local.back() == '.' ||
        local.find("..") != std::string_view::npos) {
        return false;
    }
    return std::ranges::all_of(local, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '.' || c == '_' ||
               c == '-' || c == '+';
    });
}

}  // namespace

Result<OfficialEmailRule> parse_official_email_rule(std::string_view json) {
    const auto data = nlohmann::json::parse(json, nullptr, false);
    const auto is_list = [&](const char* name) {
        return data.contains(name) && data[name].is_array() &&
               std::ranges::all_of(data[name], [](const auto& item) { return item.is_string(); });
    };
    if (!data.is_object() || !is_list("allowed") || !is_list("blocked")) {
        return fail(ErrorKind::Invalid, "rules.official_email");
    }
    OfficialEmailRule rule;
    for (const auto& zone : data["allowed"])
        rule.allowed.push_back(to_lower(zone.get<std::string>()));
    for (const auto& zone : data["blocked"])
        rule.blocked.push_back(to_lower(zone.get<std::string>()));
    rule.source = data.value("source", "");
    return rule;
}

const OfficialEmailRule& shipped_official_email_rule() {
    static const OfficialEmailRule rule = [] {
        const auto* file = find_embedded("data/rules/official_email.json");
        auto parsed = parse_official_email_rule(file != nullptr ? file->content : "");
        return parsed ? std::move(*parsed) : OfficialEmailRule{};
    }();
    return rule;
}

EmailReading read_official_email(std::string_view text, const OfficialEmailRule& rule) {
    EmailReading reading{EmailVerdict::Malformed, to_lower(clean_text(text)), {}};
    const std::string_view address = reading.address;
    const auto at = address.find('@');
    if (at == std::string_view::npos || address.size() > 254) return reading;
    const auto domain = address.substr(at + 1);
    const auto read = read_domain_name(domain);
    const bool is_host = read && *read == domain && domain.find(':') == std::string_view::npos &&
                         domain.front() != '*' && !(domain.back() >= '0' && domain.back() <= '9');
    if (!is_local_part(address.substr(0, at)) || !is_host) return reading;
    reading.domain = domain;
    if (in_any(domain, rule.blocked)) {
        reading.verdict = EmailVerdict::Personal;
    } else {
        reading.verdict =
            in_any(domain, rule.allowed) ? EmailVerdict::Official : EmailVerdict::NotOnTheList;
    }
    return reading;
}

}  // namespace antin::domain
