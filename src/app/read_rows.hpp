#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "domain/form_definition.hpp"
#include "domain/line_rules.hpp"
#include "sheet/headings.hpp"

namespace antin::app {

/// Rows of a sheet by field key, as typed; dates as ISO days where the sheet held dates or serials.
struct RowsRead {
    std::vector<domain::FieldValues> lines;
    std::vector<std::int64_t> numbers;  // of the rows in the spreadsheet, from 1
    /// Rows that are none of the list's: the name of a group between its rows, what stands below it
    /// ("Người lập biểu"). They have no running number where the list has one, and nearly nothing
    /// else.
    std::vector<std::int64_t> passed_over;
    sheet::Worksheets worksheets;  // of a file
};

/// Reads an XLSX or CSV file for `form` (design: Sheets). Required columns whose keys stand in
/// `shared_keys` may be missing: their value stands once for all rows.
///
/// All rows or none. Errors: those of sheet::read and sheet::find_table; Invalid
/// sheet.missing_columns {{columns}} (keys, comma between), sheet.no_rows; TooLarge
/// sheet.too_many_rows {{count}}, {{max}}, sheet.too_long {{max}} (with titles and group names).
[[nodiscard]] Result<RowsRead> read_rows(BytesView file, const domain::FormDefinition& form,
                                         const std::set<std::string>& shared_keys = {});
/// The same from pasted text. Without a row of headings the cells are taken in the order of the
/// form.
[[nodiscard]] Result<RowsRead> read_pasted_rows(std::string_view text,
                                                const domain::FormDefinition& form,
                                                const std::set<std::string>& shared_keys = {});

/// Identity number, day and place of issue out of one cell with "/" between; missing parts stay "".
struct IdentityCell {
    std::string personal_id, issued_on, issued_by;
};
[[nodiscard]] IdentityCell split_identity(std::string_view cell);

/// The template to download: headings of `form`, drop-downs, an example row, a guide. `example` and
/// texts come from the caller (one language). XLSX bytes.
struct TemplateTexts {
    std::string sheet_name, title, guide_name;
    std::vector<std::string> guide;
    std::vector<std::string> example;  // one cell per column
};
[[nodiscard]] Result<std::string> rows_template(const domain::FormDefinition& form,
                                                const TemplateTexts& texts);

}  // namespace antin::app
