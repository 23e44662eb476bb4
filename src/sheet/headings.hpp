#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "sheet/table.hpp"

namespace antin::sheet {

struct Column {
    std::string key;
    std::vector<std::string> headings;
    bool required = false;
};

/// A column of the sheet and what it holds; several keys when one column holds them with "/"
/// between
/// ("Số định danh/Ngày cấp/Nơi cấp").
struct FoundColumn {
    std::size_t index = 0;
    std::vector<std::string> keys;
};

struct Headings {
    std::size_t row = 0;  // index into Table::rows
    std::size_t first_data_row = 0;
    std::vector<FoundColumn> columns;
    std::vector<std::string> missing;  // keys of required columns
};

/// How headings are compared: no case, no diacritics, no spaces, no signs, no notes in brackets.
[[nodiscard]] std::string heading_key(std::string_view heading);

/// Finds the row of headings under at most 20 title rows, columns in any order. The row that names
/// most columns wins. A line of column numbers below it is skipped. Invalid "sheet.no_headings"
/// when no row names even two columns (one, when only one is known).
[[nodiscard]] Result<Headings> find_headings(const Table& table,
                                             const std::vector<Column>& columns);

/// Which worksheet of a workbook was taken, for the person who sent it.
struct Worksheets {
    std::string taken;
    bool is_first = true;
    std::vector<std::string> left;  // others that hold such a list too, or were not looked at
};
struct FoundTable {
    std::size_t index = 0;
    Headings headings;
    Worksheets worksheets;
};
/// The list among the worksheets: with all required columns and rows below them, then the one that
/// names most columns, then the first. Invalid "sheet.no_headings" when none is understood;
/// "sheet.no_headings_in_first" {{max}} when there are more than could be looked at.
[[nodiscard]] Result<FoundTable> find_table(const std::vector<Table>& tables,
                                            const std::vector<Column>& columns);

}  // namespace antin::sheet
