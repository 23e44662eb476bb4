#include "store/throttle.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement find_statement{
    "throttle.find", "SELECT window_start, tries, locked_until FROM throttle WHERE key = $1"};
constexpr sql::Statement save_statement{
    "throttle.save",
    "INSERT INTO throttle (key, window_start, tries, locked_until) VALUES ($1,$2,$3,$4)"
    " ON CONFLICT (key) DO UPDATE SET window_start = excluded.window_start,"
    " tries = excluded.tries, locked_until = excluded.locked_until"};
constexpr sql::Statement forget_statement{"throttle.forget", "DELETE FROM throttle WHERE key = $1"};
constexpr sql::Statement give_back_statement{
    "throttle.give_back", "UPDATE throttle SET tries = tries - 1 WHERE key = $1 AND tries > 0"};
constexpr sql::Statement delete_old_statement{
    "throttle.delete_old",
    "DELETE FROM throttle WHERE window_start < $1 AND (locked_until IS NULL OR locked_until < $1)"};

}  // namespace

std::optional<Instant> locked_until(sql::Reader& db, std::string_view key, Instant now) {
    const auto rows = db.query(find_statement, key);
    if (rows.empty()) return std::nullopt;
    const auto until = rows[0].maybe_instant("locked_until");
    return until && *until > now ? until : std::nullopt;
}

std::optional<Instant> count_try(sql::Transaction& tx, std::string_view key,
                                 const ThrottleLimit& limit, Instant now) {
    const auto rows = tx.query(find_statement, key);
    Instant start = now;
    std::int64_t tries = 0;
    if (!rows.empty()) {
        const auto row = rows[0];
        const auto locked_until = row.maybe_instant("locked_until");
        if (locked_until && *locked_until > now) return locked_until;
        // A lock that has ended, or a window that has, starts anew.
        if (!locked_until && row.instant("window_start") + limit.window > now) {
            start = row.instant("window_start");
            tries = row.integer("tries");
        }
    }
    ++tries;
    std::optional<Instant> lock;
    if (tries >= limit.tries) lock = now + limit.lock;
    tx.execute(save_statement, key, start, tries, lock);
    return std::nullopt;
}

void forget_tries(sql::Transaction& tx, std::string_view key) {
    tx.execute(forget_statement, key);
}

void give_back_try(sql::Transaction& tx, std::string_view key) {
    tx.execute(give_back_statement, key);
}

std::int64_t delete_old_throttles(sql::Transaction& tx, Instant before) {
    return tx.execute(delete_old_statement, before);
}

}  // namespace antin::store
