#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace antin::sheet {

enum class CellKind { Empty, Text, Number, Date };

/// One cell as a person sees it: text; a number without exponent, with the zeros its format puts in
/// front; a date as ISO day; a formula by its stored value.
struct Cell {
    CellKind kind = CellKind::Empty;
    std::string text;
};

struct Row {
    std::int64_t number = 0;  // as the spreadsheet counts: from 1
    std::vector<Cell> cells;

    [[nodiscard]] const std::string& text(std::size_t column) const;  // "" beyond the end
    [[nodiscard]] bool empty() const;
    [[nodiscard]] bool has_words() const;  // more than a running number that waits for its row
};

/// One worksheet, or a text file. Rows without any text are left out.
struct Table {
    std::string name;
    std::vector<Row> rows;
    std::int64_t rows_beyond = 0;  // further rows with more than a number: counted, not kept
    bool from_1904 = false;        // serial days of this workbook count from 1904
    bool unread = false;           // a worksheet beyond sheets_max: its name alone is known
};

/// What no file may exceed; memory stays below 256 MB whatever the file claims.
struct Limits {
    std::size_t file_bytes_max = 10U << 20;
    std::size_t part_bytes_max = 40U << 20;   // of one unpacked part
    std::size_t table_bytes_max = 24U << 20;  // of text kept, all worksheets together
    std::size_t rows_max = 1100;              // kept; the others are counted
    std::size_t columns_max = 128;
    std::size_t sheets_max = 8;  // read; of further ones the names, up to
    std::size_t sheets_named_max = 200;
};

}  // namespace antin::sheet
