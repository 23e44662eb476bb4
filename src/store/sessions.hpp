#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "sql/sql.hpp"

namespace antin::store {

/// A signed-in browser. The cookie's value is never stored, only its SHA-256 (hex).
struct Session {
    std::string token_hash;
    std::int64_t account_id = 0;
    std::string csrf_token;
    Instant created_at, last_seen_at, expires_at;
    std::optional<Instant> second_factor_at;
    std::string remote_address, user_agent, flash;
};

void insert_session(sql::Transaction& tx, const Session& session);
[[nodiscard]] std::optional<Session> find_session(sql::Reader& db, std::string_view token_hash);
void touch_session(sql::Transaction& tx, std::string_view token_hash, Instant at);
void set_session_second_factor(sql::Transaction& tx, std::string_view token_hash, Instant at);
void set_session_flash(sql::Transaction& tx, std::string_view token_hash, std::string_view flash);
void delete_session(sql::Transaction& tx, std::string_view token_hash);
/// All of a person's sessions, but for `except` ("" for none): a moved officer, a new password.
void delete_sessions_of(sql::Transaction& tx, std::int64_t account_id, std::string_view except);
/// Those past their end or idle since before `idle_since`. How many.
std::int64_t delete_ended_sessions(sql::Transaction& tx, Instant now, Instant idle_since);

/// Links and codes sent to people; stored as SHA-256 (hex), good once.
struct OneTimeSecret {
    std::int64_t id = 0;
    std::string purpose, secret_hash;
    std::optional<std::int64_t> account_id, agency_id;
    std::string data = "{}";
    Instant created_at, expires_at;
    std::int64_t attempts_left = 5;
    std::optional<Instant> used_at;
};
std::int64_t insert_one_time_secret(sql::Transaction& tx, const OneTimeSecret& secret);
/// Unused and not past its end.
[[nodiscard]] std::optional<OneTimeSecret> find_one_time_secret(sql::Reader& db,
                                                                std::string_view purpose,
                                                                std::string_view secret_hash,
                                                                Instant now);
/// The newest unused one of a person, for codes that are typed (wrong tries are counted on it).
[[nodiscard]] std::optional<OneTimeSecret> newest_one_time_secret(sql::Reader& db,
                                                                  std::string_view purpose,
                                                                  std::int64_t account_id,
                                                                  Instant now);
/// False when it was used in between.
bool use_one_time_secret(sql::Transaction& tx, std::int64_t id, Instant at);
void count_wrong_try(sql::Transaction& tx, std::int64_t id);

}  // namespace antin::store
