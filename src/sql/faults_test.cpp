// What happens to acts when the database is locked, full, gone or restarted.
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>
#include <fstream>

#include "kit/engine_database.hpp"
#include "kit/postgres_server.hpp"

using namespace antin;

namespace {

const sql::Migration counters{
    1, "counters", "CREATE TABLE counter (name TEXT PRIMARY KEY, last BIGINT NOT NULL);\n"};
const std::span<const sql::Migration> schema{&counters, 1};
constexpr sql::Statement insert{"counter.insert",
                                "INSERT INTO counter (name, last) VALUES ($1, $2)"};
constexpr sql::Statement count_all{"counter.count", "SELECT COUNT(*) AS n FROM counter"};

Status add(sql::Database& db, const std::string& name) {
    return db.transact([&](sql::Transaction& tx) -> Status {
        tx.execute(insert, name, 1);
        return {};
    });
}
std::int64_t count(sql::Database& db) {
    return *db.read([](sql::Reader& reader) -> Result<std::int64_t> {
        return reader.query(count_all)[0].integer("n");
    });
}

}  // namespace

TEST(SqliteFaults, ALockedDatabaseRefusesTheActAndReadersGoOn) {
    kit::EngineDatabase database{sql::Engine::Sqlite, schema};
    auto settings = database.settings();
    settings.wait_ms_max = 20;
    auto impatient = sql::Database::open(settings).value();
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(settings.sqlite_path.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto status = add(*impatient, "a");
    EXPECT_EQ(status.error().kind, ErrorKind::Unavailable);
    EXPECT_EQ(status.error().code, "database.locked");
    EXPECT_EQ(count(*impatient), 0);
    sqlite3_close(other);
    EXPECT_TRUE(add(*impatient, "a")) << "goes on by itself";
}

TEST(SqliteFaults, AFullDiskRefusesTheActAndKeepsWhatWasAcknowledged) {
    kit::EngineDatabase database{sql::Engine::Sqlite, schema};
    ASSERT_TRUE(add(*database, "before"));
    // A limit on file sizes stands for the full disk: write() fails in the same place.
    const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
    rlimit old{};
    ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &old), 0);
    struct stat wal {};
    ASSERT_EQ(::stat((database.settings().sqlite_path + "-wal").c_str(), &wal), 0);
    rlimit tight = old;
    tight.rlim_cur = static_cast<rlim_t>(wal.st_size);
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &tight), 0);
    const auto status = add(*database, "during");
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &old), 0);
    std::signal(SIGXFSZ, old_handler);
    ASSERT_FALSE(status);
    EXPECT_EQ(status.error().code, "database.full");
    EXPECT_TRUE(add(*database, "after"));
    database.reopen();
    EXPECT_EQ(count(*database), 2);
}

TEST(SqliteFaults, AFileThatIsNoDatabaseIsSaidSo) {
    kit::TempFolder folder;
    std::ofstream{folder / "antin.db"} << std::string(8192, 'x');
    sql::Settings settings;
    settings.sqlite_path = folder / "antin.db";
    const auto opened = sql::Database::open(settings);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().kind, ErrorKind::Unavailable);
}

TEST(SqliteFaults, AMissingFolderIsSaidSo) {
    sql::Settings settings;
    settings.sqlite_path = "/nonexistent/antin.db";
    EXPECT_EQ(sql::Database::open(settings).error().kind, ErrorKind::Unavailable);
}

TEST(SqliteFaults, TheDatabaseIsReadableByItsOwnerAlone) {
    kit::TempFolder folder;
    sql::Settings settings;
    settings.sqlite_path = folder / "antin.db";
    ASSERT_TRUE(sql::Database::open(settings));
    struct stat seen {};
    ASSERT_EQ(::stat(settings.sqlite_path.c_str(), &seen), 0);
    EXPECT_EQ(seen.st_mode & 0777, 0600U);
}

TEST(SqliteFaults, ACopyMadeWhileInUseIsWhole) {
    kit::EngineDatabase database{sql::Engine::Sqlite, schema};
    ASSERT_TRUE(add(*database, "a"));
    const auto copy = (database.folder() / "copy.db").string();
    ASSERT_TRUE(database->copy_to(copy));
    EXPECT_EQ(database->copy_to(copy).error().code, "database.copy_exists");
    ASSERT_TRUE(add(*database, "b"));
    sql::Settings settings;
    settings.sqlite_path = copy;
    EXPECT_EQ(count(*sql::Database::open(settings).value()), 1);
}

TEST(PostgresqlFaults, ARestartedServerIsFoundAgain) {
    kit::PostgresServer server;
    server.create_database("x");
    sql::Settings settings;
    settings.engine = sql::Engine::PostgreSql;
    settings.postgresql_connection = server.connection("x");
    auto db = sql::Database::open(settings).value();
    ASSERT_TRUE(db->migrate(schema));
    ASSERT_TRUE(add(*db, "a"));
    EXPECT_EQ(count(*db), 1);
    server.stop();
    EXPECT_EQ(add(*db, "b").error().kind, ErrorKind::Unavailable);
    EXPECT_FALSE(db->read([](sql::Reader&) -> Status { return {}; }));
    EXPECT_EQ(sql::Database::open(settings).error().kind, ErrorKind::Unavailable);
    server.start();
    EXPECT_EQ(count(*db), 1);
    EXPECT_TRUE(add(*db, "c"));
    EXPECT_EQ(count(*db), 2);
}

TEST(PostgresqlFaults, AConnectionThatSleptThroughARestartIsReplaced) {
    kit::PostgresServer server;
    server.create_database("x");
    sql::Settings settings;
    settings.engine = sql::Engine::PostgreSql;
    settings.postgresql_connection = server.connection("x");
    auto db = sql::Database::open(settings).value();
    ASSERT_TRUE(db->migrate(schema));
    ASSERT_TRUE(add(*db, "a"));
    EXPECT_EQ(count(*db), 1);
    server.stop();
    server.start();  // nobody asked anything in between
    const auto read = db->read([](sql::Reader& reader) -> Result<std::int64_t> {
        return reader.query(count_all)[0].integer("n");
    });
    EXPECT_TRUE(read) << read.error().detail;
    const auto written = add(*db, "b");
    EXPECT_TRUE(written) << written.error().detail;
}

TEST(PostgresqlFaults, AServerThatDiesInsideATransactionUndoesIt) {
    kit::PostgresServer server;
    server.create_database("x");
    sql::Settings settings;
    settings.engine = sql::Engine::PostgreSql;
    settings.postgresql_connection = server.connection("x");
    auto db = sql::Database::open(settings).value();
    ASSERT_TRUE(db->migrate(schema));
    const auto status = db->transact([&](sql::Transaction& tx) -> Status {
        tx.execute(insert, "a", 1);
        server.stop();
        server.start();
        return {};
    });
    EXPECT_EQ(status.error().kind, ErrorKind::Unavailable);
    EXPECT_EQ(count(*db), 0);
}

TEST(PostgresqlFaults, AnotherProcessHoldingTheWritersLockIsWaitedForAndThenSaid) {
    kit::EngineDatabase database{sql::Engine::PostgreSql, schema};
    auto settings = database.settings();
    settings.wait_ms_max = 50;
    auto impatient = sql::Database::open(settings).value();
    ASSERT_TRUE(database->transact([&](sql::Transaction&) -> Status {
        EXPECT_EQ(add(*impatient, "a").error().code, "database.locked");
        return {};
    }));
    EXPECT_TRUE(add(*impatient, "a"));
}
