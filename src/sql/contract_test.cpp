// What every engine must do alike. Each case runs on SQLite and on a real PostgreSQL server.
#include <gtest/gtest.h>

#include <atomic>
#include <barrier>
#include <thread>

#include "kit/engine_database.hpp"
#include "sql/statement_text.hpp"

using namespace antin;

namespace {

const sql::Migration things{1, "things/0001_thing",
                            "-- a comment; with a semicolon\n"
                            "CREATE TABLE thing (\n"
                            "    id %ID%,\n"
                            "    name TEXT NOT NULL UNIQUE,  -- its name\n"
                            "    size INTEGER NOT NULL DEFAULT 0,\n"
                            "    raw %BYTES%\n"
                            ");  -- the end\n"
                            "CREATE INDEX thing_by_size ON thing(size);\n"
                            "CREATE TABLE part (id %ID%, thing_id BIGINT NOT NULL REFERENCES "
                            "thing(id));\n"
                            "%SQLITE% CREATE TABLE only_sqlite (id %ID%);\n"
                            "%POSTGRESQL% CREATE TABLE only_postgresql (id %ID%);\n"};
constexpr sql::Statement insert{
    "thing.insert", "INSERT INTO thing (raw, size, name) VALUES ($3, $2, $1) RETURNING id"};
constexpr sql::Statement list{"thing.list", "SELECT id, name, size, raw FROM thing ORDER BY name"};
constexpr sql::Statement count_all{"thing.count", "SELECT COUNT(*) AS n FROM thing"};
constexpr sql::Statement insert_part{"part.insert",
                                     "INSERT INTO part (thing_id) VALUES ($1) RETURNING id"};
constexpr sql::Statement wrong{"thing.wrong", "SELECT nothing FROM nowhere"};

class SqlContract : public testing::TestWithParam<sql::Engine> {
  protected:
    void SetUp() override { ASSERT_TRUE(db()->migrate({&things, 1})); }
    kit::EngineDatabase& db() { return database_; }
    std::int64_t count() {
        return *db()->read([](sql::Reader& reader) -> Result<std::int64_t> {
            return reader.query(count_all)[0].integer("n");
        });
    }
    Status add(std::string_view name, std::int64_t size = 0) {
        return db()->transact([&](sql::Transaction& tx) -> Status {
            tx.insert(insert, name, size, nullptr);
            return {};
        });
    }

  private:
    kit::EngineDatabase database_{GetParam()};
};
ANTIN_ON_BOTH_ENGINES(SqlContract);

}  // namespace

TEST_P(SqlContract, ParametersAreCountedByTheirNumberNotByTheirOrder) {
    ASSERT_TRUE(db()->transact([&](sql::Transaction& tx) -> Status {
        EXPECT_GT(tx.insert(insert, "tên", 7, Bytes{1, 0, 2}), 0);
        return {};
    }));
    ASSERT_TRUE(db()->read([&](sql::Reader& reader) -> Status {
        const auto rows = reader.query(list);
        EXPECT_EQ(rows[0].text("name"), "tên");
        EXPECT_EQ(rows[0].integer("size"), 7);
        EXPECT_EQ(rows[0].bytes("raw"), (Bytes{1, 0, 2}));
        return {};
    }));
}

TEST_P(SqlContract, ValuesOfEveryKindComeBackAsTheyWent) {
    const auto now = parse_iso("2026-11-23T09:00:00.123+07:00").value();
    constexpr sql::Statement echo{
        "echo",
        "SELECT CAST($1 AS BIGINT) AS at, CAST($2 AS TEXT) AS word, CAST($3 AS BIGINT) AS yes,"
        " CAST($4 AS TEXT) AS empty, CAST($5 AS TEXT) AS day"};
    const auto seen = db()->read([&](sql::Reader& reader) -> Status {
        const auto rows =
            reader.query(echo, now, "Đặng \"'; --", true, std::optional<std::string>{},
                         parse_iso_date("2026-02-28").value());
        EXPECT_EQ(rows[0].instant("at"), now);
        EXPECT_EQ(rows[0].text("word"), "Đặng \"'; --");
        EXPECT_TRUE(rows[0].boolean("yes"));
        EXPECT_TRUE(rows[0].is_null("empty"));
        EXPECT_EQ(rows[0].maybe_text("empty"), std::nullopt);
        EXPECT_EQ(rows[0].text("empty"), "");
        EXPECT_EQ(rows[0].text("day"), "2026-02-28");
        return {};
    });
    EXPECT_TRUE(seen) << seen.error().detail;
}

