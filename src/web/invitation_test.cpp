#include <gtest/gtest.h>

#include <algorithm>

#include "app/activate_account.hpp"
#include "app/edit_agency.hpp"
#include "app/invite_agency.hpp"
#include "app/register_agency.hpp"
#include "kit/portal.hpp"
#include "kit/workbook.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/agency_names.hpp"
#include "store/superiors.hpp"

namespace antin::web {
namespace {

using domain::Role;

/// The code that stands in the newest mail to an address.
std::string code_in_mail(kit::Portal& portal, std::string_view address) {
    const auto mails = portal.mails_to(address);
    if (mails.empty()) return {};
    const auto at = mails.back().find("?ma=");
    return at == std::string::npos ? "" : mails.back().substr(at + 4, 12);
}

store::Agency agency_of(kit::Portal& portal, std::int64_t id) {
    return *portal.database->read(
        [&](sql::Reader& db) -> Result<store::Agency> { return *store::find_agency(db, id); });
}

TEST(Invitation, AnInvitedClerkOpensTheAccountWithTheCodeOfTheMail) {
    kit::Portal portal;
    const auto agency = portal.add_agency("Đảng ủy xã Bản Thử", "party_committee", "none");
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    auto page = coordinator.get("/co-quan/" + std::to_string(agency));
    ASSERT_EQ(page.status, 200);
    const auto sent = coordinator.submit(page, "/moi",
                                         {{"invite_email", "vanthu.banthu@laichau.gov.vn"},
                                          {"invite_name", "Người Thử Một"},
                                          {"role", "focal_point"}});
    EXPECT_EQ(sent.status, 303);
    EXPECT_EQ(agency_of(portal, agency).state, "invited");

    const auto code = code_in_mail(portal, "vanthu.banthu@laichau.gov.vn");
    ASSERT_EQ(code.size(), 12u);
    auto stranger = portal.stranger();
    page = stranger.get("/kich-hoat?ma=" + code);
    ASSERT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("Đảng ủy xã Bản Thử"), std::string::npos);
    const auto done = stranger.submit(
        page, "/kich-hoat",
        {{"password", "một câu rất dễ nhớ"}, {"password_again", "một câu rất dễ nhớ"}});
    EXPECT_EQ(done.status, 303);
    EXPECT_EQ(agency_of(portal, agency).state, "approved");
    const auto again = stranger.get("/kich-hoat?ma=" + code);
    EXPECT_EQ(again.status, 422);
    EXPECT_NE(again.body.find("Mã này đã dùng rồi"), std::string::npos);
}

TEST(Invitation, APersonalAddressIsRefusedAndWhatWasTypedStays) {
    kit::Portal portal;
    const auto agency = portal.add_agency("UBND xã Bản Thử", "peoples_committee", "none");
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto page = coordinator.get("/co-quan/" + std::to_string(agency));
    const auto answer =
        coordinator.submit(page, "/moi", {{"invite_email", "ai.do@gmail.com"}, {"role", "head"}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.find("dịch vụ thư cá nhân"), std::string::npos);
    EXPECT_NE(answer.body.find("ai.do@gmail.com"), std::string::npos);
    EXPECT_EQ(agency_of(portal, agency).state, "none");
}

TEST(Invitation, AnAgencyOfAnotherProvinceReadsLikeOneThatDoesNotExist) {
    kit::Portal portal;
    const auto foreign = portal.add_agency("Đảng ủy tỉnh khác", "party_committee", "none", "01");
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    EXPECT_EQ(coordinator.get("/co-quan/" + std::to_string(foreign)).status, 404);
    EXPECT_EQ(coordinator.get("/co-quan/999999").status, 404);
    EXPECT_EQ(coordinator
                  .post("/co-quan/" + std::to_string(foreign) + "/moi",
                        {{"invite_email", "a@laichau.gov.vn"}, {"role", "head"}})
                  .status,
              404);
    const auto journal = portal.journal();
    EXPECT_NE(std::ranges::find(journal, "access.denied"), journal.end());
}

TEST(Invitation, AClerkMayNotEnterTheCoordinatorsPages) {
    kit::Portal portal;
    const auto agency = portal.add_agency("Đảng ủy xã Bản Thử");
    auto clerk = portal.sign_in(Role::FocalPoint, agency);
    for (const auto* path : {"/co-quan", "/co-quan/nhap", "/dang-ky/cho-duyet"}) {
        const auto status = clerk.get(path).status;
        EXPECT_TRUE(status == 403 || status == 404) << path << " " << status;
    }
}

TEST(Invitation, AllAtOnceInvitesThoseWithAnAddressAndSkipsTheOthers) {
    kit::Portal portal;
    const auto with = portal.add_agency("Đảng ủy xã Có Thư", "party_committee", "none");
    const auto without = portal.add_agency("Đảng ủy xã Không Thư", "party_committee", "none");
    ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
        auto agency = *store::find_agency(tx, with);
        agency.email = "dangu.cothu@laichau.gov.vn";
        return store::update_agency(tx, agency);
    }));
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto page = coordinator.get("/co-quan");
    const auto answer = coordinator.submit(page, "/co-quan/moi", {}, {{"ai", "tat-ca"}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(agency_of(portal, with).state, "invited");
    EXPECT_EQ(agency_of(portal, without).state, "none");
    EXPECT_EQ(portal.mails_to("dangu.cothu@laichau.gov.vn").size(), 1u);
}

TEST(Invitation, AWithdrawnOrExpiredCodeOpensNothing) {
    kit::Portal portal;
    const auto agency = portal.add_agency("Đảng ủy xã Bản Thử", "party_committee", "none");
    const auto person =
        portal.add_person("Đầu Mối", portal.provincial_desk(), {Role::ProvinceCoordinator});
    const auto actor = portal.actor(person);
    auto& services = *portal.services;
    const auto first =
        app::invite_agency(services, actor, {agency, "mot@laichau.gov.vn", "", "head"});
    const auto second =
        app::invite_agency(services, actor, {agency, "hai@laichau.gov.vn", "", "both"});
    ASSERT_TRUE(first && second);
    ASSERT_TRUE(app::withdraw_invitation(services, actor, first->invitation_id));
    EXPECT_EQ(app::withdraw_invitation(services, actor, first->invitation_id).error().code,
              "invitation.used");
    const auto code = [&](const auto& one) {
        return app::invitation_code(services, one->invitation_id);
    };
    EXPECT_EQ(app::look_up_invitation(services, "127.0.0.1", code(first)).error().code,
              "invitation.withdrawn");
    EXPECT_TRUE(app::look_up_invitation(services, "127.0.0.1", code(second)));
    portal.clock.advance(std::chrono::days{61});
    EXPECT_EQ(app::look_up_invitation(services, "127.0.0.1", code(second)).error().code,
              "invitation.expired");
    EXPECT_EQ(app::look_up_invitation(services, "127.0.0.1", "AAAA-BBBB-CCCC").error().code,
              "invitation.unknown_code");
}

TEST(Invitation, WhoGuessesCodesWaitsAndALockedAddressLearnsNothing) {
    kit::Portal portal;
    const auto agency = portal.add_agency("Đảng ủy xã Bản Thử", "party_committee", "none");
    const auto person =
        portal.add_person("Đầu Mối", portal.provincial_desk(), {Role::ProvinceCoordinator});
    auto& services = *portal.services;
    const auto invited = app::invite_agency(services, portal.actor(person),
                                            {agency, "mot@laichau.gov.vn", "", "head"});
    ASSERT_TRUE(invited);
    auto stranger = portal.stranger();
    for (int i = 0; i < 60; ++i) {
        ASSERT_EQ(stranger.get("/kich-hoat?ma=AAAA-BBBB-CCCC").status, 422);
    }
    const auto path = "/kich-hoat?ma=" + app::invitation_code(services, invited->invitation_id);
    EXPECT_EQ(stranger.get(path).status, 429);
    portal.clock.advance(std::chrono::minutes{10});
    EXPECT_EQ(stranger.get(path).status, 200);
}

TEST(Invitation, AnExistingAccountsPasswordCannotBeGuessedThroughAnInvitation) {
    kit::Portal portal;
    const auto agency = portal.add_agency("Đảng ủy xã Bản Thử", "party_committee", "none");
    const auto person =
        portal.add_person("Đầu Mối", portal.provincial_desk(), {Role::ProvinceCoordinator});
    const auto known = portal.add_person("Người Cũ", agency, {Role::FocalPoint});
    auto& services = *portal.services;
    const auto email = portal.database
                           ->read([&](sql::Reader& db) -> Result<std::string> {
                               return store::find_account(db, known)->email;
                           })
                           .value();
    const auto invited =
        app::invite_agency(services, portal.actor(person), {agency, email, "", "head"});
    ASSERT_TRUE(invited) << invited.error().code;
    app::ActivateAccount input;
    input.code = app::invitation_code(services, invited->invitation_id);
    input.remote_address = "127.0.0.1";
    for (int i = 0; i < 5; ++i) {
        input.password = "một câu đoán mò " + std::to_string(i);
        ASSERT_EQ(app::activate_account(services, input).error().code, "activation.own_password");
    }
    EXPECT_EQ(app::activate_account(services, input).error().code, "password.tries");
    portal.clock.advance(std::chrono::minutes{15});
    EXPECT_EQ(app::activate_account(services, input).error().code, "activation.own_password");
}

TEST(Superior, TheCoordinatorSetsItByNameAndItIsNoAgencyOfTheList) {
    kit::Portal portal;
    const auto office = portal.add_agency("Trạm Y tế Thử", "other");
    const auto department = portal.add_agency("Sở Y tế Thử", "department");
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto set = [&](std::int64_t agency, const char* name) {
        const auto path = "/co-quan/" + std::to_string(agency);
        return coordinator.submit(coordinator.get(path), path, {{"superior", name}});
    };
    const auto above = [&](std::int64_t agency) {
        return *portal.database->read([&](sql::Reader& db) -> Result<std::string> {
            std::string names;
            for (const auto& one : store::superiors_of(db, *store::find_agency(db, agency)))
                names += one.name + "; ";
            return names;
        });
    };
    ASSERT_EQ(set(department, "Ủy ban nhân dân tỉnh Thử").status, 303);
    ASSERT_EQ(set(office, "sở y tế thử").status, 303);  // found, whatever its case
    EXPECT_EQ(above(office), "Sở Y tế Thử; Ủy ban nhân dân tỉnh Thử; ");
    const auto list = coordinator.get("/co-quan").body;
    EXPECT_NE(list.find("Sở Y tế Thử"), std::string::npos);
    EXPECT_EQ(list.find("Ủy ban nhân dân tỉnh Thử"), std::string::npos);
    EXPECT_NE(
        coordinator.get("/co-quan/" + std::to_string(office)).body.find("Ủy ban nhân dân tỉnh Thử"),
        std::string::npos)
        << "offered among those in use";
    const auto circle = set(department, "Trạm Y tế Thử");
    EXPECT_EQ(circle.status, 422);
    EXPECT_NE(circle.body.find("không thể đứng trên chính mình"), std::string::npos);
    EXPECT_EQ(set(department, "Trạm Y tế Thử 1234567890 1234567890 1234567890 1234567890 12345678")
                  .status,
              422);
    ASSERT_EQ(set(office, "").status, 303);
    EXPECT_EQ(above(office), "");
}

TEST(Superior, TheImportedListMayNameIt) {
    kit::Portal portal;
    const auto known = portal.add_agency("Sở Thử Một", "department");
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const std::string list =
        "Tên cơ quan;Loại;Cơ quan chủ quản\n"
        "Sở Thử Một;Sở;Ủy ban nhân dân tỉnh Thử\n"
        "Ban Thử Hai;Ban Đảng;Tỉnh ủy Thử\n"
        "Sở Thử Ba;Sở;\n";
    const auto imported = app::import_agencies(
        *portal.services, portal.actor(coordinator.account_id), as_bytes(list), false);
    ASSERT_TRUE(imported) << imported.error().code;
    ASSERT_EQ(imported->rows.size(), 3U);
    EXPECT_EQ(imported->rows[0].outcome, "updated");
    EXPECT_EQ(imported->rows[1].outcome, "added");
    ASSERT_TRUE(portal.database->read([&](sql::Reader& db) -> Status {
        const auto name_above = [&](const store::Agency& agency) {
            return agency.parent_id ? store::find_agency(db, *agency.parent_id)->name : "";
        };
        EXPECT_EQ(name_above(*store::find_agency(db, known)), "Ủy ban nhân dân tỉnh Thử");
        EXPECT_EQ(name_above(*store::find_agency_by_name(db, "12", "Ban Thử Hai")), "Tỉnh ủy Thử");
        EXPECT_EQ(name_above(*store::find_agency_by_name(db, "12", "Sở Thử Ba")), "");
        store::AgencyFilter all;
        all.province_code = "12";
        EXPECT_EQ(store::count_agencies(db, all), 3);
        return {};
    }));
}

TEST(AgencyState, ASuspendedAgencysPeopleAreOutAtOnceAndBackWhenItIsResumed) {
    kit::Portal portal;
    const auto agency = portal.add_agency("Đảng ủy xã Tạm Dừng");
    auto clerk = portal.sign_in(Role::FocalPoint, agency);
    ASSERT_EQ(portal.actor(clerk.account_id).grants.size(), 1u);
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto path = "/co-quan/" + std::to_string(agency);
    const auto press = [&](const char* act, const char* reason) {
        return coordinator
            .submit(coordinator.get(path), "/tinh-trang", {{"reason", reason}}, {{"viec", act}})
            .status;
    };
    EXPECT_EQ(press("tam-dung", ""), 422);  // the agency has a right to know why
    EXPECT_EQ(press("tam-dung", "Đang sáp nhập."), 303);
    EXPECT_TRUE(portal.actor(clerk.account_id).grants.empty());
    EXPECT_EQ(press("mo-lai", ""), 303);
    EXPECT_EQ(portal.actor(clerk.account_id).grants.size(), 1u);
    EXPECT_EQ(press("dong", "Đã sáp nhập."), 303);
    EXPECT_TRUE(portal.actor(clerk.account_id).grants.empty());
}

TEST(Invitation, LettersOfAllUnusedInvitationsArePrintedAtOnce) {
    kit::Portal portal;
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto invite = [&](const char* name, const char* email) {
        const auto path = "/co-quan/" + std::to_string(portal.add_agency(name));
        EXPECT_EQ(
            coordinator.submit(coordinator.get(path), "/moi", {{"invite_email", email}}).status,
            303);
        return path;
    };
    EXPECT_EQ(coordinator.get("/co-quan").body.find("lời mời chưa dùng"), std::string::npos);
    EXPECT_EQ(coordinator.get("/co-quan/thu-moi?ai=dang-mo").header("location"), "/co-quan");
    (void)invite("Đảng ủy xã Thư Một", "mot@laichau.gov.vn");
    const auto second = invite("Đảng ủy xã Thư Hai", "hai@laichau.gov.vn");
    EXPECT_NE(coordinator.get("/co-quan").body.find("In thư của 2 lời mời chưa dùng"),
              std::string::npos);
    const auto open = app::open_invitations(*portal.services, portal.actor(coordinator.account_id));
    ASSERT_TRUE(open);
    EXPECT_EQ(open->size(), 2U);
    // One that was taken back is printed no more; another province's desk prints none of these.
    EXPECT_EQ(coordinator.submit(coordinator.get(second), "/thu-hoi-loi-moi", {}).status, 303);
    EXPECT_NE(coordinator.get("/co-quan").body.find("In thư của 1 lời mời chưa dùng"),
              std::string::npos);
    auto clerk = portal.sign_in(Role::FocalPoint, portal.add_agency("Đảng ủy xã Thư Ba"));
    EXPECT_EQ(clerk.get("/co-quan/thu-moi?ai=dang-mo").status, 403);
}

TEST(Registration, AnAgencyRegistersIsReturnedMendsAndIsApproved) {
    kit::Portal portal;
    (void)portal.provincial_desk();
    auto stranger = portal.stranger();
    auto page = stranger.get("/dang-ky");
    const kit::Typed typed{{"name", "Đảng ủy xã Tự Đăng Ký"},
                           {"kind", "party_committee"},
                           {"branch", "party"},
                           {"level", "commune"},
                           {"code", "H35.88"},
                           {"address", "Bản Thử, Lai Châu"},
                           {"email", "dangky@laichau.gov.vn"},
                           {"contact_name", "Người Đăng Ký"},
                           {"contact_role", "both"}};
    const std::vector<http::Upload> proof{
        {"proof", "đề nghị.pdf", "application/pdf", "%PDF-1.4\n%%EOF\n"}};
    auto answer = stranger.submit(page, "/dang-ky", typed);
    EXPECT_EQ(answer.status, 422);  // the stamped scan is missing; the rest stays
    EXPECT_NE(answer.body.find("Đảng ủy xã Tự Đăng Ký"), std::string::npos);
    answer = stranger.submit(page, "/dang-ky", typed, {}, proof);
    ASSERT_EQ(answer.status, 303);
    const auto follow = answer.header("location");

    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    page = coordinator.get("/dang-ky/1");
    ASSERT_EQ(page.status, 200);
    EXPECT_EQ(coordinator.get("/dang-ky/1/minh-chung").body, "%PDF-1.4\n%%EOF\n");
    answer = coordinator.submit(page, "/dang-ky/1", {}, {{"quyet-dinh", "tra"}});
    EXPECT_EQ(answer.status, 422);  // without reasons nobody knows what to mend
    answer = coordinator.submit(page, "/dang-ky/1", {{"reasons", "Thiếu dấu của cơ quan."}},
                                {{"quyet-dinh", "tra"}});
    EXPECT_EQ(answer.status, 303);

    page = stranger.get(follow);
    EXPECT_NE(page.body.find("Thiếu dấu của cơ quan."), std::string::npos);
    answer = stranger.submit(page, follow, typed, {}, proof);
    EXPECT_EQ(answer.status, 303);
    page = coordinator.get("/dang-ky/1");
    answer = coordinator.submit(page, "/dang-ky/1", {}, {{"quyet-dinh", "duyet"}});
    EXPECT_EQ(answer.status, 303);
    EXPECT_EQ(code_in_mail(portal, "dangky@laichau.gov.vn").size(), 12u);
    const auto made = portal.database->read([&](sql::Reader& db) -> Result<store::Agency> {
        return *store::find_agency_by_code(db, "H35.88");
    });
    EXPECT_EQ(made->state, "approved");
    EXPECT_FALSE(made->code_provisional);
}

app::AgencyDetails details_of(const std::string& email) {
    app::AgencyDetails details;
    details.name = "Đảng ủy xã Tự Đăng Ký";
    details.kind = "party_committee";
    details.branch = "party";
    details.level = "commune";
    details.address = "Bản Thử, Lai Châu";
    details.email = email;
    details.contact_name = "Người Đăng Ký";
    details.contact_role = "both";
    return details;
}

TEST(Registration, OneMailboxAndOneAddressRegisterOnlySoOften) {
    kit::Portal portal;
    (void)portal.provincial_desk();
    app::Actor stranger;
    const auto registers = [&](const std::string& email) -> std::string {
        const auto made = app::register_agency(*portal.services, stranger, details_of(email),
                                               {"dau.pdf", to_bytes("%PDF-1.4\n%%EOF\n")});
        return made ? "" : made.error().code;
    };
    stranger.remote_address = "192.0.2.1";
    for (int i = 0; i < 5; ++i) ASSERT_EQ(registers("nhieu@laichau.gov.vn"), "");
    EXPECT_EQ(registers("Nhieu@laichau.gov.vn"), "registration.too_many_of_mailbox");
    for (int i = 6; i < 60; ++i) {
        ASSERT_EQ(registers("so" + std::to_string(i) + "@laichau.gov.vn"), "") << i;
    }
    const auto kept =
        app::open_registrations(*portal.services,
                                portal.actor(portal.add_person("Đầu Mối", portal.provincial_desk(),
                                                               {Role::ProvinceCoordinator})),
                                "registered");
    EXPECT_EQ(registers("cuoi@laichau.gov.vn"), "registration.too_many");
    stranger.remote_address = "192.0.2.2";
    EXPECT_EQ(registers("khac@laichau.gov.vn"), "") << "another network";
    EXPECT_EQ(registers("nhieu@laichau.gov.vn"), "registration.too_many_of_mailbox");
    portal.clock.advance(std::chrono::minutes{60});
    EXPECT_EQ(registers("nhieu@laichau.gov.vn"), "");
    stranger.remote_address = "192.0.2.1";
    EXPECT_EQ(registers("cuoi@laichau.gov.vn"), "") << "the lock ended by itself";
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept->size(), 59U) << "what was refused is not kept";
}

