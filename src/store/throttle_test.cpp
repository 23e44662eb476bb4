#include "store/throttle.hpp"

#include <gtest/gtest.h>

#include "kit/test_database.hpp"

namespace antin::store {
namespace {

constexpr ThrottleLimit limit{
    .tries = 3, .window = std::chrono::minutes{10}, .lock = std::chrono::minutes{5}};
const Instant start = from_millis(1'700'000'000'000);

struct ThrottleTest : testing::Test {
    kit::TestDatabase db;
    std::optional<Instant> at(std::chrono::minutes after, std::string_view key = "a") {
        return db
            ->transact([&](sql::Transaction& tx) -> Result<std::optional<Instant>> {
                return count_try(tx, key, limit, start + after);
            })
            .value();
    }
    using m = std::chrono::minutes;
};

TEST_F(ThrottleTest, TheTryThatReachesTheLimitGoesOnTheNextFindsTheLock) {
    EXPECT_FALSE(at(m{0}));
    EXPECT_FALSE(at(m{1}));
    EXPECT_FALSE(at(m{2}));
    EXPECT_EQ(at(m{3}), start + m{7});
    EXPECT_FALSE(at(m{3}, "b"));
}

TEST_F(ThrottleTest, TheLockEndsByItselfAndIsNotMadeLongerByTrying) {
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(at(m{0}));
    for (int i = 0; i < 5; ++i) EXPECT_EQ(at(m{i}), start + m{5});
    EXPECT_FALSE(at(m{5}));
    EXPECT_FALSE(at(m{5}));
    EXPECT_FALSE(at(m{5}));
    EXPECT_TRUE(at(m{5}));
}

TEST_F(ThrottleTest, LookingAtALockCountsNothing) {
    const auto until = [&](m after) {
        return db
            ->read([&](sql::Reader& reader) -> Result<std::optional<Instant>> {
                return locked_until(reader, "a", start + after);
            })
            .value();
    };
    EXPECT_FALSE(until(m{0}));
    for (int i = 0; i < 3; ++i) EXPECT_FALSE(at(m{0}));
    EXPECT_EQ(until(m{4}), start + m{5});
    EXPECT_FALSE(until(m{5}));
}

TEST_F(ThrottleTest, AWindowThatPassedForgets) {
    EXPECT_FALSE(at(m{0}));
    EXPECT_FALSE(at(m{0}));
    EXPECT_FALSE(at(m{10}));
    EXPECT_FALSE(at(m{11}));
    EXPECT_FALSE(at(m{12}));
    EXPECT_TRUE(at(m{13}));
}

TEST_F(ThrottleTest, SuccessForgetsAndSharedKeysGiveBackOne) {
    const auto change = [&](auto act) {
        return db
            ->transact([&](sql::Transaction& tx) -> Status {
                act(tx);
                return {};
            })
            .has_value();
    };
    EXPECT_FALSE(at(m{0}));
    EXPECT_FALSE(at(m{0}));
    EXPECT_TRUE(change([](sql::Transaction& tx) { give_back_try(tx, "a"); }));
    EXPECT_FALSE(at(m{0}));
    EXPECT_TRUE(change([](sql::Transaction& tx) { forget_tries(tx, "a"); }));
    EXPECT_FALSE(at(m{0}));
    EXPECT_FALSE(at(m{0}));
    EXPECT_FALSE(at(m{0}));
    EXPECT_TRUE(at(m{0}));
}

}  // namespace
}  // namespace antin::store