TEST_P(SqlContract, EmptyBytesAreNotNull) {
    ASSERT_TRUE(db()->transact([&](sql::Transaction& tx) -> Status {
        tx.insert(insert, "empty", 0, Bytes{});
        EXPECT_FALSE(tx.query(list)[0].is_null("raw"));
        return {};
    }));
}

TEST_P(SqlContract, BigNumbersAreReckonedIn64Bits) {
    const std::int64_t millis = 1'795'000'000'000;
    ASSERT_TRUE(add("a", millis));
    constexpr sql::Statement reckon{"reckon",
                                    "SELECT SUM(size) AS total, COUNT(*) AS n FROM thing"
                                    " WHERE size > $1 - 1000 AND size < $1 + 1000"};
    ASSERT_TRUE(db()->read([&](sql::Reader& reader) -> Status {
        EXPECT_EQ(reader.query(reckon, millis)[0].integer("total"), millis);
        return {};
    }));
}

TEST_P(SqlContract, AFilterThatMayBeNullTakesBoth) {
    ASSERT_TRUE(add("a", 1));
    ASSERT_TRUE(add("b", 2));
    constexpr sql::Statement filtered{
        "filtered",
        "SELECT name FROM thing WHERE ($1 IS NULL OR size = $1) AND ($2 IS NULL OR name = $2)"};
    ASSERT_TRUE(db()->read([&](sql::Reader& reader) -> Status {
        EXPECT_EQ(reader.query(filtered, std::optional<std::int64_t>{}, nullptr).size(), 2U);
        EXPECT_EQ(reader.query(filtered, std::optional<std::int64_t>{2}, "b").size(), 1U);
        return {};
    }));
}

TEST_P(SqlContract, TextsSortAndCompareByTheirBytes) {
    for (const char* name : {"b", "B", "á", "a", "_", "đ"}) ASSERT_TRUE(add(name));
    ASSERT_TRUE(db()->read([&](sql::Reader& reader) -> Status {
        std::string seen;
        for (const auto row : reader.query(list)) seen += row.text("name");
        EXPECT_EQ(seen, "B_abáđ");
        constexpr sql::Statement like{"like", "SELECT name FROM thing WHERE name LIKE 'B%'"};
        EXPECT_EQ(reader.query(like).size(), 1U);
        return {};
    }));
}

TEST_P(SqlContract, ChangedRowsAreCounted) {
    ASSERT_TRUE(add("a", 1));
    ASSERT_TRUE(add("b", 1));
    constexpr sql::Statement update{"update", "UPDATE thing SET size = $2 WHERE size = $1"};
    ASSERT_TRUE(db()->transact([&](sql::Transaction& tx) -> Status {
        EXPECT_EQ(tx.execute(update, 1, 5), 2);
        EXPECT_EQ(tx.execute(update, 1, 5), 0);
        return {};
    }));
}

TEST_P(SqlContract, AnErrorRollsEverythingBack) {
    const auto refused = db()->transact([&](sql::Transaction& tx) -> Status {
        tx.insert(insert, "a", 0, nullptr);
        return fail(ErrorKind::Refused, "test.no");
    });
    EXPECT_EQ(refused.error().code, "test.no");
    EXPECT_EQ(count(), 0);
}

