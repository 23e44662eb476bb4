#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string_view>

#include "sql/sql.hpp"

namespace antin::store {

/// How far `antin seed` has come. Kept in the database beside the rows themselves, so that a run
/// that was cut off goes on where the last commit left it. Ids are given out by the seed: what it
/// writes next is arithmetic, not a question to the database.
struct SeedMark {
    std::int64_t target = 0;    // dossiers asked for
    std::int64_t done = 0;      // of them written
    std::int64_t begun_ms = 0;  // the same moment in every later run: the same data
    std::int64_t file = 0;      // the stamped form of all dossiers
    std::int64_t first_agency = 0, first_account = 0, first_dossier = 0, first_line = 0;
    std::int64_t next_line = 0, next_device = 0, next_mail = 0;
};
[[nodiscard]] std::optional<SeedMark> find_seed_mark(sql::Reader& db);
void save_seed_mark(sql::Transaction& tx, const SeedMark& mark);

/// 0 where the table is empty. `table` and the keys of rows below are names of ours.
[[nodiscard]] std::int64_t last_id(sql::Reader& db, std::string_view table);

/// Many rows in one statement: `rows` is a JSON array of objects that all have the same keys, the
/// names of columns; columns that are not named get their defaults.
void insert_many(sql::Transaction& tx, std::string_view table, const nlohmann::json& rows);

/// After very many rows: what PostgreSQL plans by would be learnt by itself, but later.
void learn_sizes(sql::Transaction& tx);

/// After rows with ids of their own: what the database numbers itself goes on behind them.
void number_on_behind(sql::Transaction& tx, std::string_view table);

}  // namespace antin::store
