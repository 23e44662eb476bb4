#include "store/settings.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/embedded.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement find_statement{"setting.find",
                                        "SELECT value, updated_at FROM setting WHERE name = $1"};
constexpr sql::Statement save_statement{
    "setting.save",
    "INSERT INTO setting (name, value, updated_by, updated_at) VALUES ($1,$2,$3,$4)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_by = excluded.updated_by,"
    " updated_at = excluded.updated_at"};

const nlohmann::json& defaults() {
    static const auto parsed = nlohmann::json::parse(find_embedded("data/settings.json")->content);
    return parsed;
}

}  // namespace

nlohmann::json setting(sql::Reader& db, std::string_view name) {
    if (const auto rows = db.query(find_statement, name); !rows.empty()) {
        return nlohmann::json::parse(rows[0].text("value"));
    }
    const auto found = defaults().find(name);
    if (found == defaults().end()) throw std::logic_error("no setting " + std::string{name});
    return *found;
}

std::string setting_text(sql::Reader& db, std::string_view name) {
    return setting(db, name).get<std::string>();
}

std::int64_t setting_integer(sql::Reader& db, std::string_view name) {
    return setting(db, name).get<std::int64_t>();
}

bool setting_boolean(sql::Reader& db, std::string_view name) {
    return setting(db, name).get<bool>();
}

std::vector<SettingRow> list_settings(sql::Reader& db) {
    std::vector<SettingRow> out;
    for (const auto& [name, value] : defaults().items()) {
        SettingRow row{name, value.dump(), value.dump(), std::nullopt};
        if (const auto rows = db.query(find_statement, name); !rows.empty()) {
            row.value = rows[0].text("value");
            row.updated_at = rows[0].instant("updated_at");
        }
        out.push_back(std::move(row));
    }
    return out;
}

void save_setting(sql::Transaction& tx, std::string_view name, std::string_view json,
                  std::optional<std::int64_t> by, Instant at) {
    tx.execute(save_statement, name, json, by, at);
}

}  // namespace antin::store
