#pragma once
#include "app/request_facts.hpp"
#include "domain/line_rules.hpp"
#include "sql/sql.hpp"
#include "store/dossier_lines.hpp"

namespace antin::app {

/// What the rules of rows need from the database. The facts read through `db`: use them
/// inside the same read or transaction.
struct LineFacts {
    domain::OfficialEmailRule email;
    Date today{};
    domain::RequestRules requests;
    domain::OutsideFacts outside;

    [[nodiscard]] domain::RuleSettings settings() const { return {today, &email, &requests}; }
};
[[nodiscard]] LineFacts line_facts(sql::Reader& db, const RequestScope& scope);
/// The same for checking a whole dossier: what concerns the subjects of `lines`, its rows on
/// record, is read in one go instead of once a row.
[[nodiscard]] LineFacts line_facts_of(sql::Reader& db, const RequestScope& scope,
                                      const std::vector<store::DossierLine>& lines);

}  // namespace antin::app
