#pragma once
#include <gtest/gtest.h>

#include <memory>
#include <span>

#include "kit/temp_folder.hpp"
#include "sql/sql.hpp"

namespace antin::kit {

/// A fresh database of either engine, gone at the end of the test; empty, or with `migrations`
/// (the same in the whole test program: they are applied once and copied).
class EngineDatabase {
  public:
    explicit EngineDatabase(sql::Engine engine, std::span<const sql::Migration> migrations = {});
    ~EngineDatabase();
    EngineDatabase(const EngineDatabase&) = delete;
    EngineDatabase& operator=(const EngineDatabase&) = delete;

    [[nodiscard]] sql::Database& operator*() const { return *database_; }
    [[nodiscard]] sql::Database* operator->() const { return database_.get(); }
    /// For a second door to the same database.
    [[nodiscard]] const sql::Settings& settings() const { return settings_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
    /// Closes and opens again, as a new process would.
    void reopen();

  private:
    TempFolder folder_;
    std::string name_;  // of the PostgreSQL database
    sql::Settings settings_;
    std::unique_ptr<sql::Database> database_;
};

[[nodiscard]] inline std::string engine_name(
    const testing::TestParamInfo<sql::Engine>& information) {
    return information.param == sql::Engine::Sqlite ? "Sqlite" : "PostgreSql";
}

}  // namespace antin::kit

/// Runs the TEST_P cases of `suite` (a testing::TestWithParam<sql::Engine>) on both engines.
#define ANTIN_ON_BOTH_ENGINES(suite)                                                     \
    INSTANTIATE_TEST_SUITE_P(                                                            \
        Engines, suite,                                                                  \
        testing::Values(::antin::sql::Engine::Sqlite, ::antin::sql::Engine::PostgreSql), \
        ::antin::kit::engine_name)
