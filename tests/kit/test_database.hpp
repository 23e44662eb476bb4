#pragma once
#include "kit/engine_database.hpp"
#include "store/migrations.hpp"

namespace antin::kit {

/// A fresh database with the whole schema, in a folder of its own, gone at the end of the test;
/// SQLite unless told otherwise.
class TestDatabase : public EngineDatabase {
  public:
    explicit TestDatabase(sql::Engine engine = sql::Engine::Sqlite)
        : EngineDatabase(engine, store::migrations()) {}
};

}  // namespace antin::kit