TEST(Registration, TooManyRegistrationsAreToldOnTheForm) {
    kit::Portal portal;
    (void)portal.provincial_desk();
    auto stranger = portal.stranger();
    for (int i = 0; i < 5; ++i) {
        ASSERT_TRUE(app::register_agency(*portal.services, {}, details_of("hop@laichau.gov.vn"),
                                         {"dau.pdf", to_bytes("%PDF-1.4\n%%EOF\n")}));
    }
    const auto answer =
        stranger.submit(stranger.get("/dang-ky"), "/dang-ky",
                        {{"name", "Đảng ủy xã Tự Đăng Ký"},
                         {"kind", "party_committee"},
                         {"branch", "party"},
                         {"level", "commune"},
                         {"address", "Bản Thử, Lai Châu"},
                         {"email", "hop@laichau.gov.vn"},
                         {"contact_name", "Người Đăng Ký"},
                         {"contact_role", "both"}},
                        {}, {{"proof", "dau.pdf", "application/pdf", "%PDF-1.4\n%%EOF\n"}});
    EXPECT_EQ(answer.status, 429);
    EXPECT_NE(answer.body.find("Hộp thư này đã được dùng cho nhiều đăng ký"), std::string::npos);
    EXPECT_NE(answer.body.find("Đảng ủy xã Tự Đăng Ký"), std::string::npos)
        << "nothing is typed again";
}

