#include "store/rules.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/embedded.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement on_statement{
    "rule.on",
    "SELECT name, value, legal_basis, certainty, effective_from FROM rule"
    " WHERE name = $1 AND effective_from <= $2 ORDER BY effective_from DESC, id DESC LIMIT 1"};
constexpr sql::Statement list_statement{
    "rule.list",
    "SELECT name, value, legal_basis, certainty, effective_from FROM rule"
    " ORDER BY name, effective_from, id"};
constexpr sql::Statement insert_statement{
    "rule.insert",
    "INSERT INTO rule (name, value, legal_basis, certainty, effective_from, created_by, created_at)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7)"};

const nlohmann::json& shipped() {
    static const auto parsed =
        nlohmann::json::parse(find_embedded("data/rules/limits.json")->content);
    return parsed;
}

RuleRow shipped_rule(const std::string& name) {
    const auto found = shipped().find(name);
    if (found == shipped().end()) throw std::logic_error("no rule " + name);
    return {name,
            found->at("value").dump(),
            found->at("unit").get<std::string>(),
            found->at("legal_basis").get<std::string>(),
            found->at("certainty").get<std::string>(),
            ""};
}

RuleRow read_rule(const sql::Row& row) {
    const auto name = row.text("name");
    return {name,
            row.text("value"),
            shipped_rule(name).unit,
            row.text("legal_basis"),
            row.text("certainty"),
            row.text("effective_from")};
}

}  // namespace

RuleRow rule_on(sql::Reader& db, std::string_view name, std::string_view day) {
    if (const auto rows = db.query(on_statement, name, day); !rows.empty()) {
        return read_rule(rows[0]);
    }
    return shipped_rule(std::string{name});
}

std::int64_t rule_integer(sql::Reader& db, std::string_view name, std::string_view day) {
    return rule_json(db, name, day).get<std::int64_t>();
}

nlohmann::json rule_json(sql::Reader& db, std::string_view name, std::string_view day) {
    return nlohmann::json::parse(rule_on(db, name, day).value);
}

std::vector<RuleRow> list_rules(sql::Reader& db) {
    std::vector<RuleRow> out;
    for (const auto& [name, rule] : shipped().items()) out.push_back(shipped_rule(name));
    for (const auto row : db.query(list_statement)) out.push_back(read_rule(row));
    std::ranges::stable_sort(out, {}, [](const RuleRow& r) {
        return std::pair{r.name, r.effective_from};
    });
    return out;
}

void insert_rule(sql::Transaction& tx, const RuleRow& rule, std::optional<std::int64_t> by,
                 Instant at) {
    tx.execute(insert_statement, rule.name, rule.value, rule.legal_basis, rule.certainty,
               rule.effective_from, by, at);
}

}  // namespace antin::store
