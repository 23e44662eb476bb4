#include "store/seeding.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

namespace antin::store {
namespace {

constexpr sql::Statement select_mark{"seed.mark",
                                     "SELECT name, last FROM counter WHERE name LIKE 'seed/%'"};
constexpr sql::Statement upsert_mark{"seed.save_mark",
                                     "INSERT INTO counter (name, last) VALUES ($1, $2)"
                                     " ON CONFLICT (name) DO UPDATE SET last = excluded.last"};

struct Counter {
    std::string_view name;
    std::int64_t SeedMark::*value;
};
constexpr std::array counters{Counter{"seed/target", &SeedMark::target},
                              Counter{"seed/done", &SeedMark::done},
                              Counter{"seed/begun_ms", &SeedMark::begun_ms},
                              Counter{"seed/file", &SeedMark::file},
                              Counter{"seed/first_agency", &SeedMark::first_agency},
                              Counter{"seed/first_account", &SeedMark::first_account},
                              Counter{"seed/first_dossier", &SeedMark::first_dossier},
                              Counter{"seed/first_line", &SeedMark::first_line},
                              Counter{"seed/next_line", &SeedMark::next_line},
                              Counter{"seed/next_device", &SeedMark::next_device},
                              Counter{"seed/next_mail", &SeedMark::next_mail}};

/// "(a, b) SELECT a, b FROM …": the JSON itself is the one parameter, whatever the number of rows.
std::string text_of(sql::Engine engine, std::string_view table, const nlohmann::json& row) {
    std::string columns, from_json;
    for (const auto& [name, value] : row.items()) {
        columns += (columns.empty() ? "" : ", ") + name;
        from_json +=
            fmt::format("{}json_extract(value, '$.{}')", from_json.empty() ? "" : ", ", name);
    }
    if (engine == sql::Engine::Sqlite) {
        return fmt::format("INSERT INTO {} ({}) SELECT {} FROM json_each($1)", table, columns,
                           from_json);
    }
    return fmt::format(
        "INSERT INTO {0} ({1}) SELECT {1} FROM json_populate_recordset(NULL::{0}, $1::json)", table,
        columns);
}

}  // namespace

std::optional<SeedMark> find_seed_mark(sql::Reader& db) {
    const auto rows = db.query(select_mark);
    if (rows.empty()) return std::nullopt;
    SeedMark mark;
    for (const auto row : rows) {
        const auto known = std::ranges::find(counters, row.text("name"), &Counter::name);
        if (known != counters.end()) mark.*known->value = row.integer("last");
    }
    return mark;
}

void save_seed_mark(sql::Transaction& tx, const SeedMark& mark) {
    for (const Counter& counter : counters) {
        tx.execute(upsert_mark, counter.name, mark.*counter.value);
    }
}

std::int64_t last_id(sql::Reader& db, std::string_view table) {
    const auto text = fmt::format("SELECT COALESCE(MAX(id), 0) AS last FROM {}", table);
    return db.query_built("seed.last_id", text, {})[0].integer("last");
}

void insert_many(sql::Transaction& tx, std::string_view table, const nlohmann::json& rows) {
    if (rows.empty()) return;
    const auto text = text_of(tx.engine(), table, rows.front());
    const sql::Value content = rows.dump();
    tx.execute_values({"seed.insert_many", text.c_str()}, {&content, 1});
}

void learn_sizes(sql::Transaction& tx) {
    if (tx.engine() == sql::Engine::PostgreSql) tx.execute({"seed.learn_sizes", "ANALYZE"});
}

void number_on_behind(sql::Transaction& tx, std::string_view table) {
    if (tx.engine() == sql::Engine::Sqlite) return;  // AUTOINCREMENT sees given ids by itself
    const auto text = fmt::format(
        "SELECT setval(pg_get_serial_sequence('{0}', 'id'), (SELECT MAX(id) FROM {0}))", table);
    tx.query_built("seed.number_on", text, {});
}

}  // namespace antin::store
