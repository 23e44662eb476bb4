#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <thread>

#include "app/accept_dossier.hpp"
#include "app/assess_lines.hpp"
#include "app/assign_dossier.hpp"
#include "app/attach_file.hpp"
#include "app/change_role.hpp"
#include "app/decide_lines.hpp"
#include "app/decide_withdrawal.hpp"
#include "app/dossier_clock.hpp"
#include "app/keep_file.hpp"
#include "app/officer_access.hpp"
#include "app/request_supplement.hpp"
#include "app/view_dossier.hpp"
#include "app/withdraw_dossier.hpp"
#include "kit/portal.hpp"
#include "ledger/issuers.hpp"
#include "store/papers.hpp"
#include "store/rules.hpp"
#include "store/supplements.hpp"

namespace antin::web {
namespace {

using domain::DossierState;
using domain::LineState;
using domain::Role;

/// A provider with its officers, an agency, and dossiers of Mẫu 01 that are filed already.
class OfficerPages : public testing::Test {
  protected:
    OfficerPages() {
        portal.clock.set("2026-12-07T09:12:00+07:00");
        provider = portal.provider();
        agency = portal.add_agency("UBND xã Thử Nghiệm", "peoples_committee");
        clerk = portal.add_person("Lò Thị Thử", agency, {Role::FocalPoint, Role::Head});
        intake = portal.add_person("Tòng Văn Tiếp", provider, {Role::IntakeOfficer});
        assessor = portal.add_person("Trần Thu Thẩm", provider, {Role::Assessor});
        second = portal.add_person("Hà Văn Hai", provider, {Role::Assessor});
        approver = portal.add_person("Đinh Thị Duyệt", provider, {Role::Approver});
        both = portal.add_person("Vàng A Hai Vai", provider, {Role::Assessor, Role::Approver});
        const auto done = portal.database->transact([&](sql::Transaction& tx) -> Status {
            for (const char* name : {"state", "party"}) {
                ledger::Issuer issuer;
                issuer.name = name;
                issuer.sort = "issuing";
                issuer.serial = name;
                ledger::insert_issuer(tx, issuer);
            }
            return {};
        });
        EXPECT_TRUE(done) << (done ? "" : done.error().detail);
    }

    std::int64_t file_dossier(int rows, int bad_rows = 0) {
        store::Dossier dossier;
        dossier.state = DossierState::Submitted;
        dossier.agency_id = agency;
        dossier.receiver_id = provider;
        dossier.rules_date = "2026-12-07";
        dossier.created_by = clerk;
        dossier.submitted_by = clerk;
        dossier.created_at = dossier.saved_at = portal.clock.now();
        dossier.submitted_at = portal.clock.now();
        dossier.line_count = rows;
        dossier.search_text = "ubnd xa thu nghiem dang van duc";
        dossier.shared_values = {{"province", "Lai Châu"},
                                 {"agency_name", "UBND xã Thử Nghiệm"},
                                 {"id_issued_by", "Cục CSQLHC về TTXH"}};
        dossier.recipient = {{"full_name", "Lò Thị Thử"},     {"personal_id", "012192003071"},
                             {"id_issued_on", "2022-01-11"},  {"id_issued_by", "Cục CSQLHC"},
                             {"position", "Văn thư"},         {"phone", "0900000105"},
                             {"email", "thu@laichau.gov.vn"}, {"address", "Bản Một, Lai Châu"}};
        return portal.database
            ->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
                const auto id = store::add_dossier(tx, dossier);
                for (int i = 1; i <= rows; ++i) {
                    store::DossierLine line;
                    line.dossier_id = id;
                    line.number = i;
                    line.name = fmt::format("Lò Văn Dòng {}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 26]);
                    line.values = {{"full_name", line.name},
                                   {"birth_date", "1979-05-12"},
                                   {"personal_id", fmt::format("0120790044{:02}", i)},
                                   {"id_issued_on", "2021-06-21"},
                                   {"email", fmt::format("dong{}@laichau.gov.vn", i)},
                                   {"position", "Chuyên viên"},
                                   {"phone", fmt::format("09000001{:02}", i)}};
                    if (i <= bad_rows) line.values["email"] = fmt::format("dong{}@gmail.com", i);
                    line.email = line.values["email"];
                    line.subject_key = line.values["personal_id"];
                    (void)store::add_line(tx, line);
                }
                return id;
            })
            .value();
    }
    store::Dossier read(std::int64_t id) {
        return portal.database
            ->read([&](sql::Reader& db) -> Result<store::Dossier> {
                return store::find_dossier(db, id).value();
            })
            .value();
    }
    std::vector<store::DossierLine> lines(std::int64_t id) {
        return portal.database
            ->read([&](sql::Reader& db) -> Result<std::vector<store::DossierLine>> {
                return store::dossier_lines(db, id);
            })
            .value();
    }
    std::int64_t in_progress(int rows, int bad_rows = 0) {
        const auto id = file_dossier(rows, bad_rows);
        EXPECT_TRUE(
            app::accept_dossier(*portal.services, portal.actor(intake), {id, read(id).version}));
        EXPECT_TRUE(app::assign_dossier(*portal.services, portal.actor(assessor),
                                        {id, read(id).version, assessor}));
        return id;
    }

    std::string email_of(std::int64_t id) {
        return portal.database
            ->read([&](sql::Reader& db) -> Result<std::string> {
                return store::find_account(db, id).value().email;
            })
            .value();
    }
    /// As the clerk does: the rows are mended, then the request is answered.
    void mend(std::int64_t id, std::int64_t number) {
        ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
            for (auto& line : store::dossier_lines(tx, id)) {
                if (line.number != number) continue;
                line.values["email"] = fmt::format("sua{}@laichau.gov.vn", number);
                line.email = line.values["email"];
                EXPECT_TRUE(store::save_line(tx, line));
            }
            return {};
        }));
    }
    void ask_back(std::int64_t id) {
        const auto asked = app::withdraw_dossier(*portal.services, portal.actor(clerk),
                                                 {id, read(id).version, "Nộp nhầm danh sách."});
        ASSERT_TRUE(asked) << asked.error().code;
    }

    kit::Portal portal;
    std::int64_t provider = 0, agency = 0, clerk = 0, intake = 0, assessor = 0, second = 0,
                 approver = 0, both = 0;
};

