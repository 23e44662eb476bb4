#pragma once
#include <cstdlib>
#include <string_view>

#include "kit/engine_database.hpp"
#include "store/migrations.hpp"

namespace antin::kit {

/// SQLite, or PostgreSQL where ANTIN_TEST_ENGINE says so: ./test runs the portal's programs on
/// both.
[[nodiscard]] inline sql::Engine engine_of_this_run() {
    const char* chosen = std::getenv("ANTIN_TEST_ENGINE");
    const std::string_view name = chosen != nullptr ? chosen : "sqlite";
    return name == "postgresql" ? sql::Engine::PostgreSql : sql::Engine::Sqlite;
}

/// A fresh database with the whole schema, in a folder of its own, gone at the end of the test;
/// on the engine of this run unless told otherwise.
class TestDatabase : public EngineDatabase {
  public:
    explicit TestDatabase(sql::Engine engine = engine_of_this_run())
        : EngineDatabase(engine, store::migrations()) {}
};

}  // namespace antin::kit
