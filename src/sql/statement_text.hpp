#pragma once
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql.hpp"

namespace antin::sql {

/// SQLite numbers "$2" by first appearance; ours are numbered by their digits: "$2" -> "?2".
/// Quoted text and comments stay as they are.
[[nodiscard]] std::string to_sqlite_parameters(std::string_view text);

/// Writes NULL for each "$n" whose letter in `signature` (one per parameter) is 'n'.
[[nodiscard]] std::string with_nulls(std::string_view text, std::string_view signature);

/// The single statements of a migration: comments gone, macros replaced for `engine`.
[[nodiscard]] std::vector<std::string> migration_statements(std::string_view text, Engine engine);

/// Throws Failure{Invalid "text.not_plain"} when a text holds NUL or is not UTF-8: PostgreSQL keeps
/// neither, and what one engine refuses the other must refuse too.
void check_plain(std::span<const Value> values);

/// The text for this engine.
[[nodiscard]] inline const char* text_for(const Statement& statement, Engine engine) {
    return engine == Engine::PostgreSql && statement.postgresql != nullptr ? statement.postgresql
                                                                           : statement.text;
}

}  // namespace antin::sql