TEST_F(OfficerPages, ADossierGoesFromIntakeToApprovalThroughRealPages) {
    const auto id = file_dossier(3, 1);
    auto desk = portal.sign_in(intake);
    const auto queue = desk.get("/hang-cho?hien=cho-tiep-nhan");
    EXPECT_EQ(queue.status, 200);
    EXPECT_NE(queue.body.find("UBND xã Thử Nghiệm"), std::string::npos);
    const auto fresh = desk.get(fmt::format("/xu-ly/{}", id));
    ASSERT_EQ(fresh.status, 200) << fresh.body.substr(0, 2000);
    EXPECT_EQ(fresh.body.find("012079004402"), std::string::npos) << "masked until opened";
    EXPECT_EQ(desk.submit(fresh, "/tiep-nhan").status, 303);
    const auto accepted = read(id);
    EXPECT_EQ(accepted.state, DossierState::Accepted);
    EXPECT_TRUE(accepted.code.value().ends_with("-261207-0001")) << accepted.code.value();
    EXPECT_EQ(to_iso(accepted.due_at.value()), "2026-12-10T17:00:00+07:00");
    EXPECT_EQ(accepted.calendar_version, "2026.1");
    const auto address = portal.database->read([&](sql::Reader& db) -> Result<std::string> {
        return store::find_account(db, clerk).value().email;
    });
    EXPECT_EQ(portal.mails_to(address.value()).size(), 1U);

    auto examiner = portal.sign_in(assessor);
    auto page = examiner.get(fmt::format("/xu-ly/{}", id));
    EXPECT_EQ(examiner.submit(page, "/nhan-viec").status, 303);
    const auto told = portal.mails_to(address.value());
    ASSERT_EQ(told.size(), 2U);
    EXPECT_NE(told.back().find(accepted.code.value() + " đã có người thụ lý"), std::string::npos);
    ASSERT_TRUE(app::assign_dossier(*portal.services, portal.actor(intake),
                                    {id, read(id).version, assessor}));
    EXPECT_EQ(portal.mails_to(address.value()).size(), 2U) << "in progress already";
    page = examiner.get(fmt::format("/xu-ly/{}", id));
    EXPECT_NE(page.body.find("đã dùng"), std::string::npos);
    EXPECT_EQ(examiner.submit(page, "/mo-du-lieu").status, 303);
    page = examiner.get(fmt::format("/xu-ly/{}?dong=2", id));
    EXPECT_NE(page.body.find("012079004402"), std::string::npos);
    EXPECT_EQ(examiner.submit(page, "/tham-dinh", {}, {{"viec", "cap-het"}}).status, 303);
    page = examiner.get(fmt::format("/xu-ly/{}", id));
    EXPECT_EQ(examiner.submit(page, "/tham-dinh", {}, {{"viec", "trinh"}}).status, 303);
    EXPECT_EQ(lines(id)[0].state, LineState::Requested);
    EXPECT_EQ(lines(id)[1].state, LineState::Proposed);
    EXPECT_EQ(lines(id)[2].state, LineState::Proposed);

    auto boss = portal.sign_in(approver);
    EXPECT_NE(boss.get("/cong-viec").body.find(accepted.code.value()), std::string::npos);
    page = boss.get(fmt::format("/xu-ly/{}", id));
    const auto decided = boss.submit(page, "/quyet-dinh", {}, {{"viec", "dong-y-het"}});
    EXPECT_EQ(decided.status, 303) << decided.body.substr(0, 3000);
    EXPECT_EQ(lines(id)[1].state, LineState::Approved);
    EXPECT_EQ(lines(id)[1].decided_by, approver);
    EXPECT_EQ(read(id).state, DossierState::InProgress);
}

TEST_F(OfficerPages, WhoProposedMayNotDecideAndTheDatabaseAgrees) {
    const auto id = file_dossier(1);
    ASSERT_TRUE(
        app::accept_dossier(*portal.services, portal.actor(intake), {id, read(id).version}));
    ASSERT_TRUE(
        app::assign_dossier(*portal.services, portal.actor(both), {id, read(id).version, both}));
    ASSERT_TRUE(app::assess_lines(*portal.services, portal.actor(both),
                                  {id, {{1, domain::Proposal::Grant, ""}}}));
    ASSERT_TRUE(app::propose_lines(*portal.services, portal.actor(both), {id, read(id).version}));
    const auto own = app::decide_lines(*portal.services, portal.actor(both),
                                       {id, read(id).version, {{1, true, ""}}});
    EXPECT_EQ(own.error().code, "workflow.same_person");
    EXPECT_EQ(lines(id)[0].state, LineState::Proposed);
    const auto forced = portal.database->transact([&](sql::Transaction& tx) -> Status {
        tx.execute({"test.force", "UPDATE dossier_line SET decided_by = $1 WHERE dossier_id = $2"},
                   both, id);
        return {};
    });
    EXPECT_FALSE(forced);
}

