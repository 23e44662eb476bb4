#pragma once
#include <cstdint>
#include <string_view>

#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// Tries counted in fixed windows of `window`, by key ("lookup/<address>").

/// Counts one more; answers how many there are in the window that holds `now`.
std::int64_t count_try(sql::Transaction& tx, std::string_view key, Instant now,
                       std::chrono::milliseconds window);
/// How many there are, without counting.
[[nodiscard]] std::int64_t tries_in_window(sql::Reader& reader, std::string_view key, Instant now,
                                           std::chrono::milliseconds window);
/// Windows that began before `before` and lock nobody any more go.
void forget_old_tries(sql::Transaction& tx, Instant before);

}  // namespace antin::store
