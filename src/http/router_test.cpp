#include "http/router.hpp"

#include <gtest/gtest.h>

namespace antin::http {
namespace {

Response ask(const Router& router, std::string method, std::string path) {
    Request request;
    request.method = std::move(method);
    request.path = std::move(path);
    return router.route(request);
}

Router example() {
    Router router;
    router.get("/ho-so/{code}",
               [](const Request& r) { return plain_text(200, r.path_value("code")); });
    router.get("/ho-so/moi", [](const Request&) { return plain_text(200, "new"); });
    router.post("/ho-so/{code}/tiep-nhan",
                [](const Request& r) { return plain_text(200, "in " + r.path_value("code")); });
    return router;
}

TEST(Router, NamedPartsMatchOneSegment) {
    EXPECT_EQ(ask(example(), "GET", "/ho-so/G11-1").body, "G11-1");
    EXPECT_EQ(ask(example(), "POST", "/ho-so/G11-1/tiep-nhan").body, "in G11-1");
    EXPECT_EQ(ask(example(), "GET", "/ho-so/").status, 404);
    EXPECT_EQ(ask(example(), "GET", "/ho-so/a/b/c").status, 404);
}

TEST(Router, AFixedSegmentWins) {
    EXPECT_EQ(ask(example(), "GET", "/ho-so/moi").body, "new");
}

TEST(Router, AnotherMethodIsRefusedWithAllow) {
    const auto response = ask(example(), "DELETE", "/ho-so/moi");
    EXPECT_EQ(response.status, 405);
    EXPECT_EQ(response.headers.back(), (std::pair<std::string, std::string>{"Allow", "GET"}));
}

TEST(Router, HeadIsAnsweredByGet) {
    EXPECT_EQ(ask(example(), "HEAD", "/ho-so/moi").status, 200);
}

}  // namespace
}  // namespace antin::http