TEST_F(OfficerPages, OfTwoWhoTakeOneWinsAndTheOtherIsToldWhoAndWhen) {
    const auto id = file_dossier(1);
    ASSERT_TRUE(
        app::accept_dossier(*portal.services, portal.actor(intake), {id, read(id).version}));
    auto first = portal.sign_in(assessor);
    auto other = portal.sign_in(second);
    const auto seen_first = first.get(fmt::format("/xu-ly/{}", id));
    const auto seen_other = other.get(fmt::format("/xu-ly/{}", id));
    EXPECT_EQ(first.submit(seen_first, "/nhan-viec").status, 303);
    const auto late = other.submit(seen_other, "/nhan-viec");
    EXPECT_EQ(late.status, 409);
    EXPECT_NE(late.body.find("Trần Thu Thẩm"), std::string::npos);
    EXPECT_NE(late.body.find("09:12 07/12/2026"), std::string::npos);
    EXPECT_EQ(read(id).assessor_id, assessor);
}

TEST_F(OfficerPages, TheSameFormTwiceHasOneEffect) {
    const auto id = file_dossier(1);
    auto desk = portal.sign_in(intake);
    const auto page = desk.get(fmt::format("/xu-ly/{}", id));
    EXPECT_EQ(desk.submit(page, "/tiep-nhan").status, 303);
    EXPECT_EQ(desk.submit(page, "/tiep-nhan").status, 303);
    EXPECT_TRUE(read(id).code.value().ends_with("-0001"));
    const auto papers = portal.database->read(
        [&](sql::Reader& db) -> Result<std::size_t> { return store::papers_of(db, id).size(); });
    EXPECT_EQ(papers.value(), 1U);
    const auto next = file_dossier(1);
    ASSERT_TRUE(
        app::accept_dossier(*portal.services, portal.actor(intake), {next, read(next).version}));
    EXPECT_TRUE(read(next).code.value().ends_with("-0002"));
}

TEST_F(OfficerPages, CodesHaveNoGapsAndNoDoublesUnderConcurrentIntake) {
    constexpr int count = 24;
    std::vector<std::int64_t> ids;
    for (int i = 0; i < count; ++i) ids.push_back(file_dossier(1));
    const auto officer = portal.actor(intake);
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&, t] {
            for (int i = t; i < count; i += 4) {
                EXPECT_TRUE(app::accept_dossier(*portal.services, officer,
                                                {ids[static_cast<std::size_t>(i)], 1}));
            }
        });
    }
    for (auto& thread : threads) thread.join();
    std::set<std::string> codes;
    for (const auto id : ids) codes.insert(read(id).code.value().substr(read(id).code->size() - 4));
    EXPECT_EQ(codes.size(), static_cast<std::size_t>(count));
    EXPECT_EQ(*codes.begin(), "0001");
    EXPECT_EQ(*codes.rbegin(), "0024");
}

TEST_F(OfficerPages, ASupplementForAllRowsStopsTheClockAndItsAnswerIsOwed) {
    const auto id = in_progress(2, 2);
    portal.clock.set("2026-12-09T16:00:00+07:00");
    auto examiner = portal.sign_in(assessor);
    const auto form = examiner.get(fmt::format("/xu-ly/{}/bo-sung", id));
    ASSERT_EQ(form.status, 200) << form.body.substr(0, 2000);
    EXPECT_NE(form.body.find("còn 9 giờ làm việc"), std::string::npos);
    EXPECT_NE(form.body.find("Chỉ nên gửi một lần"), std::string::npos);
    const auto sent = examiner.submit(form, "/bo-sung");
    EXPECT_EQ(sent.status, 303) << sent.body.substr(0, 3000);
    auto dossier = read(id);
    EXPECT_EQ(dossier.state, DossierState::AwaitingSupplement);
    EXPECT_EQ(dossier.remaining_minutes, 9 * 60);
    EXPECT_FALSE(dossier.due_at);
    EXPECT_EQ(lines(id)[0].state, LineState::InCorrection);
    // A second request while one is open is refused, with what was chosen kept on the page.
    const auto again = app::request_supplement(*portal.services, portal.actor(assessor),
                                               {id, dossier.version, {{1, "", "Sửa"}}, "", 0});
    EXPECT_EQ(again.error().code, "supplement.one_is_open");
    // No answer in time: rows refused, nothing had a result, so the dossier stops.
    portal.clock.set("2026-12-17T08:00:00+07:00");
    EXPECT_EQ(app::expire_supplements(*portal.services).value(), 1);
    EXPECT_EQ(app::expire_supplements(*portal.services).value(), 0);
    EXPECT_EQ(lines(id)[0].state, LineState::Refused);
    EXPECT_EQ(lines(id)[0].decision_reason, "Quá hạn bổ sung, cơ quan chưa trả lời.");
    EXPECT_EQ(read(id).state, DossierState::Stopped);
}

TEST_F(OfficerPages, ASupplementForOneRowOfThreeLetsTheOthersGoOn) {
    const auto id = in_progress(3, 1);
    const auto done = app::request_supplement(
        *portal.services, portal.actor(assessor),
        {id, read(id).version, {{1, "email", "Dòng 1: ghi thư công vụ."}}, "", 0});
    ASSERT_TRUE(done);
    EXPECT_EQ(done->state, DossierState::InProgress);
    EXPECT_TRUE(done->due_at);
    EXPECT_EQ(lines(id)[0].state, LineState::InCorrection);
    ASSERT_TRUE(app::assess_lines(
        *portal.services, portal.actor(assessor),
        {id, {{2, domain::Proposal::Grant, ""}, {3, domain::Proposal::Refuse, "Đã thôi việc."}}}));
    ASSERT_TRUE(
        app::propose_lines(*portal.services, portal.actor(assessor), {id, read(id).version}));
    const auto decided = app::decide_lines(*portal.services, portal.actor(approver),
                                           {id, read(id).version, {{2, true, ""}, {3, true, ""}}});
    ASSERT_TRUE(decided) << decided.error().code;
    EXPECT_EQ(decided->approved, 1);
    EXPECT_EQ(decided->refused, 1);
    EXPECT_EQ(lines(id)[2].decision_reason, "Đã thôi việc.");
    const auto papers =
        portal.database->read([&](sql::Reader& db) -> Result<std::vector<store::Paper>> {
            return store::papers_of(db, id);
        });
    const auto refusal = std::ranges::find(*papers, "line-refusal", &store::Paper::kind);
    ASSERT_NE(refusal, papers->end());
    EXPECT_NE(refusal->data.find("Dòng 3, " + lines(id)[2].name + ": Đã thôi việc."),
              std::string::npos);
}

