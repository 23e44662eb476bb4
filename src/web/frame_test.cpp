#include "web/frame.hpp"

#include <gtest/gtest.h>

#include "kit/portal.hpp"
#include "web/csrf.hpp"
#include "web/web_router.hpp"

namespace antin::web {
namespace {

TEST(Csrf, MaskedTokensDifferAndMatch) {
    const std::string secret = "abcdefghijklmnopqrstuvwxyzABCDEF";
    const auto one = mask_csrf(secret), two = mask_csrf(secret);
    EXPECT_NE(one, two);
    EXPECT_TRUE(csrf_matches(secret, one));
    EXPECT_TRUE(csrf_matches(secret, two));
    EXPECT_FALSE(csrf_matches("xbcdefghijklmnopqrstuvwxyzABCDEF", one));
    EXPECT_FALSE(csrf_matches(secret, secret));
    EXPECT_FALSE(csrf_matches(secret, ""));
    EXPECT_FALSE(csrf_matches("", ""));
}

TEST(Csrf, OriginsOfOthersAreRefused) {
    http::Request request;
    request.tls = true;
    request.headers = {{"host", "cong.laichau.gov.vn"}};
    EXPECT_TRUE(same_origin(request, "https://cong.laichau.gov.vn"));
    request.headers.emplace_back("origin", "https://cong.laichau.gov.vn");
    EXPECT_TRUE(same_origin(request, "https://khac.gov.vn"));
    request.headers.back().second = "http://cong.laichau.gov.vn";
    EXPECT_FALSE(same_origin(request, "https://cong.laichau.gov.vn"));
    request.headers.back().second = "null";
    EXPECT_FALSE(same_origin(request, "https://cong.laichau.gov.vn"));
    request.headers.back() = {"sec-fetch-site", "cross-site"};
    EXPECT_FALSE(same_origin(request, "https://cong.laichau.gov.vn"));
    request.headers.back() = {"sec-fetch-site", "same-origin"};
    EXPECT_TRUE(same_origin(request, "https://cong.laichau.gov.vn"));
}

TEST(OwnPath, OnlyAddressesOfThisPortal) {
    EXPECT_EQ(own_path("/ho-so?hien=1"), "/ho-so?hien=1");
    for (const auto* bad : {"//evil.example", "https://evil.example", "/\\evil.example", "",
                            "javascript:alert(1)", "/a\r\nSet-Cookie: x=y"}) {
        EXPECT_EQ(own_path(bad), "/viec") << bad;
    }
}

TEST(Frame, AnUnknownPageIsA404InVietnameseWithAllHeaders) {
    kit::Portal portal;
    auto browser = portal.stranger();
    const auto answer = browser.send("GET", "/khong-co", "", {{"Accept-Language", "en"}});
    EXPECT_EQ(answer.status, 404);
    EXPECT_NE(answer.body.find("Không tìm thấy trang này"), std::string::npos);
    EXPECT_NE(answer.body.find("<html lang=\"vi\">"), std::string::npos);
    const auto policy = answer.header("content-security-policy");
    EXPECT_NE(policy.find("script-src 'self'; style-src 'self'"), std::string::npos);
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    EXPECT_NE(policy.find("frame-ancestors 'none'"), std::string::npos);
    EXPECT_EQ(answer.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(answer.header("referrer-policy"), "same-origin");
    EXPECT_EQ(answer.header("cache-control"), "no-store");
}

TEST(Frame, LanguageIsChosenByALinkAndKept) {
    kit::Portal portal;
    auto browser = portal.stranger();
    const auto chosen = browser.get("/ngon-ngu/en?ve=%2Fkhong-co");
    EXPECT_EQ(chosen.status, 303);
    EXPECT_EQ(chosen.header("location"), "/khong-co");
    EXPECT_NE(browser.get("/khong-co").body.find("This page cannot be found"), std::string::npos);
    EXPECT_EQ(browser.get("/ngon-ngu/en?ve=https://evil.example").header("location"), "/viec");
}

TEST(Frame, ProblemsAskedAsJsonAreJson) {
    kit::Portal portal;
    auto browser = portal.stranger();
    const auto answer = browser.send("GET", "/khong-co", "", {{"Accept", "application/json"}});
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.header("content-type"), "application/json");
    EXPECT_NE(answer.body.find("\"code\":\"page.not_found\""), std::string::npos);
}

}  // namespace
}  // namespace antin::web
