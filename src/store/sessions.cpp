#include "store/sessions.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement insert_statement{
    "session.insert",
    "INSERT INTO session (token_hash, account_id, csrf_token, created_at, last_seen_at, expires_at,"
    " second_factor_at, remote_address, user_agent, flash)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)"};
constexpr sql::Statement find_statement{
    "session.find",
    "SELECT token_hash, account_id, csrf_token, created_at, last_seen_at, expires_at,"
    " second_factor_at, remote_address, user_agent, flash FROM session WHERE token_hash = $1"};
constexpr sql::Statement touch_statement{
    "session.touch", "UPDATE session SET last_seen_at = $1 WHERE token_hash = $2"};
constexpr sql::Statement second_factor_statement{
    "session.second_factor", "UPDATE session SET second_factor_at = $1 WHERE token_hash = $2"};
constexpr sql::Statement flash_statement{"session.flash",
                                         "UPDATE session SET flash = $1 WHERE token_hash = $2"};
constexpr sql::Statement delete_statement{"session.delete",
                                          "DELETE FROM session WHERE token_hash = $1"};
constexpr sql::Statement delete_of_statement{
    "session.delete_of_account", "DELETE FROM session WHERE account_id = $1 AND token_hash <> $2"};
constexpr sql::Statement delete_ended_statement{
    "session.delete_ended", "DELETE FROM session WHERE expires_at <= $1 OR last_seen_at <= $2"};

constexpr sql::Statement insert_secret_statement{
    "one_time_secret.insert",
    "INSERT INTO one_time_secret (purpose, secret_hash, account_id, agency_id, data, created_at,"
    " expires_at, attempts_left) VALUES ($1,$2,$3,$4,$5,$6,$7,$8) RETURNING id"};
constexpr sql::Statement find_secret_statement{
    "one_time_secret.find",
    "SELECT id, purpose, secret_hash, account_id, agency_id, data, created_at, expires_at,"
    " attempts_left, used_at FROM one_time_secret WHERE purpose = $1 AND secret_hash = $2"
    " AND used_at IS NULL AND expires_at > $3 ORDER BY id DESC LIMIT 1"};
constexpr sql::Statement newest_secret_statement{
    "one_time_secret.newest",
    "SELECT id, purpose, secret_hash, account_id, agency_id, data, created_at, expires_at,"
    " attempts_left, used_at FROM one_time_secret WHERE purpose = $1 AND account_id = $2"
    " AND used_at IS NULL AND expires_at > $3 ORDER BY id DESC LIMIT 1"};
constexpr sql::Statement use_secret_statement{
    "one_time_secret.use",
    "UPDATE one_time_secret SET used_at = $1 WHERE id = $2 AND used_at IS NULL"};
constexpr sql::Statement wrong_try_statement{
    "one_time_secret.wrong_try",
    "UPDATE one_time_secret SET attempts_left = attempts_left - 1 WHERE id = $1"};

std::optional<OneTimeSecret> read_secret(const sql::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    OneTimeSecret out;
    out.id = row.integer("id");
    out.purpose = row.text("purpose");
    out.secret_hash = row.text("secret_hash");
    out.account_id = row.maybe_integer("account_id");
    out.agency_id = row.maybe_integer("agency_id");
    out.data = row.text("data");
    out.created_at = row.instant("created_at");
    out.expires_at = row.instant("expires_at");
    out.attempts_left = row.integer("attempts_left");
    out.used_at = row.maybe_instant("used_at");
    return out;
}

}  // namespace

void insert_session(sql::Transaction& tx, const Session& s) {
    tx.execute(insert_statement, s.token_hash, s.account_id, s.csrf_token, s.created_at,
               s.last_seen_at, s.expires_at, s.second_factor_at, s.remote_address, s.user_agent,
               s.flash);
}

std::optional<Session> find_session(sql::Reader& db, std::string_view token_hash) {
    const auto rows = db.query(find_statement, token_hash);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    Session out;
    out.token_hash = row.text("token_hash");
    out.account_id = row.integer("account_id");
    out.csrf_token = row.text("csrf_token");
    out.created_at = row.instant("created_at");
    out.last_seen_at = row.instant("last_seen_at");
    out.expires_at = row.instant("expires_at");
    out.second_factor_at = row.maybe_instant("second_factor_at");
    out.remote_address = row.text("remote_address");
    out.user_agent = row.text("user_agent");
    out.flash = row.text("flash");
    return out;
}

void touch_session(sql::Transaction& tx, std::string_view token_hash, Instant at) {
    tx.execute(touch_statement, at, token_hash);
}

void set_session_second_factor(sql::Transaction& tx, std::string_view token_hash, Instant at) {
    tx.execute(second_factor_statement, at, token_hash);
}

void set_session_flash(sql::Transaction& tx, std::string_view token_hash, std::string_view flash) {
    tx.execute(flash_statement, flash, token_hash);
}

void delete_session(sql::Transaction& tx, std::string_view token_hash) {
    tx.execute(delete_statement, token_hash);
}

void delete_sessions_of(sql::Transaction& tx, std::int64_t account_id, std::string_view except) {
    tx.execute(delete_of_statement, account_id, except);
}

std::int64_t delete_ended_sessions(sql::Transaction& tx, Instant now, Instant idle_since) {
    return tx.execute(delete_ended_statement, now, idle_since);
}

std::int64_t insert_one_time_secret(sql::Transaction& tx, const OneTimeSecret& s) {
    return tx.insert(insert_secret_statement, s.purpose, s.secret_hash, s.account_id, s.agency_id,
                     s.data, s.created_at, s.expires_at, s.attempts_left);
}

std::optional<OneTimeSecret> find_one_time_secret(sql::Reader& db, std::string_view purpose,
                                                  std::string_view secret_hash, Instant now) {
    return read_secret(db.query(find_secret_statement, purpose, secret_hash, now));
}

std::optional<OneTimeSecret> newest_one_time_secret(sql::Reader& db, std::string_view purpose,
                                                    std::int64_t account_id, Instant now) {
    return read_secret(db.query(newest_secret_statement, purpose, account_id, now));
}

bool use_one_time_secret(sql::Transaction& tx, std::int64_t id, Instant at) {
    return tx.execute(use_secret_statement, at, id) > 0;
}

void count_wrong_try(sql::Transaction& tx, std::int64_t id) {
    tx.execute(wrong_try_statement, id);
}

}  // namespace antin::store
