#include "app/change_setting.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/access.hpp"
#include "base/text.hpp"
#include "domain/role.hpp"

namespace antin::app {
namespace {

constexpr std::int64_t number_max = 100'000;
constexpr std::size_t text_max = 300;

Result<nlohmann::json> number_of(const std::string& typed, const std::string& name) {
    std::int64_t number = 0;
    const auto trimmed = trim(typed);
    const auto [end, error] =
        std::from_chars(trimmed.data(), trimmed.data() + trimmed.size(), number);
    const bool whole = error == std::errc{} && end == trimmed.data() + trimmed.size();
    if (!whole || number < 1 || number > number_max) {
        return fail(ErrorKind::Invalid, "setting.number", {}, {}, name);
    }
    return nlohmann::json(number);
}

nlohmann::json list_of(const std::string& typed) {
    auto out = nlohmann::json::array();
    std::istringstream lines{typed};
    for (std::string line; std::getline(lines, line);) {
        if (auto entry = clean_text(line); !entry.empty()) out.push_back(std::move(entry));
    }
    return out;
}

Result<nlohmann::json> parse(const store::SettingRow& row, const std::string& typed) {
    switch (kind_of(row)) {
        case SettingKind::Number:
            return number_of(typed, row.name);
        case SettingKind::YesNo:
            return nlohmann::json(typed == "true");
        case SettingKind::List:
            return list_of(typed);
        case SettingKind::Choice: {
            const auto choices = choices_of(row.name);
            if (std::ranges::find(choices, typed) == choices.end()) {
                return fail(ErrorKind::Invalid, "setting.choice", {}, {}, row.name);
            }
            return nlohmann::json(typed);
        }
        case SettingKind::Text:
            break;
    }
    auto text = clean_text(typed);
    if (text.empty() || code_points(text) > text_max) {
        return fail(ErrorKind::Invalid, "setting.text", {}, {}, row.name);
    }
    return nlohmann::json(std::move(text));
}

}  // namespace

SettingKind kind_of(const store::SettingRow& row) {
    if (!choices_of(row.name).empty()) return SettingKind::Choice;
    const auto value = nlohmann::json::parse(row.default_value);
    if (value.is_boolean()) return SettingKind::YesNo;
    if (value.is_number()) return SettingKind::Number;
    return value.is_array() ? SettingKind::List : SettingKind::Text;
}

std::vector<std::string> choices_of(std::string_view name) {
    if (name == "submission_proof") return {"form_scan", "signed_pdf"};
    if (name == "subscriber_key" || name == "central_key") return {"rsa3072", "rsa2048", "p256"};
    return {};
}

std::string typed_value(const store::SettingRow& row) {
    const auto value = nlohmann::json::parse(row.value);
    if (value.is_string()) return value.get<std::string>();
    if (!value.is_array()) return value.dump();
    std::string out;
    for (const auto& entry : value) out += entry.get<std::string>() + "\n";
    return out;
}

Result<std::vector<store::SettingRow>> read_settings(Services& services, const Actor& actor) {
    if (!actor.has(domain::Role::SystemAdministrator)) {
        return not_your_role(services, actor, "read_settings");
    }
    return services.db.read([](sql::Reader& db) -> Result<std::vector<store::SettingRow>> {
        return store::list_settings(db);
    });
}

Status change_settings(Services& services, const Actor& actor, const TypedSettings& typed) {
    if (!actor.has(domain::Role::SystemAdministrator)) {
        return not_your_role(services, actor, "change_settings");
    }
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto rows = store::list_settings(tx);
        for (const auto& [name, text] : typed) {
            const auto row = std::ranges::find(rows, name, &store::SettingRow::name);
            if (row == rows.end()) return fail(ErrorKind::Invalid, "setting.unknown");
            ANTIN_TRY(value, parse(*row, text));
            if (value == nlohmann::json::parse(row->value)) continue;
            store::save_setting(tx, name, value.dump(), actor.account_id, services.clock.now());
            const nlohmann::json detail{{"from", row->value}, {"to", value.dump()}};
            audit::append(tx, journal_entry(services, actor, "setting.changed", "setting", name,
                                            detail.dump()));
        }
        return {};
    });
}

}  // namespace antin::app
