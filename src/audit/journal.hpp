#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::audit {

/// Who did what to which thing. No secrets, no personal data beyond the actor's name: ids say the
/// rest. `detail` is a JSON object in canonical form (keys sorted, no spaces, integers only).
struct Entry {
    Instant at;
    std::int64_t actor_id = 0;
    std::string actor_name;
    std::string act;          // "account.opened"
    std::string object_kind;  // "account"
    std::string object_id;
    std::string detail = "{}";
};

/// An entry with its place in the chain.
struct Kept {
    std::int64_t seq = 0;
    Entry entry;
    std::string hash;
};

/// Adds one entry to the chain, inside the caller's transaction: where the trail cannot be written,
/// sql::Failure undoes the act. Returns the entry's number.
/// Errors: Unavailable "clock.set_back" when `at` lies more than `set_back_max` before the last
/// entry: by a clock that runs backwards neither due times nor validity can be told, so no act
/// happens until it is right again, or an administrator says that it is (accept_clock).
std::int64_t append(sql::Transaction& tx, const Entry& entry);
inline constexpr std::chrono::minutes set_back_max{5};

/// Adds `entry` as "clock.accepted" although the last entry is later: from now on its time counts
/// (the clock had run ahead before). For the command line only.
std::int64_t accept_clock(sql::Transaction& tx, Entry entry);

/// What is hashed: the previous hash and every field, each with its length before it, so that no
/// two different entries give the same bytes. Version 1 of the format.
[[nodiscard]] std::string chain_hash(std::string_view previous_hash, std::int64_t seq,
                                     const Entry& entry);
/// 16 hex digits that name the content of an entry alone, whatever stands before it: by them a
/// changed entry is told from its unchanged neighbours.
[[nodiscard]] std::string content_digest(const Entry& entry);

/// What the auditor looks for; empty fields say nothing.
struct Filter {
    std::string act;          // exact, or a group: "thing."
    std::string object_kind;  // with object_id
    std::string object_id;
    std::optional<std::int64_t> actor_id;
    std::int64_t before = 0;  // smaller numbers only; 0: from the newest
    std::int64_t count_max = 50;
};
/// Newest first.
[[nodiscard]] std::vector<Kept> list(sql::Reader& reader, const Filter& filter);
/// From `first` on, in order.
[[nodiscard]] std::vector<Kept> list_from(sql::Reader& reader, std::int64_t first,
                                          std::int64_t count_max);
[[nodiscard]] std::optional<Kept> last(sql::Reader& reader);

}  // namespace antin::audit
