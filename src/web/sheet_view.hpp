#pragma once
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

#include "app/check_dossier.hpp"
#include "app/save_sheet.hpp"
#include "html/template.hpp"

namespace antin::web {

inline constexpr int sheet_rows_per_page = 50;

/// What the sheet shows of a draft.
struct SheetLook {
    int page = 1;
    bool only_wrong = false;  // "Chỉ hiện dòng cần sửa"
    int blank_rows = 1;       // empty rows behind the last one, on the last page
    std::vector<app::RowConflict> conflicts;
    /// Sent and not saved: it stays on the page, under the versions that the page showed.
    std::vector<app::SheetRow> typed;
};
/// "errors" of a sheet that was not saved: the cells that were refused, else the `reason` alone.
[[nodiscard]] nlohmann::json unsaved_errors(const app::CheckedDossier& checked,
                                            const SheetLook& look, const std::string& reason,
                                            html::Language language);

/// Lines by id: those whose cells stand on a page.
using LinesOnPage = std::set<std::int64_t>;
[[nodiscard]] LinesOnPage lines_on_page(const app::CheckedDossier& checked, const SheetLook& look);

/// The columns that stand in the sheet: those of the form, but those that all rows share.
[[nodiscard]] std::vector<const domain::FieldDefinition*> sheet_columns(
    const app::CheckedDossier& checked);

/// View of pages/sheet_edit: columns, rows with cells, defects, counts, pages, shared values.
[[nodiscard]] nlohmann::json sheet_view(const app::CheckedDossier& checked, const SheetLook& look,
                                        html::Language language);
/// "errors" of the sheet: six sentences at most, each with links to the cells where it holds, or to
/// the row's own page where the cell is not on this one.
[[nodiscard]] nlohmann::json sheet_errors(const app::CheckedDossier& checked,
                                          const LinesOnPage& on_page, html::Language language);
/// Counts for the bar: {lines, complete, wrong}.
[[nodiscard]] nlohmann::json sheet_counts(const app::CheckedDossier& checked,
                                          html::Language language);
/// For the script: every row of the page that has defects or warnings, by field.
[[nodiscard]] nlohmann::json sheet_findings(const app::CheckedDossier& checked,
                                            const LinesOnPage& on_page, html::Language language);

/// Names what a row's cells hold: the page carries it, so that a row which nobody touched is known
/// when it comes back.
[[nodiscard]] std::string mark_of(const domain::FieldValues& cells);
/// How a stored value stands in a cell: as typed; days as people write them.
[[nodiscard]] std::string cell_text(const store::DossierLine& line,
                                    const domain::FieldDefinition& field);
/// ISO days become "dd/mm/yyyy"; everything else stays.
[[nodiscard]] std::string shown_value(const domain::FieldDefinition& field, std::string value);
/// The sheet's page that holds row `number` (from 1).
[[nodiscard]] int page_of_row(std::int64_t number);

}  // namespace antin::web
