#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "sql/sql.hpp"

namespace antin::store {

/// So many tries in a window; then nothing for a while. Locks end by themselves.
struct ThrottleLimit {
    std::int64_t tries = 5;
    std::chrono::minutes window{15};
    std::chrono::minutes lock{15};
};

/// Counts one try under `key`. Until when it is locked, or nothing when the try may go on. The try
/// that reaches the limit still goes on; the next one finds the lock.
[[nodiscard]] std::optional<Instant> count_try(sql::Transaction& tx, std::string_view key,
                                               const ThrottleLimit& limit, Instant now);
/// Until when `key` is locked, without counting; nothing when a try may go on.
[[nodiscard]] std::optional<Instant> locked_until(sql::Reader& db, std::string_view key,
                                                  Instant now);
/// After a success: the tries of this key are forgotten.
void forget_tries(sql::Transaction& tx, std::string_view key);
/// One try back, for keys that many people share.
void give_back_try(sql::Transaction& tx, std::string_view key);
/// Keys whose window and lock ended before `before`.
std::int64_t delete_old_throttles(sql::Transaction& tx, Instant before);

}  // namespace antin::store
