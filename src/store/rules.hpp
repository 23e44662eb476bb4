#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

/// One rule of the trade in one version. What ships is data/rules/limits.json (in force from the
/// beginning); the administrator's versions lie in the table `rule`, each with its first day.
struct RuleRow {
    std::string name;
    std::string value;  // JSON
    std::string unit;
    std::string legal_basis;
    std::string certainty;       // verified | indirect | derived | recalled
    std::string effective_from;  // ISO day, "" for what ships
};

/// The version in force on `day` (ISO). An unknown name is a programming error (std::logic_error).
[[nodiscard]] RuleRow rule_on(sql::Reader& db, std::string_view name, std::string_view day);
[[nodiscard]] std::int64_t rule_integer(sql::Reader& db, std::string_view name,
                                        std::string_view day);
[[nodiscard]] nlohmann::json rule_json(sql::Reader& db, std::string_view name,
                                       std::string_view day);
/// All versions, by name and first day; what ships stands first.
[[nodiscard]] std::vector<RuleRow> list_rules(sql::Reader& db);
void insert_rule(sql::Transaction& tx, const RuleRow& rule, std::optional<std::int64_t> by,
                 Instant at);

}  // namespace antin::store
