// Who may name whom, and what happens to somebody whose role has ended.
#include "store/people.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "app/change_role.hpp"
#include "app/create_dossier.hpp"
#include "kit/portal.hpp"
#include "store/accounts.hpp"
#include "store/dossiers.hpp"
#include "web/web_router.hpp"

namespace antin::web {
namespace {

using enum domain::Role;

struct PeopleTest : testing::Test {
    kit::Portal portal;
    std::int64_t agency = portal.add_agency("Đảng ủy xã Thử Nghiệm");
    std::int64_t other = portal.add_agency("UBND xã Khác", "peoples_committee");

    std::string email_of(std::int64_t id) {
        return portal.database
            ->read([&](sql::Reader& db) -> Result<std::string> {
                return store::find_account(db, id)->email;
            })
            .value();
    }
    std::string link_in(const std::string& mail) {
        const auto at = mail.find("/mat-khau/dat-lai/");
        return mail.substr(at, mail.find('\n', at) - at);
    }
};

const kit::Typed new_clerk{{"full_name", "Vàng A Thử"},
                           {"email", "vanthu@thunghiem.laichau.gov.vn"},
                           {"position", "Văn thư"},
                           {"phone", "0912000000"}};

TEST_F(PeopleTest, AHeadNamesAClerkWhoSetsAPasswordAndWorks) {
    auto head = portal.sign_in(Head, agency);
    const auto added = head.submit(head.get("/nguoi"), "/nguoi/them", new_clerk);
    ASSERT_EQ(added.status, 303) << http::page_words(added.body);
    EXPECT_NE(head.open("/nguoi").body.find("Đã thêm Vàng A Thử."), std::string::npos);
    const auto mails = portal.mails_to("vanthu@thunghiem.laichau.gov.vn");
    ASSERT_EQ(mails.size(), 1u);
    const auto path = link_in(mails[0]);
    auto clerk = portal.stranger();
    const auto set =
        clerk.submit(clerk.get(path), path,
                     {{"password", "câu của tôi đây"}, {"password_again", "câu của tôi đây"}});
    EXPECT_EQ(set.status, 303);
    const auto in = clerk.submit(
        clerk.get("/dang-nhap"), "/dang-nhap",
        {{"email", "vanthu@thunghiem.laichau.gov.vn"}, {"password", "câu của tôi đây"}});
    EXPECT_EQ(in.header("location"), "/viec");
    EXPECT_EQ(clerk.get("/nguoi").status, 200);
    // A clerk names nobody.
    EXPECT_EQ(clerk.post("/nguoi/them", new_clerk).status, 403);
}

TEST_F(PeopleTest, ARoleThatEndedAMinuteAgoOpensNothing) {
    const auto clerk_id = portal.add_person("Đầu Mối Cũ", agency, {FocalPoint});
    auto clerk = portal.sign_in(clerk_id);
    EXPECT_EQ(clerk.get("/nguoi").status, 200);
    auto head = portal.sign_in(Head, agency);
    const auto ended = head.post("/nguoi/ket-thuc", {{"nguoi", std::to_string(clerk_id)}});
    EXPECT_EQ(ended.status, 303);
    EXPECT_EQ(clerk.get("/nguoi").status, 303);  // to the sign-in page: the session is gone
    auto again = portal.sign_in(clerk_id);
    EXPECT_EQ(again.get("/nguoi").status, 403);
    const auto journal = portal.journal();
    EXPECT_EQ(journal.at(0), "account.role_ended");
    EXPECT_EQ(journal.at(1), "access.denied");
}

TEST_F(PeopleTest, AnotherAgencysPeopleDoNotExist) {
    const auto stranger_clerk = portal.add_person("Người Khác", other, {FocalPoint});
    auto head = portal.sign_in(Head, agency);
    const auto seen = head.get("/nguoi?co_quan=" + std::to_string(other));
    EXPECT_EQ(seen.status, 404);
    EXPECT_EQ(seen.body.find("Người Khác"), std::string::npos);
    auto typed = new_clerk;
    typed.emplace_back("co_quan", std::to_string(other));
    EXPECT_EQ(head.post("/nguoi/them", typed).status, 404);
    EXPECT_EQ(head.post("/nguoi/ket-thuc", {{"co_quan", std::to_string(other)},
                                            {"nguoi", std::to_string(stranger_clerk)}})
                  .status,
              404);
    for (const auto& act : portal.journal()) EXPECT_EQ(act, "access.denied");
    EXPECT_EQ(portal.journal().size(), 3u);
}

TEST_F(PeopleTest, AHeadCannotEndAnotherHead) {
    const auto second = portal.add_person("Lãnh Đạo Khác", agency, {Head});
    const auto first = portal.add_person("Lãnh Đạo Thử", agency, {Head});
    const auto ended =
        app::end_role(*portal.services, portal.actor(first), {email_of(second), agency, Head});
    ASSERT_FALSE(ended);
    EXPECT_EQ(ended.error().kind, ErrorKind::Forbidden);
}

TEST_F(PeopleTest, TheCoordinatorEndsAHeadOfTheOwnProvinceOnly) {
    const auto head = portal.add_person("Lãnh Đạo Cũ", agency, {Head});
    auto coordinator = portal.sign_in(ProvinceCoordinator, portal.provincial_desk());
    const auto page = coordinator.get("/co-quan/" + std::to_string(agency));
    const auto ended = coordinator.submit(page, "/co-quan/" + std::to_string(agency) + "/ket-thuc");
    EXPECT_EQ(ended.status, 303) << http::page_words(ended.body);
    EXPECT_TRUE(portal.actor(head).grants.empty());
    const auto far = portal.add_agency("UBND xã tỉnh khác", "peoples_committee", "approved", "14");
    const auto far_head = portal.add_person("Lãnh Đạo Tỉnh Khác", far, {Head});
    EXPECT_EQ(coordinator
                  .post("/co-quan/" + std::to_string(far) + "/ket-thuc",
                        {{"thu", email_of(far_head)}, {"vai_tro", "head"}})
                  .status,
              404);
    EXPECT_FALSE(portal.actor(far_head).grants.empty());
}

TEST_F(PeopleTest, TheAdministratorAddsOfficersAndRolesThatGoTogether) {
    auto administrator = portal.sign_in(SystemAdministrator, portal.provider());
    const auto body = std::to_string(portal.provider());
    const auto page = administrator.get("/quan-tri/nguoi/moi");
    const kit::Typed person{{"full_name", "Cán Bộ Mới"},
                            {"email", "canbo@coquan.gov.vn"},
                            {"co_quan", body},
                            {"vai_tro", "assessor"}};
    const auto added = administrator.submit(page, "/quan-tri/nguoi/moi", person);
    ASSERT_EQ(added.status, 303) << http::page_words(added.body);
    const auto path = added.header("location");
    EXPECT_NE(administrator.get(path).body.find("Cán bộ thẩm định"), std::string::npos);
    const auto refused =
        administrator.post(path + "/giao", {{"vai_tro", "auditor"}, {"co_quan", body}});
    EXPECT_EQ(refused.status, 409);
    EXPECT_NE(http::page_words(refused.body).find("không được giữ cùng lúc"), std::string::npos);
    EXPECT_EQ(
        administrator.post(path + "/giao", {{"vai_tro", "approver"}, {"co_quan", body}}).status,
        303);
    EXPECT_EQ(
        administrator.post(path + "/ket-thuc", {{"vai_tro", "approver"}, {"co_quan", body}}).status,
        303);
}

TEST_F(PeopleTest, TheLastAdministratorStays) {
    const auto id = portal.add_person("Quản Trị", portal.provider(), {SystemAdministrator});
    auto administrator = portal.sign_in(id);
    const auto path = "/quan-tri/nguoi/" + std::to_string(id);
    EXPECT_EQ(administrator.post(path + "/tinh-trang", {{"viec", "tam-dung"}}).status, 409);
    EXPECT_EQ(administrator
                  .post(path + "/ket-thuc", {{"vai_tro", "system_administrator"},
                                             {"co_quan", std::to_string(portal.provider())}})
                  .status,
              409);
    EXPECT_EQ(administrator.get("/quan-tri/nguoi").status, 200);
}

TEST_F(PeopleTest, PeopleAreFoundWithoutDiacriticsByEveryWord) {
    portal.add_person("Đặng Thị Ước", agency, {FocalPoint});
    portal.add_person("Lường Văn Dũng", agency, {FocalPoint});
    auto administrator = portal.sign_in(SystemAdministrator, portal.provider());
    const auto search = [&](const std::string& typed) {
        return http::page_words(
            administrator.get("/quan-tri/nguoi?tim=" + http::url_encode(typed)).body);
    };
    for (const char* typed : {"dang uoc", "ĐẶNG", "uoc  thi", "Đặng Thị Ước"}) {
        EXPECT_NE(search(typed).find("Đặng Thị Ước"), std::string::npos) << typed;
        EXPECT_EQ(search(typed).find("Lường Văn Dũng"), std::string::npos) << typed;
    }
    EXPECT_NE(search("%").find("Không có ai khớp"), std::string::npos)
        << "a sign of the database's own language finds nobody";
    EXPECT_NE(search("thu.laichau.gov.vn").find("Lường Văn Dũng"), std::string::npos);
}

TEST_F(PeopleTest, AnAuditorReadsAndChangesNothing) {
    auto auditor = portal.sign_in(Auditor, portal.provider());
    EXPECT_EQ(auditor.get("/quan-tri/nguoi").status, 200);
    EXPECT_EQ(auditor.get("/quan-tri/nguoi/" + std::to_string(auditor.account_id)).status, 200);
    EXPECT_EQ(auditor.get("/quan-tri/nguoi/moi").status, 403);
    EXPECT_EQ(auditor.post("/quan-tri/nguoi/1/tinh-trang", {{"viec", "tam-dung"}}).status, 403);
    EXPECT_EQ(auditor.get("/nguoi").status, 403);
}

TEST_F(PeopleTest, ASuspendedPersonIsOutAtOnceAndBackAfterResuming) {
    auto administrator = portal.sign_in(SystemAdministrator, portal.provider());
    const auto id = portal.add_person("Cán Bộ", portal.provider(), {Assessor});
    auto officer = portal.sign_in(id);
    EXPECT_EQ(officer.get("/tai-khoan").status, 200);
    const auto path = "/quan-tri/nguoi/" + std::to_string(id);
    EXPECT_EQ(administrator.post(path + "/tinh-trang", {{"viec", "tam-dung"}}).status, 303);
    EXPECT_EQ(officer.get("/tai-khoan").status, 303);
    EXPECT_EQ(administrator.post(path + "/tinh-trang", {{"viec", "mo-lai"}}).status, 303);
    auto back = portal.sign_in(id);
    EXPECT_EQ(back.get("/tai-khoan").status, 200);
}

TEST_F(PeopleTest, MaliciousNamesAreRefusedByFieldOrShownHarmlessly) {
    auto head = portal.sign_in(Head, agency);
    const auto add = [&](const std::string& name, const std::string& email) {
        return head.post("/nguoi/them",
                         {{"full_name", name}, {"email", email}, {"position", name}});
    };
    const auto script = add("<script>alert('x')</script> & \"An\"", "a1@laichau.gov.vn");
    EXPECT_EQ(script.status, 303);
    const auto page = head.get("/nguoi").body;
    EXPECT_EQ(page.find("<script>alert"), std::string::npos);
    EXPECT_NE(page.find("&lt;script&gt;alert(&#39;x&#39;)"), std::string::npos);
    EXPECT_EQ(add("\u202EAn \u200Bvăn thư", "a2@laichau.gov.vn").status, 303);
    EXPECT_NE(head.get("/nguoi").body.find(">An văn thư<"), std::string::npos);
    for (const auto& bad : {std::string(10'000, 'a'), std::string("An\0x", 4), std::string("\xff"),
                            std::string("   "), std::string("\u202E\u200B")}) {
        const auto refused = add(bad, "a3@laichau.gov.vn");
        EXPECT_EQ(refused.status, 422);
        EXPECT_NE(refused.body.find("href=\"#full_name\""), std::string::npos);
    }
    for (const auto* bad : {"x@gmail.com", "a b@laichau.gov.vn", "@", "a@b\r\nBcc: x@y.vn",
                            "\"<script>\"@laichau.gov.vn"}) {
        const auto refused = add("An", bad);
        EXPECT_EQ(refused.status, 422) << bad;
        EXPECT_NE(refused.body.find("href=\"#email\""), std::string::npos) << bad;
    }
}

TEST_F(PeopleTest, WhatAnExaminerWorkedOnReturnsToTheQueue) {
    const auto clerk = portal.add_person("Đầu Mối", agency, {FocalPoint});
    const auto examiner = portal.add_person("Thẩm Định", portal.provider(), {Assessor});
    const auto administrator =
        portal.add_person("Quản Trị", portal.provider(), {SystemAdministrator});
    store::Dossier dossier;
    dossier.procedure = domain::Procedure::Issuance;
    dossier.subscriber_kind = domain::SubscriberKind::Individual;
    dossier.carrier = domain::Carrier::PkiToken;
    dossier.state = domain::DossierState::InProgress;
    dossier.channel = domain::Channel::Online;
    dossier.agency_id = agency;
    dossier.receiver_id = portal.provider();
    dossier.rules_date = "2026-11-23";
    dossier.created_by = clerk;
    dossier.created_at = dossier.saved_at = portal.clock.now();
    dossier.assessor_id = examiner;
    const auto id = portal.database
                        ->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
                            const auto made = store::add_dossier(tx, dossier);
                            auto stored = *store::find_dossier(tx, made);
                            stored.assessor_id = examiner;
                            EXPECT_TRUE(store::save_dossier(tx, stored));
                            return made;
                        })
                        .value();
    ASSERT_TRUE(app::end_role(*portal.services, portal.actor(administrator),
                              {email_of(examiner), portal.provider(), Assessor}));
    const auto after = portal.database
                           ->read([&](sql::Reader& db) -> Result<store::Dossier> {
                               return *store::find_dossier(db, id);
                           })
                           .value();
    EXPECT_FALSE(after.assessor_id);
    const auto journal = portal.journal();
    EXPECT_NE(std::ranges::find(journal, "dossier.released"), journal.end());
}

TEST_F(PeopleTest, EveryRouteSaysWhoMayEnter) {
    const auto router = make_portal(*portal.services);
    for (const auto& [route, access] : router->routes()) {
        // Open routes that change something still check origin and token.
        if (route.starts_with("GET ")) continue;
        EXPECT_FALSE(access.any_origin) << route;
        if (access.any_token) {
            EXPECT_EQ(route, "POST /dang-nhap/tai-cho");
        }
    }
    // A stranger gets nowhere but to the sign-in page on every route that is not open.
    auto stranger = portal.stranger();
    for (const auto& [route, access] : router->routes()) {
        if (access.everyone || !route.starts_with("GET ")) continue;
        auto path = route.substr(4);
        for (auto open = path.find('{'); open != std::string::npos; open = path.find('{')) {
            path.replace(open, path.find('}', open) - open + 1, "1");
        }
        const auto answer = stranger.get(path);
        EXPECT_EQ(answer.status, 303) << route;
        EXPECT_TRUE(answer.header("location").starts_with("/dang-nhap?tiep=")) << route;
    }
}

}  // namespace
}  // namespace antin::web