TEST(Registration, AStaleDecisionIsToldAndChangesNothing) {
    kit::Portal portal;
    (void)portal.provincial_desk();
    auto stranger = portal.stranger();
    const auto form = stranger.get("/dang-ky");
    ASSERT_EQ(stranger
                  .submit(form, "/dang-ky",
                          {{"name", "Cơ quan Hai Người"},
                           {"kind", "other"},
                           {"branch", "state"},
                           {"level", "province"},
                           {"address", "Lai Châu"},
                           {"email", "hai.nguoi@laichau.gov.vn"},
                           {"contact_name", "Người Thử"},
                           {"contact_role", "head"}},
                          {}, {{"proof", "a.pdf", "", "%PDF-1.4\n%%EOF\n"}})
                  .status,
              303);
    auto one = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    auto two = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto seen_by_one = one.get("/dang-ky/1"), seen_by_two = two.get("/dang-ky/1");
    EXPECT_EQ(one.submit(seen_by_one, "/dang-ky/1", {}, {{"quyet-dinh", "duyet"}}).status, 303);
    const auto late =
        two.submit(seen_by_two, "/dang-ky/1", {{"reasons", "Không rõ."}}, {{"quyet-dinh", "tra"}});
    EXPECT_EQ(late.status, 409);
    EXPECT_NE(late.body.find("đã xử lý đăng ký này lúc 09:00 23/11/2026"), std::string::npos)
        << late.body;
}