TEST_P(SqlContract, AnExceptionRollsEverythingBack) {
    EXPECT_THROW((void)db()->transact([&](sql::Transaction& tx) -> Status {
        tx.insert(insert, "a", 0, nullptr);
        throw std::logic_error{"ours"};
    }),
                 std::logic_error);
    EXPECT_EQ(count(), 0);
    ASSERT_TRUE(add("b"));
    EXPECT_EQ(count(), 1);
}

TEST_P(SqlContract, TheSameUniqueNameTwiceIsAConflictAndNothingStays) {
    const auto status = db()->transact([&](sql::Transaction& tx) -> Status {
        tx.insert(insert, "a", 0, nullptr);
        tx.insert(insert, "a", 0, nullptr);
        return {};
    });
    EXPECT_EQ(status.error().kind, ErrorKind::Conflict);
    EXPECT_EQ(status.error().code, "database.duplicate");
    EXPECT_EQ(count(), 0);
}

TEST_P(SqlContract, ForeignKeysAreKept) {
    const auto status = db()->transact([&](sql::Transaction& tx) -> Status {
        tx.insert(insert_part, 4711);
        return {};
    });
    EXPECT_EQ(status.error().code, "database.constraint");
}

TEST_P(SqlContract, AWrongStatementIsOurFault) {
    const auto status = db()->read([&](sql::Reader& reader) -> Status {
        (void)reader.query(wrong);
        return {};
    });
    EXPECT_EQ(status.error().kind, ErrorKind::Internal);
    EXPECT_EQ(count(), 0) << "the connection is usable again";
}

TEST_P(SqlContract, AReaderCannotWrite) {
    const auto status = db()->read([&](sql::Reader& reader) -> Status {
        (void)reader.query(insert, "a", 0, nullptr);
        return {};
    });
    EXPECT_FALSE(status);
    EXPECT_EQ(count(), 0);
}

TEST_P(SqlContract, TextWithNulOrBrokenUtf8IsRefused) {
    EXPECT_EQ(add(std::string_view{"a\0b", 3}).error().code, "text.not_plain");
    EXPECT_EQ(add("\xff\xfe").error().kind, ErrorKind::Invalid);
    EXPECT_EQ(count(), 0);
}

TEST_P(SqlContract, AReaderSeesTheCommittedStateWhileAWriterIsAtWork) {
    ASSERT_TRUE(db()->transact([&](sql::Transaction& tx) -> Status {
        tx.insert(insert, "a", 0, nullptr);
        EXPECT_EQ(count(), 0);
        return {};
    }));
    EXPECT_EQ(count(), 1);
}

TEST_P(SqlContract, AReadSeesOneMoment) {
    ASSERT_TRUE(db()->read([&](sql::Reader& reader) -> Status {
        EXPECT_EQ(reader.query(count_all)[0].integer("n"), 0);
        EXPECT_TRUE(add("a"));
        EXPECT_EQ(reader.query(count_all)[0].integer("n"), 0);
        return {};
    }));
    EXPECT_EQ(count(), 1);
}

TEST_P(SqlContract, ATransactionInsideATransactionIsOurFault) {
    ASSERT_TRUE(db()->transact([&](sql::Transaction&) -> Status {
        EXPECT_EQ(add("a").error().code, "database.nested");
        return {};
    }));
    ASSERT_TRUE(db()->read([&](sql::Reader&) -> Status {
        EXPECT_EQ(db()->read([](sql::Reader&) -> Status { return {}; }).error().code,
                  "database.nested");
        return {};
    }));
}

