#include "sheet/headings.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "base/text.hpp"

namespace antin::sheet {
namespace {

constexpr std::size_t title_rows_max = 20;

/// Everything in (), [] or {} goes, nested ones too; a bracket that never closes takes the rest.
std::string without_notes(std::string_view text) {
    std::string out;
    int depth = 0;
    for (const char c : text) {
        if (c == '(' || c == '[' || c == '{') {
            ++depth;
        } else if (c == ')' || c == ']' || c == '}') {
            depth = std::max(0, depth - 1);
        } else if (depth == 0) {
            out += c;
        }
    }
    return out;
}

using KeyOfHeading = std::map<std::string, std::string, std::less<>>;

std::vector<std::string> keys_of(std::string_view heading, const KeyOfHeading& known) {
    const std::string bare = without_notes(clean_text(heading));
    if (const auto found = known.find(heading_key(bare)); found != known.end()) {
        return {found->second};
    }
    std::vector<std::string> keys;
    std::string_view rest = bare;
    while (bare.find('/') != std::string::npos) {
        const auto at = rest.find('/');
        const auto found = known.find(heading_key(rest.substr(0, at)));
        if (found == known.end()) return {};
        keys.push_back(found->second);
        if (at == std::string_view::npos) break;
        rest.remove_prefix(at + 1);
    }
    return keys;
}

std::vector<FoundColumn> columns_in(const Row& row, const KeyOfHeading& known) {
    std::vector<FoundColumn> found;
    std::set<std::string> taken;
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
        const std::string& text = row.cells[i].text;
        if (text.empty() || text.size() > 300) continue;
        auto keys = keys_of(text, known);
        // The same heading twice: the first column counts.
        std::erase_if(keys, [&](const std::string& key) { return taken.contains(key); });
        if (keys.empty()) continue;
        taken.insert(keys.begin(), keys.end());
        found.push_back({i, std::move(keys)});
    }
    return found;
}

std::size_t keys_in(const std::vector<FoundColumn>& columns) {
    std::size_t count = 0;
    for (const FoundColumn& column : columns) count += column.keys.size();
    return count;
}

/// "(1) (2) (3)" or "A B 1 2" below the headings, as printed forms have it.
bool is_numbering(const Row& row) {
    std::size_t marks = 0;
    for (const Cell& cell : row.cells) {
        std::string text = clean_text(cell.text);
        std::erase_if(text, [](char c) { return c == '(' || c == ')' || c == '[' || c == ']'; });
        if (text.empty()) continue;
        const bool is_number = text.size() <= 2 && std::ranges::all_of(text, [](char c) {
                                   return c >= '0' && c <= '9';
                               });
        const bool is_letter = text.size() == 1 && text[0] >= 'A' && text[0] <= 'Z';
        if (!is_number && !is_letter) return false;
        ++marks;
    }
    return marks >= 3;
}

}  // namespace

std::string heading_key(std::string_view heading) {
    std::string key = fold(without_notes(clean_text(heading)));
    std::erase(key, ' ');
    return key;
}

Result<Headings> find_headings(const Table& table, const std::vector<Column>& columns) {
    KeyOfHeading known;
    for (const Column& column : columns) {
        for (const std::string& heading : column.headings) {
            known.emplace(heading_key(heading), column.key);
        }
    }
    Headings best;
    std::size_t best_count = 0;
    const std::size_t rows = std::min(table.rows.size(), title_rows_max + 1);
    for (std::size_t i = 0; i < rows; ++i) {
        auto found = columns_in(table.rows[i], known);
        const auto count = keys_in(found);
        // Headings merged over two rows stand in both: the lower one is followed by the data.
        const bool below_equal = count == best_count && best_count > 0 && i == best.row + 1;
        if (count > best_count || below_equal) {
            best.row = i;
            best.columns = std::move(found);
            best_count = count;
        }
    }
    if (best_count < std::min<std::size_t>(2, columns.size())) {
        return fail(ErrorKind::Invalid, "sheet.no_headings");
    }
    best.first_data_row = best.row + 1;
    if (best.first_data_row < table.rows.size() && is_numbering(table.rows[best.first_data_row])) {
        ++best.first_data_row;
    }
    for (const Column& column : columns) {
        const bool present = std::ranges::any_of(best.columns, [&](const FoundColumn& found) {
            return std::ranges::find(found.keys, column.key) != found.keys.end();
        });
        if (column.required && !present) best.missing.push_back(column.key);
    }
    return best;
}

Result<FoundTable> find_table(const std::vector<Table>& tables,
                              const std::vector<Column>& columns) {
    FoundTable best;
    std::pair<bool, std::size_t> best_score;  // a whole list, columns
    std::vector<std::size_t> lists;           // with rows below their headings
    std::size_t looked_at = 0;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        if (tables[i].unread) continue;
        ++looked_at;
        auto headings = find_headings(tables[i], columns);
        if (!headings) continue;
        const bool has_rows = headings->first_data_row < tables[i].rows.size();
        if (has_rows) lists.push_back(i);
        const std::pair score{has_rows && headings->missing.empty(), keys_in(headings->columns)};
        if (score <= best_score) continue;
        best_score = score;
        best.index = i;
        best.headings = std::move(*headings);
    }
    if (best_score.second == 0) {
        if (looked_at == tables.size()) return fail(ErrorKind::Invalid, "sheet.no_headings");
        return fail(ErrorKind::Invalid, "sheet.no_headings_in_first", {},
                    {{"max", std::to_string(looked_at)}});
    }
    best.worksheets.taken = tables[best.index].name;
    best.worksheets.is_first = best.index == 0;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const bool is_list = std::ranges::find(lists, i) != lists.end();
        if (i != best.index && (is_list || tables[i].unread)) {
            best.worksheets.left.push_back(tables[i].name);
        }
    }
    return best;
}

}  // namespace antin::sheet