TEST_F(OfficerPages, ADossierWhoseRowsAreAllRefusedIsDecidedAndReturned) {
    const auto id = in_progress(1);
    ASSERT_TRUE(app::assess_lines(*portal.services, portal.actor(assessor),
                                  {id, {{1, domain::Proposal::Refuse, "Đã thôi việc."}}}));
    ASSERT_TRUE(
        app::propose_lines(*portal.services, portal.actor(assessor), {id, read(id).version}));
    ASSERT_TRUE(app::decide_lines(*portal.services, portal.actor(approver),
                                  {id, read(id).version, {{1, true, ""}}}));
    EXPECT_EQ(read(id).state, DossierState::Returned);
}

TEST_F(OfficerPages, ARefusalWithoutReasonIsNamedAtItsRowAndNothingIsSent) {
    const auto id = in_progress(2);
    auto examiner = portal.sign_in(assessor);
    const auto page = examiner.get(fmt::format("/xu-ly/{}", id));
    const auto sent =
        examiner.submit(page, "/tham-dinh", {{"de-xuat-1", "approve"}, {"de-xuat-2", "refuse"}},
                        {{"viec", "trinh"}});
    EXPECT_EQ(sent.status, 409) << sent.body.substr(0, 500);
    EXPECT_NE(sent.body.find("#dong-2"), std::string::npos);
    EXPECT_EQ(lines(id)[0].state, LineState::Requested);
}

TEST_F(OfficerPages, AStaleFormKeepsWhatWasChosenAndNamesWhoWasFaster) {
    const auto id = in_progress(2);
    auto examiner = portal.sign_in(assessor);
    const auto page = examiner.get(fmt::format("/xu-ly/{}", id));
    ASSERT_TRUE(app::assign_dossier(*portal.services, portal.actor(approver),
                                    {id, read(id).version, assessor}));
    const auto stale =
        examiner.submit(page, "/tham-dinh", {{"de-xuat-1", "approve"}}, {{"viec", "trinh"}});
    EXPECT_EQ(stale.status, 409);
    EXPECT_NE(stale.body.find("Đinh Thị Duyệt"), std::string::npos);
    EXPECT_EQ(lines(id)[0].proposal, domain::Proposal::Grant);
}

TEST_F(OfficerPages, IntakeIsRefusedWithReasonsOnly) {
    const auto id = file_dossier(1);
    auto desk = portal.sign_in(intake);
    const auto form = desk.get(fmt::format("/xu-ly/{}/tu-choi", id));
    EXPECT_EQ(desk.submit(form, "/tu-choi", {{"reasons", "  "}}).status, 422);
    EXPECT_EQ(desk.submit(form, "/tu-choi", {{"reasons", "Thiếu dấu.\nSai mẫu."}}).status, 303);
    EXPECT_EQ(read(id).state, DossierState::IntakeRefused);
    EXPECT_EQ(read(id).end_reason, "Thiếu dấu. Sai mẫu.");
}

TEST_F(OfficerPages, OthersSeeNothingAndItIsOnTheTrail) {
    const auto id = file_dossier(1);
    auto agency_clerk = portal.sign_in(clerk);
    EXPECT_EQ(agency_clerk.get(fmt::format("/xu-ly/{}", id)).status, 403);
    const auto elsewhere = portal.provincial_desk();
    auto stranger = portal.sign_in(Role::Assessor, elsewhere);
    EXPECT_EQ(stranger.get(fmt::format("/xu-ly/{}", id)).status, 404);
    EXPECT_EQ(stranger.get("/xu-ly/999999").status, 404);
    EXPECT_EQ(stranger.get("/xu-ly/abc").status, 404);
    EXPECT_EQ(stranger.get("/hang-cho?hien=tat-ca").body.find("UBND xã Thử Nghiệm"),
              std::string::npos);
    const auto acts = portal.journal();
    EXPECT_NE(std::ranges::find(acts, "access.denied"), acts.end());
    // An examiner may not do the receptionist's act.
    EXPECT_EQ(app::accept_dossier(*portal.services, portal.actor(assessor), {id, 1}).error().kind,
              ErrorKind::Forbidden);
}

TEST_F(OfficerPages, AWithdrawalIsAgreedOrLeadsBackWithTheClockThatWasLeft) {
    const auto id = in_progress(2);
    const auto ask = [&] {
        ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
            auto dossier = store::find_dossier(tx, id).value();
            const auto from = dossier.state;
            dossier.state = DossierState::WithdrawalRequested;
            ANTIN_CHECK(app::stop_clock(tx, dossier, portal.clock.now()));
            EXPECT_TRUE(store::save_dossier(tx, dossier));
            app::record_step(tx, *portal.services, portal.actor(clerk), dossier,
                             {.act = "withdrawal_requested", .from = from});
            return {};
        }));
    };
    ask();
    const auto officer = portal.actor(assessor);
    EXPECT_EQ(app::decide_withdrawal(*portal.services, officer, {id, read(id).version, false, ""})
                  .error()
                  .code,
              "workflow.no_reason");
    portal.clock.set("2026-12-08T09:00:00+07:00");
    ASSERT_TRUE(app::decide_withdrawal(*portal.services, officer,
                                       {id, read(id).version, false, "Đã duyệt xong."}));
    EXPECT_EQ(read(id).state, DossierState::InProgress);
    EXPECT_EQ(to_iso(read(id).due_at.value()), "2026-12-11T09:00:00+07:00");
    ask();
    ASSERT_TRUE(
        app::decide_withdrawal(*portal.services, officer, {id, read(id).version, true, ""}));
    EXPECT_EQ(read(id).state, DossierState::Stopped);
    EXPECT_EQ(lines(id)[0].state, LineState::Refused);
}

