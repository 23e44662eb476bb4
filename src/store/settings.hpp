#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

/// What the administrator may change in the portal. Without a stored value the default of
/// data/settings.json counts; a name that stands in neither is a programming error
/// (std::logic_error).
[[nodiscard]] nlohmann::json setting(sql::Reader& db, std::string_view name);
[[nodiscard]] std::string setting_text(sql::Reader& db, std::string_view name);
[[nodiscard]] std::int64_t setting_integer(sql::Reader& db, std::string_view name);
[[nodiscard]] bool setting_boolean(sql::Reader& db, std::string_view name);

struct SettingRow {
    std::string name;
    std::string value;          // JSON
    std::string default_value;  // JSON
    std::optional<Instant> updated_at;
};
[[nodiscard]] std::vector<SettingRow> list_settings(sql::Reader& db);
void save_setting(sql::Transaction& tx, std::string_view name, std::string_view json,
                  std::optional<std::int64_t> by, Instant at);

}  // namespace antin::store