TEST(Registration, ABodyThatIsOnTheListAlreadyIsNotListedTwice) {
    kit::Portal portal;
    const auto known = portal.add_agency("Đảng ủy xã Bản Thử", "party_committee", "none");
    (void)portal.provincial_desk();
    auto stranger = portal.stranger();
    ASSERT_EQ(stranger
                  .submit(stranger.get("/dang-ky"), "/dang-ky",
                          {{"name", "ĐẢNG ỦY XÃ BẢN THỬ"},
                           {"kind", "party_committee"},
                           {"branch", "party"},
                           {"level", "commune"},
                           {"address", "Bản Thử, Lai Châu"},
                           {"email", "banthu@laichau.gov.vn"},
                           {"contact_name", "Người Thử"},
                           {"contact_role", "head"}},
                          {}, {{"proof", "a.pdf", "", "%PDF-1.4\n%%EOF\n"}})
                  .status,
              303);
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto page = coordinator.get("/dang-ky/1");
    EXPECT_NE(page.body.find("Đây là cơ quan nào?"), std::string::npos);
    EXPECT_EQ(coordinator.submit(page, "/dang-ky/1", {}, {{"quyet-dinh", "duyet"}}).status, 303);
    EXPECT_EQ(agency_of(portal, known).state, "approved");
    EXPECT_EQ(agency_of(portal, known).address, "Bản Thử, Lai Châu") << "what was not known yet";
    ASSERT_TRUE(portal.database->read([](sql::Reader& db) -> Status {
        EXPECT_EQ(store::count_agencies(db, {}), 1);
        return {};
    }));
}

