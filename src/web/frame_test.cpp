#include "web/frame.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/notify.hpp"
#include "kit/portal.hpp"
#include "store/accounts.hpp"
#include "store/notices.hpp"
#include "web/csrf.hpp"
#include "web/help_topic.hpp"
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

TEST(Frame, WhoChoosesEnglishGetsTheNextNoticeAndMailInEnglish) {
    kit::Portal portal;
    const auto agency = portal.add_agency("Đảng ủy xã Bản Thử");
    auto clerk = portal.sign_in(domain::Role::FocalPoint, agency);
    struct Told {
        std::string notice, mail;
    };
    const auto tell = [&]() -> Told {
        return *portal.database->transact([&](sql::Transaction& tx) -> Result<Told> {
            app::notify_person(tx, *portal.services, clerk.account_id,
                               {"role_given", {{"agency", "Đảng ủy xã Bản Thử"}}, "/viec", {}});
            return Told{store::notices_of(tx, clerk.account_id, 1, 0).at(0).subject,
                        store::find_account(tx, clerk.account_id)->email};
        });
    };
    const auto last_mail = [&](const Told& told) { return portal.mails_to(told.mail).back(); };
    EXPECT_EQ(tell().notice, "Anh/chị có vai trò mới");

    EXPECT_EQ(clerk.get("/ngon-ngu/en?ve=/viec").status, 303);
    const auto english = tell();
    EXPECT_EQ(english.notice, "You have a new role");
    EXPECT_NE(last_mail(english).find("has given you a new role"), std::string::npos);
    EXPECT_EQ(clerk.get("/ngon-ngu/xx?ve=/viec").status, 303);
    EXPECT_EQ(tell().notice, "You have a new role");

    // Chosen once more it is no news; what a stranger chooses is nobody's.
    clerk.get("/ngon-ngu/en?ve=/viec");
    portal.stranger().get("/ngon-ngu/vi");
    EXPECT_EQ(std::ranges::count(portal.journal(), "account.language_chosen"), 1);
    clerk.get("/ngon-ngu/vi?ve=/viec");
    EXPECT_EQ(tell().notice, "Anh/chị có vai trò mới");
}

TEST(Frame, HelpIsThatOfTheTaskAndOfTheReadersRole) {
    using enum domain::Role;
    const auto topic = [](std::string_view path, domain::Roles roles) {
        return help_for(path, roles);
    };
    EXPECT_EQ(topic("/co-quan/nhap", domain::Roles(ProvinceCoordinator)), "/tro-giup/moi-co-quan");
    EXPECT_EQ(topic("/dang-ky/cho-duyet", domain::Roles(ProvinceCoordinator)),
              "/tro-giup/moi-co-quan");
    EXPECT_EQ(topic("/dang-ky/7", domain::Roles(ProvinceCoordinator)), "/tro-giup/moi-co-quan");
    EXPECT_EQ(topic("/dang-ky", {}), "/tro-giup/mo-tai-khoan");
    EXPECT_EQ(topic("/xu-ly/7", domain::Roles(Assessor)), "/tro-giup/tham-dinh");
    EXPECT_EQ(topic("/xu-ly/7", domain::Roles(Approver)), "/tro-giup/phe-duyet");
    EXPECT_EQ(topic("/xu-ly/7", domain::Roles(IntakeOfficer)), "/tro-giup/tiep-nhan");
    EXPECT_EQ(topic("/xu-ly/7/bo-sung", domain::Roles(IntakeOfficer)), "/tro-giup/tham-dinh");
    EXPECT_EQ(topic("/hang-cho", domain::Roles(Approver)), "/tro-giup/phe-duyet");
    EXPECT_EQ(topic("/cong-viec", domain::Roles(Approver)), "/tro-giup/phe-duyet");
    EXPECT_EQ(topic("/viec", domain::Roles(FocalPoint, Head)), "/tro-giup/lap-ho-so");
    EXPECT_EQ(topic("/viec", domain::Roles(Head)), "/tro-giup/ky-va-gui");
    EXPECT_EQ(topic("/nguoi", domain::Roles(Head)), "/tro-giup/dau-moi");
    EXPECT_EQ(topic("/thong-bao", domain::Roles(Auditor)), "/tro-giup/thong-bao");
    EXPECT_EQ(topic("/bieu-mau", {}), "/tro-giup");

    kit::Portal portal;
    auto stranger = portal.stranger();
    for (const auto* path : {"/tro-giup/moi-co-quan", "/tro-giup/dau-moi", "/tro-giup/thong-bao"}) {
        EXPECT_EQ(stranger.get(path).status, 200) << path;
        EXPECT_NE(stranger.get("/tro-giup").body.find(path), std::string::npos) << path;
    }
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
