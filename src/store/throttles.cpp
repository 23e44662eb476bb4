#include "store/throttles.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement throttle_count{
    "throttle_count",
    "INSERT INTO throttle (key, window_start, tries) VALUES ($1, $2, 1) "
    "ON CONFLICT (key) DO UPDATE SET "
    "tries = CASE WHEN throttle.window_start = $2 THEN throttle.tries + 1 ELSE 1 END, "
    "window_start = $2 RETURNING tries"};
constexpr sql::Statement throttle_tries{
    "throttle_tries", "SELECT tries FROM throttle WHERE key = $1 AND window_start = $2"};

std::int64_t window_start(Instant now, std::chrono::milliseconds window) {
    return to_millis(now) - to_millis(now) % window.count();
}
constexpr sql::Statement forget_statement{
    "throttle.forget",
    "DELETE FROM throttle WHERE window_start < $1 AND (locked_until IS NULL OR locked_until < $1)"};

}  // namespace

std::int64_t count_try(sql::Transaction& tx, std::string_view key, Instant now,
                       std::chrono::milliseconds window) {
    return tx.query(throttle_count, key, window_start(now, window))[0].integer("tries");
}

std::int64_t tries_in_window(sql::Reader& reader, std::string_view key, Instant now,
                             std::chrono::milliseconds window) {
    const auto rows = reader.query(throttle_tries, key, window_start(now, window));
    return rows.empty() ? 0 : rows[0].integer("tries");
}

void forget_old_tries(sql::Transaction& tx, Instant before) {
    tx.execute(forget_statement, before);
}

}  // namespace antin::store