TEST(Invitation, AnAgencyIsFoundByItsCodeAndByItsNameWithoutDiacritics) {
    kit::Portal portal;
    const auto agency = portal.add_agency("Đảng ủy xã Bản Thử", "party_committee", "none");
    portal.add_agency("UBND xã Khác", "peoples_committee", "none");
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    for (const auto& typed :
         {agency_of(portal, agency).code, std::string{"dang uy"}, std::string{"BẢN THỬ"}}) {
        const auto words =
            http::page_words(coordinator.get("/co-quan?tim=" + http::url_encode(typed)).body);
        EXPECT_NE(words.find("Đảng ủy xã Bản Thử"), std::string::npos) << typed;
        EXPECT_EQ(words.find("UBND xã Khác"), std::string::npos) << typed;
        EXPECT_NE(words.find("Tất cả 1"), std::string::npos) << words;
    }
}

TEST(Invitation, ADomainThatTheAdministratorAddedCountsEverywhere) {
    kit::Portal portal;
    const auto agency = portal.add_agency("UBND xã Bản Thử", "peoples_committee", "none");
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto invite = [&] {
        return coordinator
            .submit(coordinator.get("/co-quan/" + std::to_string(agency)), "/moi",
                    {{"invite_email", "vanthu@dientu-banthu.vn"}, {"role", "both"}})
            .status;
    };
    EXPECT_EQ(invite(), 422);
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    const auto page = administrator.get("/quan-tri/cai-dat");
    EXPECT_EQ(administrator
                  .submit(page, "/quan-tri/cai-dat", {{"official_email_added", "dientu-banthu.vn"}})
                  .status,
              303);
    EXPECT_EQ(invite(), 303);
}

