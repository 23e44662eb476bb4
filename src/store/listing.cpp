#include "store/listing.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace antin::store {
namespace {
constexpr std::size_t words_max = 8;
}

std::string bounded_count(std::string_view from_where) {
    return fmt::format("SELECT COUNT(*) AS n FROM (SELECT 1 {} LIMIT {}) counted", from_where,
                       counted_max + 1);
}

std::vector<std::string> search_words(std::string_view typed) {
    // fold() leaves letters, digits and spaces: nothing that a search would read as a sign.
    std::vector<std::string> words;
    const std::string folded = fold(typed);
    for (std::size_t from = 0; from < folded.size() && words.size() < words_max;) {
        const std::size_t space = std::min(folded.find(' ', from), folded.size());
        if (space > from) words.push_back(folded.substr(from, space - from));
        from = space + 1;
    }
    return words;
}

WordSearch word_search(sql::Engine engine, std::string_view table, std::string_view alias,
                       const std::vector<std::string>& words, std::size_t parameter) {
    WordSearch out;
    const bool sqlite = engine == sql::Engine::Sqlite;
    for (const std::string& word : words) {
        if (!out.value.empty()) out.value += sqlite ? " " : " & ";
        out.value += sqlite ? fmt::format("\"{}\"*", word) : word + ":*";
    }
    if (sqlite) {
        out.from = fmt::format("{0}_word w CROSS JOIN {0} {1} ON {1}.id = w.rowid", table, alias);
        out.condition = fmt::format("w.{}_word MATCH ${}", table, parameter);
    } else {
        out.from = fmt::format("{} {}", table, alias);
        out.condition = fmt::format(
            "to_tsvector('simple', {}.search_text) @@ to_tsquery('simple', ${})", alias, parameter);
    }
    return out;
}

}  // namespace antin::store
