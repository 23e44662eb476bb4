#include <gtest/gtest.h>

#include "store/dossiers.hpp"

using namespace antin;

TEST(FieldValues, AreTheTextsOfAnObjectAndNothingElse) {
    const auto values = store::field_values_from_json(
        R"({"a":"1","n":7,"inner":{"a":"2"},"list":["3"],"b":"Đức \"x\"","z":null})");
    EXPECT_EQ(values, (store::FieldValues{{"a", "1"}, {"b", "Đức \"x\""}}));
    EXPECT_TRUE(store::field_values_from_json("[\"a\"]").empty());
    EXPECT_TRUE(store::field_values_from_json("\"a\"").empty());
    EXPECT_TRUE(store::field_values_from_json("{\"a\":\"1\"").empty()) << "cut off";
    EXPECT_TRUE(store::field_values_from_json("").empty());
}

TEST(FieldValues, ComeBackAsTheyWereWritten) {
    const store::FieldValues values{{"email", "a@b.vn"}, {"full_name", "Lò Văn \"A\"\n"}};
    EXPECT_EQ(store::field_values_from_json(store::to_json(values)), values);
}
