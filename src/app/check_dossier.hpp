#pragma once
#include <vector>

#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/line_rules.hpp"
#include "store/dossier_lines.hpp"

namespace antin::app {

/// A dossier with its rows and everything the rules say about it.
struct CheckedDossier {
    store::Dossier dossier;
    std::vector<store::DossierLine> lines;
    const domain::FormDefinition* form = nullptr;
    std::vector<std::string> attachment_kinds;
    domain::DossierFindings findings;  // lines in the order of `lines`

    [[nodiscard]] std::size_t lines_complete() const;
};

/// The values of a row as they are put to the rules and into the cells: as typed.
[[nodiscard]] domain::FieldValues typed_values(const store::DossierLine& line);

/// What the rules made out of a row goes into its record: name, subject, carrier, what it concerns.
void take_findings(const domain::LineFindings& findings, store::DossierLine& line);

/// Reads and checks: the same call in the sheet, at sending and on the officer's screen, under the
/// rules of `dossier.rules_date`, for a draft those of today. No permission is asked here.
[[nodiscard]] CheckedDossier check_dossier(sql::Reader& db, const Services& services,
                                           store::Dossier dossier);
/// Rows that are not stored yet (paste, import) under the same rules, numbered from `first_number`.
[[nodiscard]] std::vector<domain::LineFindings> check_new_lines(
    sql::Reader& db, const Services& services, const store::Dossier& dossier,
    const std::vector<domain::FieldValues>& typed);

}  // namespace antin::app
