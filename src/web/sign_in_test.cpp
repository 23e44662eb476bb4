// Signing in as people and attackers do it, over HTTP.
#include <gtest/gtest.h>

#include "app/password.hpp"
#include "app/second_factor.hpp"
#include "app/vault.hpp"
#include "kit/portal.hpp"
#include "store/accounts.hpp"

namespace antin::web {
namespace {

using enum domain::Role;
constexpr auto password = "một câu dễ nhớ";

struct SignInTest : testing::Test {
    kit::Portal portal;
    std::int64_t agency = portal.add_agency("Đảng ủy xã Thử Nghiệm");

    store::Account account(std::int64_t id) {
        return portal.database
            ->read([&](sql::Reader& db) -> Result<store::Account> {
                return *store::find_account(db, id);
            })
            .value();
    }
    void change(std::int64_t id, const std::function<void(store::Account&)>& edit) {
        auto row = account(id);
        edit(row);
        ASSERT_TRUE(portal.database->transact(
            [&](sql::Transaction& tx) { return store::update_account(tx, row); }));
    }
    /// A person with a password.
    std::int64_t person(const std::vector<domain::Role>& roles, std::int64_t body = 0) {
        static const auto hash = app::hash_password(password);
        const auto id = portal.add_person("Lò Thị Thử", body == 0 ? agency : body, roles);
        change(id, [](store::Account& row) { row.password_hash = hash; });
        return id;
    }
    http::Answer try_sign_in(kit::Browser& browser, const std::string& email,
                             const std::string& typed) {
        return browser.submit(browser.get("/dang-nhap"), "/dang-nhap",
                              {{"email", email}, {"password", typed}});
    }
};

TEST_F(SignInTest, AClerkSignsInAndOut) {
    const auto id = person({FocalPoint});
    auto browser = portal.stranger();
    const auto in = try_sign_in(browser, "  " + account(id).email + " ", password);
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(in.header("location"), "/viec");
    const auto page = browser.get("/tai-khoan");
    EXPECT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("Lò Thị Thử"), std::string::npos);
    const auto out = browser.submit(page, "/thoat");
    EXPECT_EQ(out.status, 303);
    EXPECT_EQ(out.header("clear-site-data"), "") << "would undo the pairing with antin-token";
    EXPECT_EQ(browser.get("/tai-khoan").status, 303);
    EXPECT_EQ(portal.journal(),
              (std::vector<std::string>{"account.signed_in", "account.signed_out"}));
}

TEST_F(SignInTest, WrongAddressAndWrongPasswordReadTheSame) {
    const auto id = person({FocalPoint});
    auto browser = portal.stranger();
    const auto wrong_password = try_sign_in(browser, account(id).email, "sai mật khẩu");
    const auto wrong_address = try_sign_in(browser, "khong-co@laichau.gov.vn", "sai mật khẩu");
    EXPECT_EQ(wrong_password.status, 422);
    EXPECT_EQ(wrong_address.status, 422);
    const auto sentence = "Thư điện tử hoặc mật khẩu chưa đúng";
    EXPECT_NE(wrong_password.body.find(sentence), std::string::npos);
    EXPECT_NE(wrong_address.body.find(sentence), std::string::npos);
    EXPECT_NE(wrong_password.body.find("<title>Cần sửa 1 chỗ: Đăng nhập"), std::string::npos);
}

TEST_F(SignInTest, FiveWrongTriesLockTheAccountAndTheLockEndsByItself) {
    const auto email = account(person({FocalPoint})).email;
    auto browser = portal.stranger();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(try_sign_in(browser, email, "sai").status, 422);
    const auto locked = try_sign_in(browser, email, password);
    EXPECT_EQ(locked.status, 429);
    EXPECT_NE(locked.body.find("tạm khóa đến 09:15 23/11/2026"), std::string::npos);
    // Somebody else at the same address is not held up.
    const auto other = person({FocalPoint});
    EXPECT_EQ(try_sign_in(browser, account(other).email, password).status, 303);
    portal.clock.advance(std::chrono::minutes{15});
    auto again = portal.stranger();
    EXPECT_EQ(try_sign_in(again, email, password).status, 303);
}

TEST_F(SignInTest, TheSessionCookieIsNewWhateverTheBrowserBrought) {
    const auto email = account(person({FocalPoint})).email;
    auto browser = portal.stranger();
    browser.client.cookies["antin"] = "cookie-cua-ke-xau";
    ASSERT_EQ(try_sign_in(browser, email, password).status, 303);
    EXPECT_NE(browser.client.cookies["antin"], "cookie-cua-ke-xau");
    auto attacker = portal.stranger();
    attacker.client.cookies["antin"] = "cookie-cua-ke-xau";
    EXPECT_EQ(attacker.get("/tai-khoan").status, 303);
}

TEST_F(SignInTest, PostsWithoutTheTokenOrFromAnotherSiteChangeNothing) {
    auto browser = portal.sign_in(FocalPoint, agency);
    const auto bare = browser.client.post_form("/tai-khoan/thoat-noi-khac", {});
    EXPECT_EQ(bare->status, 403);
    auto other = portal.sign_in(FocalPoint, agency);
    http::Fields foreign;
    foreign.items.emplace_back(
        "csrf", http::find_form(other.get("/tai-khoan").body, "/thoat")->fields.get("csrf"));
    EXPECT_EQ(browser.client.post_form("/tai-khoan/thoat-noi-khac", foreign)->status, 403);
    http::Fields own;
    own.items.emplace_back(
        "csrf", http::find_form(browser.get("/tai-khoan").body, "/thoat")->fields.get("csrf"));
    EXPECT_EQ(browser.client
                  .post_form("/tai-khoan/thoat-noi-khac", own, {{"Origin", "https://xau.example"}})
                  ->status,
              403);
    EXPECT_EQ(browser.client.post_form("/tai-khoan/thoat-noi-khac", own)->status, 303);
    EXPECT_EQ(portal.journal(), std::vector<std::string>{"account.sessions_ended"});
}

TEST_F(SignInTest, SessionsEndIdleAndAbsolute) {
    auto idle = portal.sign_in(FocalPoint, agency);
    EXPECT_EQ(idle.get("/tai-khoan").status, 200);
    portal.clock.advance(std::chrono::minutes{59});
    EXPECT_EQ(idle.get("/tai-khoan").status, 200);  // being seen starts the hour again
    portal.clock.advance(std::chrono::minutes{61});
    EXPECT_EQ(idle.get("/tai-khoan").status, 303);
    auto busy = portal.sign_in(FocalPoint, agency);
    for (int i = 0; i < 14; ++i) {
        portal.clock.advance(std::chrono::minutes{50});
        EXPECT_EQ(busy.get("/tai-khoan").status, 200) << i;
    }
    portal.clock.advance(std::chrono::minutes{50});
    EXPECT_EQ(busy.get("/tai-khoan").status, 303);
}

TEST_F(SignInTest, AOneTimePasswordIsChangedBeforeAnythingElse) {
    const auto id = person({FocalPoint});
    change(id, [](store::Account& row) { row.password_temporary = true; });
    auto browser = portal.stranger();
    EXPECT_EQ(try_sign_in(browser, account(id).email, password).header("location"),
              "/tai-khoan/mat-khau");
    EXPECT_EQ(browser.get("/tai-khoan").header("location"), "/tai-khoan/mat-khau");
    const auto page = browser.get("/tai-khoan/mat-khau");
    const auto short_one = browser.submit(page, "/tai-khoan/mat-khau",
                                          {{"password", "ngắn"}, {"password_again", "ngắn"}});
    EXPECT_EQ(short_one.status, 422);
    const auto done =
        browser.submit(page, "/tai-khoan/mat-khau",
                       {{"password", "một câu khác hẳn"}, {"password_again", "một câu khác hẳn"}});
    EXPECT_EQ(done.status, 303);
    EXPECT_NE(browser.get("/tai-khoan").body.find("Đã đổi mật khẩu"), std::string::npos);
    EXPECT_EQ(browser.get("/tai-khoan").body.find("Đã đổi mật khẩu"), std::string::npos);
}

TEST_F(SignInTest, AOneTimePasswordExpires) {
    const auto id = person({FocalPoint});
    change(id, [&](store::Account& row) {
        row.password_temporary = true;
        row.password_expires_at = portal.clock.now() + std::chrono::hours{1};
    });
    portal.clock.advance(std::chrono::hours{1});
    auto browser = portal.stranger();
    EXPECT_EQ(try_sign_in(browser, account(id).email, password).status, 409);
}

TEST_F(SignInTest, AHeadMayUseACodeByMailOnceAndWithinTenMinutes) {
    const auto id = person({Head});
    const auto email = account(id).email;
    auto browser = portal.stranger();
    const auto asked = try_sign_in(browser, email, password);
    ASSERT_EQ(asked.status, 200);
    EXPECT_EQ(browser.get("/tai-khoan").header("location"), "/dang-nhap/ma");
    const auto mailed = browser.submit(asked, "/dang-nhap/ma-thu");
    ASSERT_EQ(mailed.status, 200);
    const auto mail = portal.mails_to(email).at(0);
    const auto at = mail.find("là ") + 4;
    const auto code = mail.substr(at, 6);
    EXPECT_EQ(browser.submit(mailed, "/dang-nhap/ma", {{"code", "000000"}}).status, 422);
    const auto before = browser.client.cookies["antin"];
    EXPECT_EQ(browser.submit(mailed, "/dang-nhap/ma", {{"code", code}}).status, 303) << mail;
    EXPECT_NE(browser.client.cookies["antin"], before);  // rights grew: a new cookie
    EXPECT_EQ(browser.get("/tai-khoan").status, 200);
    auto second = portal.stranger();
    const auto again = try_sign_in(second, email, password);
    EXPECT_NE(again.body.find("/dang-nhap/ma-thu"), std::string::npos);
    EXPECT_EQ(second.post("/dang-nhap/ma", {{"code", code}}).status, 422);
}

TEST_F(SignInTest, AnOfficerSetsUpThePhoneAndEachCodeIsGoodOnce) {
    const auto id = person({Assessor}, portal.provider());
    const auto email = account(id).email;
    auto browser = portal.stranger();
    EXPECT_EQ(try_sign_in(browser, email, password).header("location"), "/tai-khoan/xac-thuc");
    const auto page = browser.get("/tai-khoan/xac-thuc");
    EXPECT_NE(page.body.find("<svg xmlns"), std::string::npos);
    // Before that no other page opens, and no code by mail is to be had.
    EXPECT_EQ(browser.get("/tai-khoan").header("location"), "/tai-khoan/xac-thuc");
    EXPECT_EQ(browser.post("/dang-nhap/ma-thu").status, 409);
    const auto begin = page.body.find("<code>") + 6;
    auto typed = page.body.substr(begin, page.body.find("</code>") - begin);
    std::erase(typed, ' ');
    std::string raw;
    unsigned buffer = 0;
    int bits = 0;
    for (const char c : typed) {
        buffer = buffer << 5 | static_cast<unsigned>(
                                   std::string_view{"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"}.find(c));
        if ((bits += 5) >= 8) raw += static_cast<char>(buffer >> (bits -= 8));
    }
    const auto step = to_millis(portal.clock.now()) / 30'000;
    EXPECT_EQ(browser.submit(page, "/tai-khoan/xac-thuc", {{"code", "123456"}}).status, 422);
    const auto codes =
        browser.submit(page, "/tai-khoan/xac-thuc", {{"code", app::totp_code(raw, step)}});
    ASSERT_EQ(codes.status, 200);
    const auto recovery_at = codes.body.find("<li><code>") + 10;
    const auto recovery = codes.body.substr(recovery_at, 11);
    EXPECT_EQ(browser.get("/tai-khoan").status, 200);

    auto second = portal.stranger();
    const auto asked = try_sign_in(second, email, password);
    EXPECT_EQ(second.submit(asked, "/dang-nhap/ma", {{"code", app::totp_code(raw, step)}}).status,
              422);  // used already
    EXPECT_EQ(
        second.submit(asked, "/dang-nhap/ma", {{"code", app::totp_code(raw, step + 1)}}).status,
        303);
    auto third = portal.stranger();
    const auto third_asked = try_sign_in(third, email, password);
    EXPECT_EQ(third.submit(third_asked, "/dang-nhap/ma", {{"code", recovery}}).status, 303);
    auto fourth = portal.stranger();
    const auto fourth_asked = try_sign_in(fourth, email, password);
    EXPECT_EQ(fourth.submit(fourth_asked, "/dang-nhap/ma", {{"code", recovery}}).status, 422);
    // Another phone only with a code of this one, or with a recovery code.
    const auto change_page = browser.get("/tai-khoan/xac-thuc");
    const auto stolen =
        browser.submit(change_page, "/tai-khoan/xac-thuc", {{"code", app::totp_code(raw, step)}});
    EXPECT_EQ(stolen.status, 422);
    EXPECT_NE(stolen.body.find("href=\"#old_code\""), std::string::npos);
    // What lies in the database is not the secret itself.
    EXPECT_EQ(account(id).totp_secret.find(raw), std::string::npos);
}

TEST_F(SignInTest, GuessingCodesIsStopped) {
    const auto id = person({Head});
    auto browser = portal.stranger();
    ASSERT_EQ(try_sign_in(browser, account(id).email, password).status, 200);
    for (int i = 0; i < 6; ++i) {
        EXPECT_EQ(browser.post("/dang-nhap/ma", {{"code", "11111" + std::to_string(i)}}).status,
                  422);
    }
    EXPECT_EQ(browser.post("/dang-nhap/ma", {{"code", "222222"}}).status, 429);
}

TEST_F(SignInTest, PasswordResetByMailWorksOnceAndSaysNothingAboutStrangers) {
    const auto id = person({FocalPoint});
    const auto email = account(id).email;
    auto session = portal.sign_in(id);
    auto browser = portal.stranger();
    const auto known =
        browser.submit(browser.get("/mat-khau/quen"), "/mat-khau/quen", {{"email", email}});
    const auto unknown = browser.submit(browser.get("/mat-khau/quen"), "/mat-khau/quen",
                                        {{"email", "khong-co@laichau.gov.vn"}});
    EXPECT_EQ(known.status, 200);
    EXPECT_EQ(http::page_words(known.body), http::page_words(unknown.body));
    EXPECT_TRUE(portal.mails_to("khong-co@laichau.gov.vn").empty());
    const auto mail = portal.mails_to(email).at(0);
    const auto at = mail.find("/mat-khau/dat-lai/");
    const auto path = mail.substr(at, mail.find('\n', at) - at);
    const auto page = browser.get(path);
    ASSERT_EQ(page.status, 200);
    const kit::Typed typed{{"password", "câu mới dễ nhớ"}, {"password_again", "câu mới dễ nhớ"}};
    EXPECT_EQ(browser.submit(page, path, typed).status, 303);
    EXPECT_EQ(browser.submit(page, path, typed).status, 404);
    EXPECT_EQ(session.get("/tai-khoan").status, 303);  // every session has ended
    EXPECT_EQ(try_sign_in(browser, email, "câu mới dễ nhớ").status, 303);
}

TEST_F(SignInTest, AResetLinkExpires) {
    const auto email = account(person({FocalPoint})).email;
    auto browser = portal.stranger();
    browser.submit(browser.get("/mat-khau/quen"), "/mat-khau/quen", {{"email", email}});
    const auto mail = portal.mails_to(email).at(0);
    const auto at = mail.find("/mat-khau/dat-lai/");
    const auto path = mail.substr(at, mail.find('\n', at) - at);
    portal.clock.advance(std::chrono::minutes{31});
    EXPECT_EQ(browser.get(path).status, 404);
}

TEST_F(SignInTest, AScriptSignsInAgainInPlaceAndGoesOn) {
    const auto id = person({FocalPoint});
    auto browser = portal.sign_in(id);
    portal.clock.advance(std::chrono::hours{2});
    const auto ended = browser.post_json("/tai-khoan/thoat-noi-khac", "{}");
    EXPECT_EQ(ended.status, 401);
    EXPECT_NE(ended.body.find("\"session.ended\""), std::string::npos);
    const auto in =
        browser.send("POST", "/dang-nhap/tai-cho",
                     R"({"email":")" + account(id).email + R"(","password":")" + password + R"("})",
                     {{"Content-Type", "application/json"}});
    ASSERT_EQ(in.status, 200) << in.body;
    EXPECT_NE(in.body.find("\"step\":\"done\""), std::string::npos);
    const auto at = in.body.find("\"csrf\":\"") + 8;
    const auto token = in.body.substr(at, in.body.find('"', at) - at);
    const auto saved =
        browser.client.send("POST", "/tai-khoan/thoat-noi-khac", "{}", {{"X-CSRF-Token", token}});
    EXPECT_EQ(saved->status, 303);
    auto other = portal.stranger();
    EXPECT_EQ(
        other.client.send("POST", "/dang-nhap/tai-cho", "{}", {{"Origin", "https://xau.example"}})
            ->status,
        403);
}

TEST_F(SignInTest, WithoutScriptsWhatWasTypedSurvivesAnEndedSession) {
    const auto id = person({FocalPoint});
    auto browser = portal.sign_in(id);
    const auto form_page = browser.get("/tai-khoan/mat-khau");
    portal.clock.advance(std::chrono::hours{2});
    const auto asked = browser.submit(form_page, "/tai-khoan/mat-khau",
                                      {{"old_password", password},
                                       {"password", "câu <mới> \"dễ\" nhớ"},
                                       {"password_again", "câu <mới> \"dễ\" nhớ"}});
    EXPECT_EQ(asked.status, 401);
    EXPECT_NE(asked.body.find("Những gì anh/chị vừa gõ vẫn còn"), std::string::npos);
    const auto resume =
        browser.submit(asked, "/dang-nhap", {{"email", account(id).email}, {"password", password}});
    ASSERT_EQ(resume.status, 200);
    const auto sent = browser.submit(resume, "/tai-khoan/mat-khau");
    EXPECT_EQ(sent.status, 303);
    auto fresh = portal.stranger();
    EXPECT_EQ(try_sign_in(fresh, account(id).email, "câu <mới> \"dễ\" nhớ").status, 303);
}

TEST_F(SignInTest, MaliciousInputsAreRefusedOrShownHarmlessly) {
    auto browser = portal.stranger();
    const std::vector<std::string> bad = {"<script>alert(1)</script>",
                                          "\"><img src=x>",
                                          std::string(10'000, 'a'),
                                          "\u202Evn.vog",
                                          std::string("a\0b", 3),
                                          "' OR 1=1 --",
                                          "\xff\xfe"};
    for (const auto& text : bad) {
        const auto answer = try_sign_in(browser, text, text);
        EXPECT_EQ(answer.status, 422);
        EXPECT_EQ(answer.body.find("<script>alert"), std::string::npos);
        EXPECT_EQ(answer.body.find("<img src=x"), std::string::npos);
        browser.submit(browser.get("/mat-khau/quen"), "/mat-khau/quen", {{"email", text}});
    }
    EXPECT_EQ(browser.get("/dang-nhap").status, 200);
}

TEST_F(SignInTest, WhateverTheBrowserCallsItselfItsPersonSignsIn) {
    const auto email = account(person({FocalPoint})).email;
    for (const std::string& name : {std::string{"Tr\xECnh duy\xF2t"}, std::string(299, 'a') + "ệ",
                                    std::string(5000, 'x'), std::string{}}) {
        auto browser = portal.stranger();
        const auto page = browser.get("/dang-nhap");
        http::Fields form;
        form.items = {{"email", email}, {"password", password}};
        form.items.emplace_back("csrf",
                                http::find_form(page.body, "/dang-nhap")->fields.get("csrf"));
        const auto in = browser.client.post_form("/dang-nhap", form, {{"User-Agent", name}});
        ASSERT_TRUE(in);
        EXPECT_EQ(in->status, 303) << name.substr(0, 20);
        EXPECT_EQ(browser.get("/tai-khoan").status, 200);
    }
}

TEST_F(SignInTest, TheAddressToGoOnToStaysOnThisPortal) {
    const auto email = account(person({FocalPoint})).email;
    auto browser = portal.stranger();
    auto page = browser.get("/dang-nhap?tiep=https://xau.example/");
    EXPECT_EQ(browser.submit(page, "/dang-nhap", {{"email", email}, {"password", password}})
                  .header("location"),
              "/viec");
    auto second = portal.stranger();
    page = second.get("/dang-nhap?tiep=%2Ftai-khoan%3Fx%3D1");
    EXPECT_EQ(second.submit(page, "/dang-nhap", {{"email", email}, {"password", password}})
                  .header("location"),
              "/tai-khoan?x=1");
}

}  // namespace
}  // namespace antin::web