TEST_F(OfficerPages, AWithdrawalIsSeenWithItsReasonAndAnsweredOnThePage) {
    const auto id = in_progress(2);
    ask_back(id);
    auto examiner = portal.sign_in(assessor);
    EXPECT_NE(examiner.get("/cong-viec").body.find(fmt::format("/xu-ly/{}", id)),
              std::string::npos);
    EXPECT_NE(examiner.get("/hang-cho?hien=xin-rut").body.find(fmt::format("/xu-ly/{}", id)),
              std::string::npos);
    const auto page = examiner.get(fmt::format("/xu-ly/{}", id));
    EXPECT_NE(page.body.find("Nộp nhầm danh sách."), std::string::npos);
    const auto silent = examiner.submit(page, "/rut", {{"ly-do", " "}}, {{"viec", "khong"}});
    EXPECT_EQ(silent.status, 409);
    EXPECT_NE(silent.body.find("href=\"#ly-do\""), std::string::npos) << silent.body;
    EXPECT_EQ(examiner.submit(page, "/rut", {{"ly-do", "Đã duyệt."}}, {{"viec", "khong"}}).status,
              303);
    EXPECT_EQ(read(id).state, DossierState::InProgress);
    EXPECT_EQ(read(id).end_reason, "");
    ask_back(id);
    const auto again = examiner.get(fmt::format("/xu-ly/{}", id));
    EXPECT_EQ(examiner.submit(again, "/rut", {}, {{"viec", "dong-y"}}).status, 303);
    EXPECT_EQ(lines(id)[0].decision_reason, "Cơ quan xin rút hồ sơ.");
    EXPECT_EQ(read(id).state, DossierState::Stopped);
    // The approver may look but has no say in it.
    ask_back(in_progress(1));
    auto boss = portal.sign_in(approver);
    EXPECT_EQ(boss.get(fmt::format("/xu-ly/{}", id + 1)).body.find("/rut\""), std::string::npos);
}

TEST_F(OfficerPages, AWithdrawalBeforeIntakeIsToldToTheReceptionists) {
    const auto id = file_dossier(1);
    ask_back(id);
    EXPECT_EQ(portal.mails_to(email_of(intake)).size(), 1U);
    auto desk = portal.sign_in(intake);
    const auto work = desk.get("/cong-viec").body;
    EXPECT_NE(work.find("Cơ quan xin rút"), std::string::npos);
    EXPECT_NE(work.find(fmt::format("/xu-ly/{}", id)), std::string::npos);
    const auto page = desk.get(fmt::format("/xu-ly/{}", id));
    EXPECT_EQ(desk.submit(page, "/rut", {{"ly-do", "Cần giữ."}}, {{"viec", "khong"}}).status, 303);
    EXPECT_EQ(read(id).state, DossierState::Submitted);
    // The reason stands in the history of both sides. A dossier without a code is told by its
    // agency and day; the journal, which is for ever, keeps no typed words.
    auto agency_page = portal.sign_in(clerk);
    const auto own = agency_page.get(fmt::format("/ho-so/da-gui/{}", id)).body;
    EXPECT_NE(own.find("Lý do: Cần giữ."), std::string::npos);
    EXPECT_NE(desk.get(fmt::format("/xu-ly/{}", id)).body.find("Lý do: Cần giữ."),
              std::string::npos);
    const auto told = agency_page.get("/thong-bao").body;
    EXPECT_NE(
        told.find("Hồ sơ của UBND xã Thử Nghiệm gửi ngày 07/12/2026 (chưa có mã) không rút được"),
        std::string::npos)
        << told;
    EXPECT_EQ(told.find("#1"), std::string::npos);
}

TEST_F(OfficerPages, AnAnsweredSupplementShowsTheAnswerAndTheClockGoesOn) {
    const auto id = in_progress(2, 1);
    portal.clock.set("2026-12-08T16:00:00+07:00");
    ASSERT_TRUE(app::request_supplement(
        *portal.services, portal.actor(assessor),
        {id, read(id).version, {{0, "", "Bản chụp thiếu dấu giáp lai."}}, "", 5}));
    EXPECT_EQ(read(id).state, DossierState::AwaitingSupplement);
    auto examiner = portal.sign_in(assessor);
    auto page = examiner.get(fmt::format("/xu-ly/{}", id)).body;
    EXPECT_NE(page.find("Bản chụp thiếu dấu giáp lai."), std::string::npos);
    EXPECT_NE(page.find("Chờ cơ quan trả lời trước 17 giờ thứ Ba, 15/12/2026"), std::string::npos);
    EXPECT_NE(page.find("đồng hồ dừng"), std::string::npos);
    portal.clock.set("2026-12-10T08:00:00+07:00");
    mend(id, 1);
    const auto mails = portal.mails_to(email_of(assessor)).size();
    const auto done = app::answer_supplement(*portal.services, portal.actor(clerk),
                                             {id, read(id).version, "Đã chụp lại đủ dấu."});
    ASSERT_TRUE(done) << done.error().code;
    EXPECT_EQ(read(id).state, DossierState::InProgress);
    EXPECT_EQ(lines(id)[0].state, LineState::Requested);
    EXPECT_EQ(portal.mails_to(email_of(assessor)).size(), mails + 1);
    // 17 working hours were left: eight on the 10th, eight on the 11th, one on the next Monday.
    EXPECT_EQ(to_iso(read(id).due_at.value()), "2026-12-14T09:00:00+07:00");
    page = portal.sign_in(assessor).get(fmt::format("/xu-ly/{}", id)).body;  // another morning
    EXPECT_NE(page.find("Đã chụp lại đủ dấu."), std::string::npos);
    EXPECT_NE(page.find("Cơ quan trả lời lúc"), std::string::npos);
}