TEST_P(SqlContract, WritersStandInLineAndLoseNothing) {
    constexpr sql::Statement next{"next", "SELECT COALESCE(MAX(size), 0) + 1 AS n FROM thing"};
    constexpr int threads_count = 8, rounds = 25;
    auto second = sql::Database::open(db().settings());
    ASSERT_TRUE(second);
    std::atomic<int> failures = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t < threads_count; ++t) {
        threads.emplace_back([&, t] {
            sql::Database& mine = t % 2 == 0 ? *db() : **second;
            for (int i = 0; i < rounds; ++i) {
                const auto done = mine.transact([&](sql::Transaction& tx) -> Status {
                    const auto n = tx.query(next)[0].integer("n");
                    tx.insert(insert, std::to_string(n), n, nullptr);
                    return {};
                });
                if (!done) ++failures;
            }
        });
    }
    threads.clear();
    EXPECT_EQ(failures, 0);
    EXPECT_EQ(count(), threads_count * rounds);
}

TEST_P(SqlContract, MoreReadersThanConnectionsWaitForOne) {
    std::atomic<int> done = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t < 12; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 20; ++i) done += count() == 0 ? 1 : 0;
        });
    }
    threads.clear();
    EXPECT_EQ(done, 240);
}

TEST_P(SqlContract, ManyBuiltStatementsDoNotFillTheMemory) {
    ASSERT_TRUE(db()->read([&](sql::Reader& reader) -> Status {
        for (int i = 0; i < 1200; ++i) {
            const auto text = "SELECT " + std::to_string(i) + " AS n";
            EXPECT_EQ(reader.query_built("built", text, {})[0].integer("n"), i);
        }
        return {};
    }));
}

TEST_P(SqlContract, AppliedStepsAreNotAppliedAgain) {
    ASSERT_TRUE(add("a"));
    ASSERT_TRUE(db()->migrate({&things, 1}));
    EXPECT_EQ(count(), 1);
}

TEST_P(SqlContract, ANewerDatabaseIsRefused) {
    const std::array both{things,
                          sql::Migration{2, "things/0002_more", "CREATE TABLE more (id %ID%)"}};
    ASSERT_TRUE(db()->migrate(both));
    const auto status = db()->migrate({&things, 1});
    EXPECT_EQ(status.error().code, "database.newer");
    EXPECT_EQ(status.error().args[0].second, "things/0002_more");
}

TEST_P(SqlContract, AChangedReleasedStepIsRefused) {
    auto changed = things;
    changed.text += "CREATE TABLE extra (id %ID%);\n";
    EXPECT_EQ(db()->migrate({&changed, 1}).error().code, "database.changed");
}

TEST_P(SqlContract, AStepThatFailsLeavesNothingOfTheOthers) {
    const std::array steps{things,
                           sql::Migration{2, "things/0002_more", "CREATE TABLE more (id %ID%);\n"},
                           sql::Migration{3, "things/0003_bad", "CREATE TABLE thing (id %ID%);\n"}};
    EXPECT_FALSE(db()->migrate(steps));
    constexpr sql::Statement look{"look", "SELECT id FROM more"};
    EXPECT_FALSE(db()->read([&](sql::Reader& reader) -> Status {
        (void)reader.query(look);
        return {};
    }));
}

TEST_P(SqlContract, WhatWasCommittedIsThereAfterReopening) {
    ASSERT_TRUE(add("a"));
    db().reopen();
    EXPECT_EQ(count(), 1);
}

TEST(SqlText, ParametersInQuotesAndCommentsStay) {
    EXPECT_EQ(sql::to_sqlite_parameters("SELECT $1, '$2', \"$3\" -- $4\n, $12"),
              "SELECT ?1, '$2', \"$3\" -- $4\n, ?12");
}

TEST(SqlText, AMigrationIsCutIntoItsStatements) {
    const auto statements = sql::migration_statements(
        "CREATE TABLE a (t TEXT DEFAULT ';\n'); -- note\n\n-- only a comment;\nCREATE TABLE b (id "
        "%ID%)",
        sql::Engine::Sqlite);
    ASSERT_EQ(statements.size(), 2U);
    EXPECT_EQ(statements[0], "CREATE TABLE a (t TEXT DEFAULT ';\n')");
    EXPECT_EQ(statements[1], "CREATE TABLE b (id INTEGER PRIMARY KEY AUTOINCREMENT)");
}
