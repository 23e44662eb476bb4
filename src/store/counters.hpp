#pragma once
#include <cstdint>
#include <string_view>

#include "sql/sql.hpp"

namespace antin::store {

/// The next number of a row of numbers, from 1, without gaps: it is taken in the transaction that
/// uses it, and one that rolls back gives it back. Names: "dossier/<body code>/<YYMMDD>",
/// "paper/<body code>/<book>/<year>".
[[nodiscard]] std::int64_t next_number(sql::Transaction& tx, std::string_view name);
/// The last one given, 0 for none.
[[nodiscard]] std::int64_t last_number(sql::Reader& reader, std::string_view name);

}  // namespace antin::store