TEST_F(OfficerPages, TheWarningBeforeAnotherSupplementFollowsTheRule) {
    const auto warns_of = [&](std::int64_t id, std::string_view sentence) {
        auto examiner = portal.sign_in(assessor);
        const auto form = examiner.get(fmt::format("/xu-ly/{}/bo-sung", id));
        EXPECT_EQ(form.status, 200);
        EXPECT_NE(form.body.find(sentence), std::string::npos) << sentence;
    };
    const auto ask_and_answer = [&](std::int64_t id) {
        ASSERT_TRUE(
            app::request_supplement(*portal.services, portal.actor(assessor),
                                    {id, read(id).version, {{0, "", "Thiếu dấu."}}, "", 5}));
        mend(id, 1);
        ASSERT_TRUE(app::answer_supplement(*portal.services, portal.actor(clerk),
                                           {id, read(id).version, "Đã đủ dấu."}));
    };
    const auto as_shipped = in_progress(2, 1);
    warns_of(as_shipped, "Từ phiếu thứ 2, hồ sơ bị tính là trễ hạn");
    ask_and_answer(as_shipped);
    warns_of(as_shipped, "Đây là phiếu thứ 2: gửi phiếu này");

    ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
        store::insert_rule(tx,
                           {"supplement.max_before_warning", "2", "times", "Quyết định thử",
                            "recalled", "2026-12-01"},
                           std::nullopt, portal.clock.now());
        return {};
    }));
    warns_of(as_shipped, "Từ phiếu thứ 3, hồ sơ bị tính là trễ hạn");
    ask_and_answer(as_shipped);
    warns_of(as_shipped, "Đây là phiếu thứ 3: gửi phiếu này");
}

TEST_F(OfficerPages, ASupplementDoesNotRunOutWhileTheAgencyAsksToWithdraw) {
    const auto id = in_progress(1, 1);
    ASSERT_TRUE(app::request_supplement(*portal.services, portal.actor(assessor),
                                        {id, read(id).version, {{1, "email", "Sửa thư."}}, "", 3}));
    ask_back(id);
    portal.clock.set("2026-12-21T08:00:00+07:00");
    EXPECT_EQ(app::expire_supplements(*portal.services).value(), 0);
    EXPECT_EQ(lines(id)[0].state, LineState::InCorrection);
    ASSERT_TRUE(app::decide_withdrawal(*portal.services, portal.actor(assessor),
                                       {id, read(id).version, false, "Cần giữ."}));
    EXPECT_EQ(read(id).state, DossierState::AwaitingSupplement);
    EXPECT_EQ(app::expire_supplements(*portal.services).value(), 1);
    EXPECT_EQ(read(id).state, DossierState::Stopped);
}

TEST_F(OfficerPages, LookingAtAnotherRowKeepsWhatTheExaminerChose) {
    const auto id = in_progress(3, 1);
    auto examiner = portal.sign_in(assessor);
    const auto page = examiner.get(fmt::format("/xu-ly/{}", id));
    const auto moved =
        examiner.submit(page, "/tham-dinh", {{"de-xuat-2", "approve"}}, {{"viec", "xem-1"}});
    EXPECT_EQ(moved.header("location"), fmt::format("/xu-ly/{}?dong=1#dong-1", id));
    EXPECT_EQ(lines(id)[1].proposal, domain::Proposal::Grant);
    const auto filtered =
        examiner.submit(page, "/tham-dinh", {{"de-xuat-3", "approve"}}, {{"viec", "loc"}});
    EXPECT_EQ(filtered.header("location"), fmt::format("/xu-ly/{}?hien=loi", id));
    EXPECT_EQ(lines(id)[2].proposal, domain::Proposal::Grant);
    const auto only = examiner.get(fmt::format("/xu-ly/{}?hien=loi", id)).body;
    EXPECT_NE(only.find("id=\"dong-1\""), std::string::npos);
    EXPECT_EQ(only.find("id=\"dong-2\""), std::string::npos);
    EXPECT_NE(only.find("Trình phê duyệt 2 dòng"), std::string::npos);
}

TEST_F(OfficerPages, AnApproversChoicesCountOnlyWhenSentAndEnterDecidesNothing) {
    const auto id = in_progress(2);
    ASSERT_TRUE(app::assess_lines(
        *portal.services, portal.actor(assessor),
        {id, {{1, domain::Proposal::Grant, ""}, {2, domain::Proposal::Refuse, "Đã nghỉ."}}}));
    ASSERT_TRUE(
        app::propose_lines(*portal.services, portal.actor(assessor), {id, read(id).version}));
    auto boss = portal.sign_in(approver);
    const auto page = boss.get(fmt::format("/xu-ly/{}", id));
    // Enter in a field presses a form's first button.
    const auto form = page.body.find("id=\"dong\"");
    const auto first = page.body.substr(page.body.find("<button", form), 90);
    EXPECT_NE(first.find("value=\"trang-1\""), std::string::npos) << first;
    const auto chosen = boss.submit(page, "/quyet-dinh", {}, {{"viec", "chon-het"}});
    EXPECT_EQ(chosen.status, 200);
    EXPECT_EQ(lines(id)[0].state, LineState::Proposed);
    const auto looked =
        boss.submit(page, "/quyet-dinh", {{"quyet-dinh-1", "tra-lai"}, {"ly-do-1", "Xem lại thư."}},
                    {{"viec", "xem-2"}});
    EXPECT_EQ(looked.status, 200);
    EXPECT_NE(looked.body.find("Xem lại thư."), std::string::npos);
    EXPECT_EQ(lines(id)[0].state, LineState::Proposed);
    const auto no_reason =
        boss.submit(page, "/quyet-dinh", {{"quyet-dinh-1", "tra-lai"}, {"quyet-dinh-2", "dong-y"}},
                    {{"viec", "quyet-dinh"}});
    EXPECT_EQ(no_reason.status, 409);
    EXPECT_NE(no_reason.body.find("id=\"loi-1\""), std::string::npos);
    EXPECT_EQ(lines(id)[1].state, LineState::Proposed) << "all or nothing";
    // With "agree" chosen everywhere the page's own form decides.
    EXPECT_EQ(boss.submit(chosen, "/quyet-dinh", {}, {{"viec", "quyet-dinh"}}).status, 303);
    EXPECT_EQ(lines(id)[0].state, LineState::Approved);
    EXPECT_EQ(lines(id)[1].state, LineState::Refused);
}

