#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

/// The counts of lists in this module (queue, agencies, an agency's dossiers, people, devices,
/// notices, mails) go no further and answer counted_max + 1 at most: what is more is "more than
/// 1,000", whatever the size of the table, and no page lies behind it. Who looks for something
/// older searches or filters.
inline constexpr std::int64_t counted_max = 1000;

/// "SELECT COUNT(*) AS n" over "FROM … WHERE …", at most counted_max + 1.
[[nodiscard]] std::string bounded_count(std::string_view from_where);

/// What somebody typed into a search box: folded words, at most 8.
[[nodiscard]] std::vector<std::string> search_words(std::string_view typed);

/// A table with a column `search_text` (folded words) that is searched by the beginnings of words:
/// SQLite keeps the words in <table>_word (FTS5), PostgreSQL in an index of the same name.
struct WordSearch {
    std::string from;       // "dossier_word w CROSS JOIN dossier d ON d.id = w.rowid" | "dossier d"
    std::string condition;  // "w.dossier_word MATCH $3" | "to_tsvector('simple', …) @@ …"
    std::string value;      // of the parameter
};
[[nodiscard]] WordSearch word_search(sql::Engine engine, std::string_view table,
                                     std::string_view alias, const std::vector<std::string>& words,
                                     std::size_t parameter);

}  // namespace antin::store
