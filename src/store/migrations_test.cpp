#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include "kit/test_database.hpp"

using namespace antin;

namespace {
class Migrations : public testing::TestWithParam<sql::Engine> {};
ANTIN_ON_BOTH_ENGINES(Migrations);
}  // namespace

TEST_P(Migrations, TheWholeSchemaIsTakenByBothEnginesAndTwiceChangesNothing) {
    kit::EngineDatabase database{GetParam()};
    ASSERT_TRUE(database->migrate(store::migrations()));
    EXPECT_TRUE(database->migrate(store::migrations()));
    EXPECT_GE(store::migrations().size(), 5U);
}
