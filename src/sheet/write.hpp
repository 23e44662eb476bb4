#pragma once
#include <string>
#include <vector>

#include "base/result.hpp"

namespace antin::sheet {

struct ColumnToWrite {
    std::string heading;
    double width = 18;                 // in characters
    bool required = false;             // drawn bold
    std::vector<std::string> choices;  // a drop-down; free text stays possible
    std::string note;                  // shown when the heading is pointed at
};

struct SheetToWrite {
    std::string name;                 // at most 31 characters
    std::vector<std::string> titles;  // lines above the headings
    std::vector<ColumnToWrite> columns;
    std::vector<std::vector<std::string>> rows;  // all as text: identifiers keep their zeros
    std::size_t rows_prepared = 0;  // formatted as text and with drop-downs beyond `rows`
    std::string guide_name;         // a second sheet with these lines; none when empty
    std::vector<std::string> guide;
};

/// Bytes of an XLSX file. Unavailable "sheet.not_written" when the temporary file cannot be made.
[[nodiscard]] Result<std::string> write_xlsx(const SheetToWrite& sheet);

/// UTF-8 with byte-order mark, ";" between cells (what Vietnamese spreadsheets open without
/// asking). A cell that a spreadsheet would take for a formula gets a ' in front.
[[nodiscard]] std::string write_csv(const SheetToWrite& sheet);

}  // namespace antin::sheet