TEST(Invitation, AnAgencyWhoseHeadLeftSaysSoAndInvitesTheNext) {
    kit::Portal portal;
    const auto agency = portal.add_agency("UBND xã Bản Thử", "peoples_committee");
    portal.add_person("Lò Văn Thư", agency, {Role::FocalPoint});
    const auto head = portal.add_person("Vàng Văn Trưởng", agency, {Role::Head});
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto path = "/co-quan/" + std::to_string(agency);
    EXPECT_EQ(coordinator.get(path).body.find("chưa có lãnh đạo ký"), std::string::npos);
    const auto email = portal.database->read([&](sql::Reader& db) -> Result<std::string> {
        return store::find_account(db, head)->email;
    });
    EXPECT_EQ(coordinator.post(path + "/ket-thuc", {{"thu", *email}, {"vai_tro", "head"}}).status,
              303);
    const auto page = coordinator.get(path);
    EXPECT_NE(page.body.find("chưa có lãnh đạo ký"), std::string::npos);
    // The role that is missing stands chosen: the address is all that has to be typed.
    EXPECT_EQ(coordinator.submit(page, "/moi", {{"invite_email", "truong2@laichau.gov.vn"}}).status,
              303);
    const auto code = code_in_mail(portal, "truong2@laichau.gov.vn");
    const auto found = app::look_up_invitation(*portal.services, "127.0.0.1", code);
    ASSERT_TRUE(found);
}

