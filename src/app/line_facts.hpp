#pragma once
#include "domain/line_rules.hpp"
#include "sql/sql.hpp"

namespace antin::app {

/// What the rules of rows need from the database on `today`. The facts read through `db`: use them
/// inside the same read or transaction.
struct LineFacts {
    domain::OfficialEmailRule email;
    Date today{};
    domain::OutsideFacts outside;

    [[nodiscard]] domain::RuleSettings settings() const { return {today, &email}; }
};
[[nodiscard]] LineFacts line_facts(sql::Reader& db, Date today);

}  // namespace antin::app