TEST_F(OfficerPages, ARoleThatEndedAMinuteAgoDecidesNothing) {
    const auto id = in_progress(1);
    ASSERT_TRUE(app::assess_lines(*portal.services, portal.actor(assessor),
                                  {id, {{1, domain::Proposal::Grant, ""}}}));
    ASSERT_TRUE(
        app::propose_lines(*portal.services, portal.actor(assessor), {id, read(id).version}));
    const auto two_roles =
        portal.add_person("Hoàng Đang Đi", provider, {Role::Approver, Role::RegistrationOfficer});
    auto boss = portal.sign_in(two_roles);
    const auto page = boss.get(fmt::format("/xu-ly/{}", id));
    ASSERT_TRUE(app::end_role(*portal.services, app::Actor::system("thử"),
                              {email_of(two_roles), provider, Role::Approver}));
    auto back = portal.sign_in(two_roles);  // the sessions ended with the role
    EXPECT_EQ(boss.get(fmt::format("/xu-ly/{}", id)).status, 303);
    EXPECT_EQ(back.post(fmt::format("/xu-ly/{}/quyet-dinh", id),
                        {{"version", std::to_string(read(id).version)},
                         {"quyet-dinh-1", "dong-y"},
                         {"viec", "quyet-dinh"}})
                  .status,
              403);
    EXPECT_EQ(lines(id)[0].state, LineState::Proposed);
    const auto acts = portal.journal();
    EXPECT_NE(std::ranges::find(acts, "access.denied"), acts.end());
}

TEST_F(OfficerPages, ManyDossiersGoToOneExaminerAndTheOneTakenMeanwhileIsTold) {
    std::vector<std::int64_t> ids;
    for (int i = 0; i < 3; ++i) {
        ids.push_back(file_dossier(1));
        ASSERT_TRUE(app::accept_dossier(*portal.services, portal.actor(intake),
                                        {ids.back(), read(ids.back()).version}));
    }
    auto desk = portal.sign_in(intake);
    EXPECT_NE(desk.get("/hang-cho?hien=chua-giao").body.find("name=\"chon\""), std::string::npos);
    kit::Typed typed{{"assessor", std::to_string(second)}};
    for (const auto id : ids)
        typed.emplace_back("chon", fmt::format("{}.{}", id, read(id).version));
    ASSERT_TRUE(app::assign_dossier(*portal.services, portal.actor(assessor),
                                    {ids[1], read(ids[1]).version, assessor}));
    EXPECT_EQ(desk.post("/hang-cho/phan-cong", typed).status, 303);
    EXPECT_EQ(read(ids[0]).assessor_id, second);
    EXPECT_EQ(read(ids[1]).assessor_id, assessor);
    EXPECT_EQ(read(ids[2]).assessor_id, second);
    const auto told = desk.get("/hang-cho?hien=chua-giao").body;
    EXPECT_NE(told.find("Đã phân công 2 hồ sơ"), std::string::npos);
    EXPECT_NE(told.find("Trần Thu Thẩm đã lưu hồ sơ này"), std::string::npos);
    // The examiner has no such form, and may not send it.
    auto examiner = portal.sign_in(second);
    EXPECT_EQ(examiner.get("/hang-cho?hien=chua-giao").body.find("/hang-cho/phan-cong"),
              std::string::npos);
    EXPECT_EQ(examiner.post("/hang-cho/phan-cong", typed).status, 403);
}

TEST_F(OfficerPages, EveryKindOfRequestOpensOrSaysWhyItCannot) {
    const auto id = file_dossier(1);
    auto desk = portal.sign_in(intake);
    for (const auto procedure : domain::all<domain::Procedure>()) {
        for (const auto kind : domain::all<domain::SubscriberKind>()) {
            ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
                auto dossier = store::find_dossier(tx, id).value();
                dossier.procedure = procedure;
                dossier.subscriber_kind = kind;
                EXPECT_TRUE(store::save_dossier(tx, dossier));
                return {};
            }));
            const bool known = domain::form_definition(procedure, kind) != nullptr;
            EXPECT_EQ(desk.get(fmt::format("/xu-ly/{}", id)).status, known ? 200 : 409);
        }
    }
}

TEST_F(OfficerPages, TheNextDossierIsOneClickAway) {
    const auto one = in_progress(1), two = in_progress(1), three = in_progress(1);
    auto examiner = portal.sign_in(assessor);
    auto page = examiner.get(fmt::format("/xu-ly/{}", two)).body;
    EXPECT_NE(page.find("hồ sơ 2 trên 3"), std::string::npos);
    EXPECT_NE(page.find(fmt::format("<a href=\"/xu-ly/{}\" rel=\"prev\">", one)),
              std::string::npos);
    EXPECT_NE(page.find(fmt::format("<a href=\"/xu-ly/{}\" rel=\"next\">", three)),
              std::string::npos);
    ASSERT_TRUE(app::assess_lines(*portal.services, portal.actor(assessor),
                                  {two, {{1, domain::Proposal::Grant, ""}}}));
    ASSERT_TRUE(
        app::propose_lines(*portal.services, portal.actor(assessor), {two, read(two).version}));
    page = examiner.get(fmt::format("/xu-ly/{}", two)).body;
    EXPECT_NE(page.find("sang hồ sơ đang chờ tiếp theo"), std::string::npos);
    EXPECT_NE(examiner.get("/cong-viec").body.find("2 việc đang chờ"), std::string::npos);
}