TEST(AgencyImport, AListAddsCompletesAndNamesWhatIsWrongRowByRow) {
    kit::Portal portal;
    portal.add_agency("Đảng ủy xã Đã Có", "party_committee", "none");
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto page = coordinator.get("/co-quan/nhap");
    const std::vector<http::Upload> list{
        {"file", "danh sach.csv", "text/csv",
         "DANH SÁCH CƠ QUAN;;\nThư điện tử;Tên cơ quan;Loại\n"
         "daco@laichau.gov.vn;ĐẢNG ỦY XÃ ĐÃ CÓ;Đảng ủy\n"
         "moi@laichau.gov.vn;Sở Thử Nghiệm;Sở\nsai@gmail.com;Ban Sai Thư;Ban Đảng\n"}};
    auto answer = coordinator.submit(page, "/co-quan/nhap", {{"buoc", "thu"}}, {}, list);
    EXPECT_NE(answer.body.find("Thêm 1, cập nhật 1, cần sửa 1."), std::string::npos);
    const auto count = [&] {
        return *portal.database->read(
            [](sql::Reader& db) -> Result<std::int64_t> { return store::count_agencies(db, {}); });
    };
    EXPECT_EQ(count(), 1);  // it was only a trial
    // What was looked at is taken over by one button, without choosing the file again.
    answer = coordinator.submit(answer, "/co-quan/nhap");
    EXPECT_EQ(count(), 2);
    EXPECT_NE(answer.body.find("Mời 2 cơ quan chưa mời"), std::string::npos);
    answer = coordinator.submit(page, "/co-quan/nhap", {{"buoc", "nhap"}}, {}, list);
    EXPECT_EQ(count(), 2);  // repeated without doubles
}

