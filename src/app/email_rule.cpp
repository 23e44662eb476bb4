#include "app/email_rule.hpp"

#include <nlohmann/json.hpp>

#include "store/settings.hpp"

namespace antin::app {

domain::OfficialEmailRule email_rule(sql::Reader& db) {
    auto rule = domain::shipped_official_email_rule();
    const auto add = [&](const char* name, std::vector<std::string>& zones) {
        for (const auto& zone : store::setting(db, name)) zones.push_back(zone.get<std::string>());
    };
    add("official_email_added", rule.allowed);
    add("official_email_blocked", rule.blocked);
    return rule;
}

}  // namespace antin::app