TEST_F(OfficerPages, AnAttachmentIsShownBesideTheRowsAndCannotDoAnything) {
    const auto id = in_progress(2);
    const std::string pdf = "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n";
    const auto kept = app::attach_file(*portal.services, portal.actor(clerk),
                                       {id, "form_scan", "bản quét.pdf"}, as_bytes(pdf));
    ASSERT_TRUE(kept);
    const auto base = fmt::format("/xu-ly/{}", id);
    const auto file = fmt::format("{}/tep/{}", base, *kept);
    auto desk = portal.sign_in(assessor);
    auto page = desk.get(base);
    EXPECT_EQ(page.body.find("<object"), std::string::npos);
    EXPECT_EQ(page.header("content-security-policy").find("object-src"), std::string::npos);
    // The name of the file is a button that saves what was chosen so far, and keeps the open row.
    const auto chosen = desk.post(base + "/tham-dinh", {{"viec", fmt::format("tep-{}", *kept)},
                                                        {"dong-mo", "2"},
                                                        {"de-xuat-1", "approve"},
                                                        {"ly-do-1", ""}});
    EXPECT_EQ(lines(id)[0].proposal, domain::Proposal::Grant);
    EXPECT_EQ(chosen.header("location"), fmt::format("{}?dong=2&tep={}#tep", base, *kept));
    page = desk.get(fmt::format("{}?dong=2&tep={}", base, *kept));
    EXPECT_NE(page.body.find(fmt::format("data=\"{}#navpanes=0", file)), std::string::npos);
    EXPECT_NE(page.body.find("at-row-detail"), std::string::npos);
    EXPECT_NE(page.header("content-security-policy").find("object-src 'self'; frame-src 'self';"),
              std::string::npos);
    EXPECT_NE(page.header("content-security-policy").find("frame-ancestors 'none'"),
              std::string::npos);
    const auto shown = desk.get(file);
    EXPECT_EQ(shown.body, pdf);
    EXPECT_EQ(shown.header("content-type"), "application/pdf");
    EXPECT_EQ(shown.header("content-disposition").find("inline; "), 0U);
    EXPECT_EQ(shown.header("content-security-policy"),
              "default-src 'none'; object-src 'self'; frame-ancestors 'self'");
    EXPECT_EQ(shown.header("x-frame-options"), "SAMEORIGIN");
    EXPECT_EQ(shown.header("x-content-type-options"), "nosniff");
    EXPECT_EQ(desk.get(file + "?tai-ve=1").header("content-disposition").find("attachment; "), 0U);
    // A file of another dossier is none of this one, and the agency does not read here.
    const auto other = in_progress(1);
    EXPECT_EQ(desk.get(fmt::format("/xu-ly/{}/tep/{}", other, *kept)).status, 404);
    EXPECT_EQ(desk.get(fmt::format("/xu-ly/{}?tep={}", other, *kept)).body.find("<object"),
              std::string::npos);
    EXPECT_EQ(portal.sign_in(clerk).get(file).status, 403);
}

TEST_F(OfficerPages, AFileThatABrowserMightRunIsOnlyADownload) {
    const auto id = in_progress(1);
    std::int64_t html = 0;
    ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(kept, app::keep_file(*portal.services, portal.actor(clerk),
                                       as_bytes("<!doctype html><script>alert(1)</script>"),
                                       "giay.html", agency));
        store::Attachment attachment;
        attachment.dossier_id = id;
        attachment.kind = "other";
        attachment.file = kept;
        attachment.file.id = store::add_file(tx, kept);
        attachment.added_by = clerk;
        attachment.added_at = portal.clock.now();
        html = store::add_attachment(tx, attachment);
        return {};
    }));
    auto desk = portal.sign_in(assessor);
    const auto page = desk.get(fmt::format("/xu-ly/{}?tep={}", id, html));
    EXPECT_EQ(page.body.find("<object"), std::string::npos);
    EXPECT_NE(page.body.find("chỉ PDF, PNG và JPEG hiện được"), std::string::npos);
    const auto file = desk.get(fmt::format("/xu-ly/{}/tep/{}", id, html));
    EXPECT_EQ(file.header("content-disposition").find("attachment; "), 0U);
    EXPECT_NE(file.header("content-security-policy").find("frame-ancestors 'none'"),
              std::string::npos);
}

TEST_F(OfficerPages, TheQueueFindsWithoutDiacriticsAndPages) {
    for (int i = 0; i < 27; ++i) file_dossier(1);
    auto desk = portal.sign_in(intake);
    EXPECT_NE(desk.get("/hang-cho?hien=cho-tiep-nhan&tim=%C4%90%E1%BB%A9c").body.find("xu-ly/1"),
              std::string::npos);
    EXPECT_NE(desk.get("/hang-cho?hien=cho-tiep-nhan&tim=khong-co").body.find("Bỏ bộ lọc"),
              std::string::npos);
    const auto first = desk.get("/hang-cho?hien=cho-tiep-nhan&thu-tu=moi");
    EXPECT_NE(first.body.find("Trang 1 trên 2"), std::string::npos);
    // The choice is kept for the next visit.
    EXPECT_NE(first.header("set-cookie").find("hang_cho=cho-tiep-nhan.moi"), std::string::npos);
}

}  // namespace
}  // namespace antin::web