std::string list_of(int rows, bool with_email) {
    std::string csv = "Tên cơ quan;Thư điện tử\n";
    for (int i = 1; i <= rows; ++i) {
        csv += "Đảng ủy xã Thử " + std::to_string(i) + ";";
        if (with_email) csv += "xa" + std::to_string(i) + "@laichau.gov.vn";
        csv += "\n";
    }
    return csv;
}

TEST(AgencyImport, AThousandRowsAreReadAndOneMoreIsRefusedByTheLimit) {
    kit::Portal portal;
    const auto person =
        portal.add_person("Đầu Mối", portal.provincial_desk(), {Role::ProvinceCoordinator});
    const auto actor = portal.actor(person);
    const auto import_list = [&](int rows, bool with_email) {
        return app::import_agencies(*portal.services, actor, as_bytes(list_of(rows, with_email)),
                                    false);
    };
    // A name alone is a row too, however many there are.
    for (const auto& [rows, with_email] : {std::pair{1001, true}, {1101, false}, {3321, false}}) {
        const auto refused = import_list(rows, with_email);
        ASSERT_FALSE(refused) << rows;
        EXPECT_EQ(refused.error().code, "agencies.import_too_many");
        EXPECT_EQ(refused.error().args.front().second, std::to_string(rows));
    }
    const auto count = [&] {
        return *portal.database->read(
            [](sql::Reader& db) -> Result<std::int64_t> { return store::count_agencies(db, {}); });
    };
    EXPECT_EQ(count(), 0);
    const auto read = import_list(1000, false);
    ASSERT_TRUE(read);
    EXPECT_EQ(std::ranges::count(read->rows, "added", &app::ImportedAgency::outcome), 1000);
    EXPECT_EQ(count(), 1000);
    const auto again = import_list(1000, false);
    EXPECT_EQ(std::ranges::count(again->rows, "unchanged", &app::ImportedAgency::outcome), 1000);
}

TEST(AgencyImport, TheRefusalNamesCountAndLimitOnThePage) {
    kit::Portal portal;
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto page = coordinator.get("/co-quan/nhap");
    const auto answer = coordinator.submit(page, "/co-quan/nhap", {{"buoc", "thu"}}, {},
                                           {{"file", "ds.csv", "text/csv", list_of(1200, true)}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.find("Danh sách có 1200 dòng, mỗi lần nhập nhiều nhất là 1000."),
              std::string::npos);
}

TEST(AgencyImport, TheListIsFoundOnWhicheverWorksheetItStandsAndThePageSaysWhich) {
    kit::Portal portal;
    auto coordinator = portal.sign_in(Role::ProvinceCoordinator, portal.provincial_desk());
    const auto page = coordinator.get("/co-quan/nhap");
    const auto book =
        kit::workbook_of({{"Hướng dẫn", {{"Điền trang sau"}}},
                          {"Cấp xã", {{"Tên cơ quan", "Loại"}, {"Đảng ủy xã Thử Một", "Đảng ủy"}}},
                          {"Cấp tỉnh", {{"Tên cơ quan", "Loại"}, {"Sở Thử Hai", "Sở"}}}});
    const auto answer = coordinator.submit(page, "/co-quan/nhap", {{"buoc", "thu"}}, {},
                                           {{"file", "ds.xlsx", "application/octet-stream", book}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_NE(answer.body.find("Đảng ủy xã Thử Một"), std::string::npos);
    EXPECT_NE(answer.body.find("Đã đọc trang tính “Cấp xã”. Chưa đọc: “Cấp tỉnh”."),
              std::string::npos);
    EXPECT_EQ(answer.body.find("Sở Thử Hai"), std::string::npos);
}

}  // namespace
}  // namespace antin::web
