#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

/// Something that must happen after a commit. Put in the same transaction as its cause.
struct OutboxItem {
    std::int64_t id = 0;
    std::string kind;  // "mail", "paper", "publish_status", …
    std::string payload = "{}";
    std::int64_t attempts = 0;
    std::string last_error;
    Instant created_at, due_at;
};

/// `unique_key` "" for none; a key that is already there adds nothing and answers false.
bool put_outbox(sql::Transaction& tx, std::string_view kind, std::string_view payload,
                std::string_view unique_key, Instant now,
                std::optional<Instant> due = std::nullopt);
/// Whether an item of this kind is due and free.
[[nodiscard]] bool has_due_outbox(sql::Reader& db, std::string_view kind, Instant now);
/// Takes up to `limit` due items for `claim_ms`: if the process dies, they come back after that.
[[nodiscard]] std::vector<OutboxItem> claim_outbox(sql::Transaction& tx, std::string_view kind,
                                                   Instant now, std::int64_t claim_ms,
                                                   std::int64_t limit);
void outbox_done(sql::Transaction& tx, std::int64_t id, Instant now);
/// To be tried again at `due`.
void outbox_failed(sql::Transaction& tx, std::int64_t id, std::string_view error, Instant due);
void outbox_given_up(sql::Transaction& tx, std::int64_t id, std::string_view error, Instant now);
/// Given up, newest first: what an administrator must look at.
struct GivenUp {
    OutboxItem item;
    Instant given_up_at;
};
[[nodiscard]] std::vector<GivenUp> list_given_up(sql::Reader& db, std::int64_t limit);
/// An administrator wants it tried again: now, and from the start (count and patience begin anew).
/// False when it is not given up any more.
bool outbox_retry(sql::Transaction& tx, std::int64_t id, Instant now);
/// The same by the item's key.
void outbox_retry_key(sql::Transaction& tx, std::string_view unique_key, Instant now);

struct OutboxCounts {
    std::int64_t waiting = 0, given_up = 0;
    std::optional<Instant> oldest_waiting;
};
[[nodiscard]] OutboxCounts count_outbox(sql::Reader& db);

}  // namespace antin::store
