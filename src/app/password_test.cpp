#include "app/password.hpp"

#include <gtest/gtest.h>

namespace antin::app {
namespace {

TEST(Password, the_right_one_is_right) {
    const auto encoded = hash_password("một mật khẩu dài");
    EXPECT_TRUE(verify_password(encoded, "một mật khẩu dài"));
    EXPECT_FALSE(verify_password(encoded, "một mật khẩu dàI"));
    EXPECT_FALSE(verify_password(encoded, ""));
}

TEST(Password, the_same_one_never_gives_the_same_hash) {
    EXPECT_NE(hash_password("same"), hash_password("same"));
}

TEST(Password, is_argon2id_with_the_stated_parameters) {
    EXPECT_TRUE(hash_password("x").starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
}

TEST(Password, an_account_without_one_has_no_right_password) {
    EXPECT_FALSE(verify_password("", ""));
    EXPECT_FALSE(verify_password("plain", "plain"));
    EXPECT_FALSE(verify_password("$argon2id$broken", "x"));
}

TEST(Password, a_one_time_password_can_be_typed_from_paper) {
    const auto first = one_time_password();
    EXPECT_EQ(first.size(), 19u);
    EXPECT_EQ(first.find_first_of("0O1IL"), std::string::npos);
    EXPECT_NE(first, one_time_password());
}

}  // namespace
}  // namespace antin::app
