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

std::size_t Row::filled() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(cells, [](const Cell& cell) { return !cell.text.empty(); }));
}

}  // namespace antin::sheet
