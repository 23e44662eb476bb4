#include "sheet/table.hpp"

#include <algorithm>

namespace antin::sheet {

const std::string& Row::text(std::size_t column) const {
    static const std::string empty;
    return column < cells.size() ? cells[column].text : empty;
}

bool Row::empty() const {
    return std::ranges::all_of(cells, [](const Cell& cell) { return cell.text.empty(); });
}

bool Row::has_words() const {
    const auto filled =
        std::ranges::count_if(cells, [](const Cell& cell) { return !cell.text.empty(); });
    return filled >= 2 || std::ranges::any_of(cells, [](const Cell& cell) {
               return cell.kind == CellKind::Text &&
                      cell.text.find_first_not_of("0123456789.") != std::string::npos;
           });
}

}  // namespace antin::sheet
