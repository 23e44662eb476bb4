#include "store/counters.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement counter_take{
    "counter_take",
    "INSERT INTO counter (name, last) VALUES ($1, 1) "
    "ON CONFLICT (name) DO UPDATE SET last = counter.last + 1 RETURNING last"};
constexpr sql::Statement counter_last{"counter_last", "SELECT last FROM counter WHERE name = $1"};

}  // namespace

std::int64_t next_number(sql::Transaction& tx, std::string_view name) {
    return tx.query(counter_take, name)[0].integer("last");
}

std::int64_t last_number(sql::Reader& reader, std::string_view name) {
    const auto rows = reader.query(counter_last, name);
    return rows.empty() ? 0 : rows[0].integer("last");
}

}  // namespace antin::store
