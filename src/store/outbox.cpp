#include "store/outbox.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement insert_statement{
    "outbox.insert",
    "INSERT INTO outbox (kind, unique_key, payload, created_at, due_at) VALUES ($1,$2,$3,$4,$5)"
    " ON CONFLICT DO NOTHING"};
constexpr sql::Statement due_statement{
    "outbox.due",
    "SELECT id, kind, payload, attempts, last_error, created_at, due_at FROM outbox"
    " WHERE kind = $3 AND done_at IS NULL AND given_up_at IS NULL AND due_at <= $1"
    " AND (claimed_until IS NULL OR claimed_until <= $1) ORDER BY due_at, id LIMIT $2"};
constexpr sql::Statement has_due_statement{
    "outbox.has_due",
    "SELECT id FROM outbox WHERE kind = $2 AND done_at IS NULL AND given_up_at IS NULL"
    " AND due_at <= $1 AND (claimed_until IS NULL OR claimed_until <= $1) LIMIT 1"};
constexpr sql::Statement claim_statement{
    "outbox.claim", "UPDATE outbox SET claimed_until = $1, attempts = attempts + 1 WHERE id = $2"};
constexpr sql::Statement done_statement{
    "outbox.done", "UPDATE outbox SET done_at = $1, last_error = '' WHERE id = $2"};
constexpr sql::Statement failed_statement{
    "outbox.failed",
    "UPDATE outbox SET last_error = $1, due_at = $2, claimed_until = NULL WHERE id = $3"};
constexpr sql::Statement given_up_statement{
    "outbox.given_up", "UPDATE outbox SET last_error = $1, given_up_at = $2 WHERE id = $3"};
constexpr sql::Statement given_up_list_statement{
    "outbox.given_up_list",
    "SELECT id, kind, payload, attempts, last_error, created_at, due_at, given_up_at FROM outbox"
    " WHERE given_up_at IS NOT NULL AND done_at IS NULL ORDER BY given_up_at DESC, id DESC LIMIT "
    "$1"};
constexpr sql::Statement retry_statement{
    "outbox.retry",
    "UPDATE outbox SET created_at = $1, due_at = $1, attempts = 0, claimed_until = NULL,"
    " given_up_at = NULL WHERE id = $2 AND given_up_at IS NOT NULL AND done_at IS NULL"};
constexpr sql::Statement retry_key_statement{
    "outbox.retry_key",
    "UPDATE outbox SET created_at = $1, due_at = $1, attempts = 0, claimed_until = NULL,"
    " given_up_at = NULL, done_at = NULL WHERE unique_key = $2"};
constexpr sql::Statement count_statement{
    "outbox.count",
    "SELECT COUNT(CASE WHEN given_up_at IS NULL THEN 1 END) AS waiting,"
    " COUNT(given_up_at) AS given_up,"
    " MIN(CASE WHEN given_up_at IS NULL THEN created_at END) AS oldest_waiting"
    " FROM outbox WHERE done_at IS NULL"};

}  // namespace

bool put_outbox(sql::Transaction& tx, std::string_view kind, std::string_view payload,
                std::string_view unique_key, Instant now, std::optional<Instant> due) {
    const std::optional<std::string_view> key =
        unique_key.empty() ? std::nullopt : std::optional{unique_key};
    return tx.execute(insert_statement, kind, key, payload, now, due.value_or(now)) > 0;
}

bool has_due_outbox(sql::Reader& db, std::string_view kind, Instant now) {
    return !db.query(has_due_statement, now, kind).empty();
}

std::vector<OutboxItem> claim_outbox(sql::Transaction& tx, std::string_view kind, Instant now,
                                     std::int64_t claim_ms, std::int64_t limit) {
    std::vector<OutboxItem> out;
    for (const auto row : tx.query(due_statement, now, limit, kind)) {
        out.push_back({row.integer("id"), row.text("kind"), row.text("payload"),
                       row.integer("attempts") + 1, row.text("last_error"),
                       row.instant("created_at"), row.instant("due_at")});
    }
    for (const auto& item : out) tx.execute(claim_statement, to_millis(now) + claim_ms, item.id);
    return out;
}

void outbox_done(sql::Transaction& tx, std::int64_t id, Instant now) {
    tx.execute(done_statement, now, id);
}

void outbox_failed(sql::Transaction& tx, std::int64_t id, std::string_view error, Instant due) {
    tx.execute(failed_statement, error, due, id);
}

void outbox_given_up(sql::Transaction& tx, std::int64_t id, std::string_view error, Instant now) {
    tx.execute(given_up_statement, error, now, id);
}

std::vector<GivenUp> list_given_up(sql::Reader& db, std::int64_t limit) {
    std::vector<GivenUp> out;
    for (const auto row : db.query(given_up_list_statement, limit)) {
        out.push_back(
            {{row.integer("id"), row.text("kind"), row.text("payload"), row.integer("attempts"),
              row.text("last_error"), row.instant("created_at"), row.instant("due_at")},
             row.instant("given_up_at")});
    }
    return out;
}

bool outbox_retry(sql::Transaction& tx, std::int64_t id, Instant now) {
    return tx.execute(retry_statement, now, id) > 0;
}

void outbox_retry_key(sql::Transaction& tx, std::string_view unique_key, Instant now) {
    tx.execute(retry_key_statement, now, unique_key);
}

OutboxCounts count_outbox(sql::Reader& db) {
    const auto rows = db.query(count_statement);
    return {rows[0].integer("waiting"), rows[0].integer("given_up"),
            rows[0].maybe_instant("oldest_waiting")};
}

}  // namespace antin::store
