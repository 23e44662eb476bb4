#include <algorithm>

#include "app/assess_lines.hpp"
#include "app/decide_lines.hpp"
#include "app/decide_proposal.hpp"
#include "app/decide_withdrawal.hpp"
#include "app/dossier_clock.hpp"
#include "app/propose_postponement.hpp"
#include "app/propose_stop.hpp"
#include "app/request_supplement.hpp"
#include "app/warn_deadlines.hpp"
#include "app/withdraw_dossier.hpp"
#include "kit/officer_world.hpp"
#include "store/accounts.hpp"
#include "store/dossier_events.hpp"
#include "store/papers.hpp"
#include "store/proposals.hpp"
#include "store/supplements.hpp"

namespace antin::web {
namespace {

using domain::DossierState;
using domain::LineState;
using domain::Role;

class DeadlinePapers : public kit::OfficerWorld {
  protected:
    std::string page_of(std::int64_t id) const { return fmt::format("/xu-ly/{}", id); }
    std::vector<store::Paper> papers(std::int64_t id, const std::string& kind) {
        auto all = portal.database
                       ->read([&](sql::Reader& db) -> Result<std::vector<store::Paper>> {
                           return store::papers_of(db, id);
                       })
                       .value();
        std::erase_if(all, [&](const store::Paper& paper) { return paper.kind != kind; });
        return all;
    }
    std::vector<store::DossierProposal> proposals(std::int64_t id) {
        return portal.database
            ->read([&](sql::Reader& db) -> Result<std::vector<store::DossierProposal>> {
                return store::waiting_proposals(db, id);
            })
            .value();
    }
    std::size_t events(std::int64_t id, const std::string& act) {
        const auto all =
            portal.database
                ->read([&](sql::Reader& db) -> Result<std::vector<store::DossierEvent>> {
                    return store::dossier_events(db, id, store::EventAudience::Officer);
                })
                .value();
        return static_cast<std::size_t>(std::ranges::count(all, act, &store::DossierEvent::act));
    }
    /// Proposed by the assessor through the page; answers the id of what waits.
    std::int64_t propose_to_postpone(std::int64_t id, const std::string& days = "2") {
        auto examiner = portal.sign_in(assessor);
        const auto form = examiner.get(page_of(id) + "/hen-lai");
        EXPECT_EQ(form.status, 200) << form.body.substr(0, 2000);
        EXPECT_EQ(examiner
                      .submit(form, "/hen-lai",
                              {{"days", days}, {"reason", "Thiết bị về kho chậm hai ngày."}})
                      .status,
                  303);
        return proposals(id).at(0).id;
    }
    Result<store::Dossier> decide(std::int64_t who, std::int64_t id, std::int64_t proposal,
                                  bool agree = true, std::string reason = "") {
        return app::decide_proposal(*portal.services, portal.actor(who),
                                    {id, read(id).version, proposal, agree, std::move(reason)});
    }
};

TEST_F(DeadlinePapers, AnApologyMovesTheDueTimeAndIsNumberedMailedAndSeenEverywhere) {
    const auto id = in_progress(3);
    const auto proposal = propose_to_postpone(id);
    EXPECT_EQ(to_iso(read(id).due_at.value()), "2026-12-10T17:00:00+07:00") << "nothing yet";
    EXPECT_TRUE(papers(id, "postponement").empty());
    auto boss = portal.sign_in(approver);
    EXPECT_NE(boss.get("/cong-viec").body.find("chờ ký hẹn lại"), std::string::npos);
    const auto page = boss.get(page_of(id));
    EXPECT_NE(page.body.find("Thiết bị về kho chậm hai ngày."), std::string::npos);
    const auto done =
        boss.submit(page, fmt::format("/de-nghi/{}", proposal), {}, {{"viec", "dong-y"}});
    ASSERT_EQ(done.status, 303) << done.body.substr(0, 3000);
    const auto dossier = read(id);
    EXPECT_EQ(to_iso(dossier.due_at.value()), "2026-12-14T17:00:00+07:00");
    EXPECT_EQ(dossier.allowed_minutes, 5 * 8 * 60);
    EXPECT_EQ(papers(id, "postponement").at(0).number_text, "1/PXL");
    const auto mails = portal.mails_to(email_of(clerk));
    EXPECT_NE(mails.back().find("17:00 14/12/2026"), std::string::npos);
    // The agency and anybody with code and check value see the same.
    auto agency_clerk = portal.sign_in(clerk);
    const auto own = agency_clerk.open("/ho-so/" + *dossier.code);
    EXPECT_NE(own.body.find("Xin lỗi và hẹn lại"), std::string::npos);
    auto anybody = portal.stranger();
    const auto seen =
        anybody.get(fmt::format("/tra-cuu?ma={}&kt={}", *dossier.code, *dossier.check_value));
    EXPECT_NE(seen.body.find("Hẹn trả mới: 17:00 14/12/2026"), std::string::npos);
    // Once is the limit of the rules.
    const auto again = app::propose_postponement(*portal.services, portal.actor(assessor),
                                                 {id, dossier.version, 1, "Chậm nữa."});
    EXPECT_EQ(again.error().code, "postponement.used_up");
}

TEST_F(DeadlinePapers, AnApologyGoesOutBeforeTheDueTimeOrNotAtAll) {
    const auto id = in_progress(1);
    const auto proposal = propose_to_postpone(id);
    portal.clock.set("2026-12-10T17:00:00+07:00");
    EXPECT_EQ(decide(approver, id, proposal).error().code, "workflow.too_late");
    EXPECT_EQ(to_iso(read(id).due_at.value()), "2026-12-10T17:00:00+07:00");
    auto boss = portal.sign_in(approver);
    const auto page = boss.get(page_of(id));
    EXPECT_EQ(page.body.find("Đồng ý, gửi lời xin lỗi"), std::string::npos);
    EXPECT_NE(page.body.find("Không đồng ý"), std::string::npos);
    const auto late = app::propose_postponement(*portal.services, portal.actor(assessor),
                                                {id, read(id).version, 1, "Chậm."});
    EXPECT_EQ(late.error().code, "workflow.too_late");
}

TEST_F(DeadlinePapers, WhoProposesNeverDecidesAndOthersMayNotPropose) {
    const auto id = file_dossier(1);
    ASSERT_TRUE(
        app::accept_dossier(*portal.services, portal.actor(intake), {id, read(id).version}));
    ASSERT_TRUE(
        app::assign_dossier(*portal.services, portal.actor(both), {id, read(id).version, both}));
    ASSERT_TRUE(app::propose_stop(*portal.services, portal.actor(both),
                                  {id, read(id).version, "Cơ quan đã sáp nhập."}));
    const auto proposal = proposals(id).at(0).id;
    EXPECT_EQ(decide(both, id, proposal).error().code, "workflow.same_person");
    EXPECT_EQ(decide(assessor, id, proposal).error().kind, ErrorKind::Forbidden);
    EXPECT_EQ(decide(approver, id, proposal + 1000).error().kind, ErrorKind::NotFound);
    const auto forced = portal.database->transact([&](sql::Transaction& tx) -> Status {
        tx.execute({"test.force",
                    "UPDATE dossier_proposal SET decided_by = $1, state = 'agreed' WHERE id = $2"},
                   both, proposal);
        return {};
    });
    EXPECT_FALSE(forced) << "the database knows it too";
    const auto other = app::propose_stop(*portal.services, portal.actor(second),
                                         {id, read(id).version, "Lý do khác."});
    EXPECT_EQ(other.error().code, "workflow.not_assigned_to_you");
    EXPECT_EQ(
        app::propose_stop(*portal.services, portal.actor(both), {id, read(id).version, "Nữa."})
            .error()
            .code,
        "proposal.one_is_open");
}

TEST_F(DeadlinePapers, AStopEndsRowsRequestsAndProposalsWithANumberedPaper) {
    const auto id = in_progress(3, 1);
    ASSERT_TRUE(app::request_supplement(*portal.services, portal.actor(assessor),
                                        {id, read(id).version, {{1, "email", "Sửa thư."}}, "", 0}));
    auto examiner = portal.sign_in(assessor);
    const auto form = examiner.get(page_of(id) + "/dung");
    EXPECT_EQ(examiner.submit(form, "/dung", {{"reason", " \n "}}).status, 409);
    EXPECT_EQ(
        examiner.submit(form, "/dung", {{"reason", "Cơ quan đã sáp nhập.\nSai nơi nhận."}}).status,
        303);
    EXPECT_EQ(read(id).state, DossierState::InProgress);
    EXPECT_EQ(decide(approver, id, proposals(id).at(0).id, false).error().code,
              "workflow.no_reason");
    ASSERT_TRUE(decide(approver, id, proposals(id).at(0).id));
    const auto dossier = read(id);
    EXPECT_EQ(dossier.state, DossierState::Stopped);
    EXPECT_TRUE(dossier.decided_at);
    for (const auto& line : lines(id)) {
        EXPECT_EQ(line.state, LineState::Refused);
        EXPECT_EQ(line.decision_reason, "Cơ quan đã sáp nhập. Sai nơi nhận.");
    }
    EXPECT_EQ(papers(id, "processing-stop").at(0).number_text, "1/TBD");
    EXPECT_EQ(app::expire_supplements(*portal.services).value(), 0);
    EXPECT_TRUE(proposals(id).empty());
    EXPECT_NE(portal.mails_to(email_of(clerk)).back().find("dừng giải quyết"), std::string::npos);
}

TEST_F(DeadlinePapers, ARowWithAResultKeepsTheDossierFromStopping) {
    const auto id = in_progress(2);
    ASSERT_TRUE(app::propose_stop(*portal.services, portal.actor(assessor),
                                  {id, read(id).version, "Không đủ điều kiện."}));
    ASSERT_TRUE(app::assess_lines(*portal.services, portal.actor(assessor),
                                  {id, {{1, domain::Proposal::Refuse, "Đã thôi việc."}}}));
    ASSERT_TRUE(
        app::propose_lines(*portal.services, portal.actor(assessor), {id, read(id).version}));
    ASSERT_TRUE(app::decide_lines(*portal.services, portal.actor(approver),
                                  {id, read(id).version, {{1, true, ""}}}));
    EXPECT_EQ(decide(approver, id, proposals(id).at(0).id).error().code, "workflow.results_exist");
    EXPECT_EQ(lines(id)[1].state, LineState::Requested) << "nothing half-done";
    EXPECT_TRUE(decide(approver, id, proposals(id).at(0).id, false, "Từ chối từng dòng."));
}

TEST_F(DeadlinePapers, AProposalOfADueTimeThatIsGoneIsVoid) {
    const auto id = in_progress(1, 1);
    const auto proposal = propose_to_postpone(id);
    ASSERT_TRUE(app::request_supplement(*portal.services, portal.actor(assessor),
                                        {id, read(id).version, {{1, "email", "Sửa thư."}}, "", 0}));
    EXPECT_EQ(read(id).state, DossierState::AwaitingSupplement);
    EXPECT_TRUE(proposals(id).empty());
    EXPECT_EQ(decide(approver, id, proposal).error().code, "proposal.outdated");
}

TEST_F(DeadlinePapers, WarningsComeOnceEachAndTheApologyIsDraftedWithTheFirst) {
    const auto id = in_progress(3);
    const auto unassigned = file_dossier(1);
    ASSERT_TRUE(app::accept_dossier(*portal.services, portal.actor(intake),
                                    {unassigned, read(unassigned).version}));
    const auto count = [&](std::int64_t who) { return portal.mails_to(email_of(who)).size(); };
    const auto warn = [&] { return app::warn_deadlines(*portal.services).value(); };
    portal.clock.set("2026-12-09T16:59:00+07:00");
    EXPECT_EQ(warn(), 0);
    const auto assessor_before = count(assessor), approver_before = count(approver),
               intake_before = count(intake);
    portal.clock.set("2026-12-09T17:00:00+07:00");
    EXPECT_EQ(warn(), 2);
    EXPECT_EQ(warn(), 0) << "once";
    EXPECT_EQ(count(assessor), assessor_before + 1);
    EXPECT_EQ(count(approver), approver_before + 2);
    EXPECT_EQ(count(intake), intake_before + 1) << "nobody has the second one";
    const auto draft = proposals(id).at(0);
    EXPECT_EQ(draft.state, "draft");
    EXPECT_EQ(draft.promised_at, read(id).due_at);
    EXPECT_EQ(to_iso(draft.new_due_at.value()), "2026-12-11T17:00:00+07:00");
    EXPECT_TRUE(proposals(unassigned).empty()) << "nobody is there to send it";
    // 75 percent of three days: six hours before the end.
    portal.clock.set("2026-12-10T09:59:00+07:00");
    EXPECT_EQ(warn(), 0);
    portal.clock.set("2026-12-10T10:00:00+07:00");
    EXPECT_EQ(warn(), 2);
    EXPECT_EQ(warn(), 0);
    EXPECT_EQ(events(id, "postponement_drafted"), 1U);
    auto examiner = portal.sign_in(assessor);
    EXPECT_NE(examiner.get("/cong-viec").body.find("Sắp đến hạn"), std::string::npos);
    EXPECT_NE(examiner.get("/hang-cho?hien=sap-den-han").body.find(*read(id).code),
              std::string::npos);
    const auto form = examiner.get(page_of(id) + "/hen-lai");
    EXPECT_NE(form.body.find("còn 3 trên 3 dòng"), std::string::npos);
    EXPECT_EQ(examiner.submit(form, "/hen-lai", {}).status, 303);
    EXPECT_EQ(proposals(id).at(0).state, "open");
    ASSERT_TRUE(decide(approver, id, proposals(id).at(0).id));
    // A new promise is warned of again.
    portal.clock.set("2026-12-10T17:00:00+07:00");
    EXPECT_EQ(warn(), 1);
    portal.clock.set("2026-12-11T18:00:00+07:00");
    EXPECT_EQ(warn(), 0) << "late already: it stands in the list of the late";
}

TEST_F(DeadlinePapers, OneMessageWhenTheProgramStoodStillOverBothWarnings) {
    const auto id = in_progress(1);
    const auto before = portal.mails_to(email_of(assessor)).size();
    portal.clock.set("2026-12-10T16:30:00+07:00");
    EXPECT_EQ(app::warn_deadlines(*portal.services).value(), 1);
    EXPECT_EQ(app::warn_deadlines(*portal.services).value(), 0);
    EXPECT_EQ(portal.mails_to(email_of(assessor)).size(), before + 1);
    EXPECT_NE(portal.mails_to(email_of(assessor)).back().find("còn 30 phút"), std::string::npos);
    EXPECT_EQ(read(id).state, DossierState::InProgress);
}

TEST_F(DeadlinePapers, ASecondSupplementIsSentOnlyByWhoKnowsThatItCountsAsLate) {
    const auto id = in_progress(2, 1);
    ASSERT_TRUE(app::request_supplement(*portal.services, portal.actor(assessor),
                                        {id, read(id).version, {{1, "email", "Sửa."}}, "", 0}));
    const auto first = portal.database
                           ->read([&](sql::Reader& db) -> Result<store::SupplementRequest> {
                               return store::open_supplement(db, id).value();
                           })
                           .value();
    ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
        EXPECT_TRUE(
            store::close_supplement(tx, first.id, "answered", clerk, portal.clock.now(), ""));
        return {};
    }));
    auto examiner = portal.sign_in(assessor);
    const auto form = examiner.get(page_of(id) + "/bo-sung");
    EXPECT_NE(form.body.find("tính là trễ hạn trong Bộ chỉ số 766"), std::string::npos);
    const auto stopped = examiner.submit(form, "/bo-sung", {{"khac", "Thiếu quyết định."}});
    EXPECT_EQ(stopped.status, 409);
    EXPECT_NE(stopped.body.find("Thiếu quyết định."), std::string::npos) << "what was typed stays";
    EXPECT_EQ(read(id).supplement_count, 1);
    const auto sent = examiner.submit(stopped, "/bo-sung",
                                      {{"khac", "Thiếu quyết định."}, {"late_accepted", "1"}});
    EXPECT_EQ(sent.status, 303) << sent.body.substr(0, 3000);
    EXPECT_EQ(read(id).supplement_count, 2);
}

TEST_F(DeadlinePapers, TheClockStopsWhenTheLastRowThatDoesNotWaitHasItsResult) {
    const auto id = in_progress(2, 1);
    ASSERT_TRUE(app::request_supplement(*portal.services, portal.actor(assessor),
                                        {id, read(id).version, {{1, "email", "Sửa."}}, "", 0}));
    EXPECT_EQ(read(id).state, DossierState::InProgress);
    ASSERT_TRUE(app::assess_lines(*portal.services, portal.actor(assessor),
                                  {id, {{2, domain::Proposal::Refuse, "Đã thôi việc."}}}));
    ASSERT_TRUE(
        app::propose_lines(*portal.services, portal.actor(assessor), {id, read(id).version}));
    ASSERT_TRUE(app::decide_lines(*portal.services, portal.actor(approver),
                                  {id, read(id).version, {{2, true, ""}}}));
    EXPECT_EQ(read(id).state, DossierState::AwaitingSupplement);
    EXPECT_EQ(read(id).remaining_minutes, 24 * 60);
    // No answer: the row is refused, another has its result, so the dossier is decided.
    portal.clock.set("2026-12-21T08:00:00+07:00");
    EXPECT_EQ(app::expire_supplements(*portal.services).value(), 1);
    EXPECT_EQ(read(id).state, DossierState::Returned);
    EXPECT_EQ(lines(id)[0].decision_reason, "Quá hạn bổ sung, cơ quan chưa trả lời.");
}

TEST_F(DeadlinePapers, NothingExpiresWhileAWithdrawalIsUndecidedAndItDoesAfterwards) {
    const auto id = in_progress(1, 1);
    ASSERT_TRUE(app::request_supplement(*portal.services, portal.actor(assessor),
                                        {id, read(id).version, {{1, "email", "Sửa."}}, "", 0}));
    ASSERT_TRUE(app::withdraw_dossier(*portal.services, portal.actor(clerk),
                                      {id, read(id).version, "Nộp nhầm."}));
    portal.clock.set("2026-12-21T08:00:00+07:00");
    EXPECT_EQ(app::expire_supplements(*portal.services).value(), 0);
    ASSERT_TRUE(app::decide_withdrawal(*portal.services, portal.actor(assessor),
                                       {id, read(id).version, false, "Đã xem xong."}));
    EXPECT_EQ(read(id).state, DossierState::AwaitingSupplement);
    EXPECT_EQ(app::expire_supplements(*portal.services).value(), 1);
    EXPECT_EQ(read(id).state, DossierState::Stopped);
}

TEST_F(DeadlinePapers, BeforeAcceptanceAnUnansweredRequestStopsTheDossierToo) {
    const auto id = file_dossier(2, 2);
    ASSERT_TRUE(app::request_supplement(
        *portal.services, portal.actor(intake),
        {id, read(id).version, {{0, "", "Thiếu bản chụp mẫu có dấu."}}, "", 0}));
    EXPECT_EQ(read(id).state, DossierState::AwaitingSupplement);
    portal.clock.set("2026-12-14T17:01:00+07:00");
    EXPECT_EQ(app::expire_supplements(*portal.services).value(), 1);
    EXPECT_EQ(read(id).state, DossierState::Stopped);
    EXPECT_EQ(lines(id)[1].state, LineState::Refused);
}

TEST_F(DeadlinePapers, TheSameTimeLeftStandsInEveryPlaceWithItsDefinition) {
    const auto id = in_progress(1);
    portal.clock.set("2026-12-09T10:30:00+07:00");
    const auto dossier = read(id);
    const std::string words = "còn 1 ngày 5 giờ làm việc";
    auto examiner = portal.sign_in(assessor);
    auto agency_clerk = portal.sign_in(clerk);
    auto anybody = portal.stranger();
    const std::vector<std::string> boxes{
        examiner.get(page_of(id)).body, agency_clerk.open("/ho-so/" + *dossier.code).body,
        anybody.get(fmt::format("/tra-cuu?ma={}&kt={}", *dossier.code, *dossier.check_value)).body};
    for (const auto& body : boxes) {
        EXPECT_NE(body.find(words), std::string::npos) << body.substr(0, 3000);
        EXPECT_NE(body.find("8:00–12:00, 13:00–17:00"), std::string::npos);
    }
    for (const auto& body : {examiner.get("/hang-cho?hien=cua-toi").body,
                             examiner.get("/cong-viec").body, agency_clerk.get("/ho-so").body}) {
        EXPECT_NE(body.find(words), std::string::npos) << body.substr(0, 3000);
    }
}

TEST_F(DeadlinePapers, TheControlSheetWritesItselfAndKeepsItsNumber) {
    const auto id = in_progress(1);
    const auto other = in_progress(1);
    auto examiner = portal.sign_in(assessor);
    const auto page = examiner.get(page_of(id) + "/phieu-kiem-soat");
    ASSERT_EQ(page.status, 200) << page.body.substr(0, 2000);
    EXPECT_NE(page.body.find("Tòng Văn Tiếp"), std::string::npos);
    EXPECT_EQ(examiner.get(page_of(id) + "/phieu-kiem-soat.pdf").status, 409);
    EXPECT_EQ(examiner.submit(page, "/phieu-kiem-soat").status, 303);
    EXPECT_EQ(examiner.submit(page, "/phieu-kiem-soat").status, 303);
    EXPECT_NE(examiner.get(page_of(id) + "/phieu-kiem-soat").body.find("1/PKS"), std::string::npos);
    EXPECT_EQ(examiner.submit(examiner.get(page_of(other) + "/phieu-kiem-soat"), "/phieu-kiem-soat")
                  .status,
              303);
    EXPECT_NE(examiner.get(page_of(other) + "/phieu-kiem-soat").body.find("2/PKS"),
              std::string::npos)
        << "a second form takes no number";
    auto stranger = portal.sign_in(Role::Assessor, portal.provincial_desk());
    EXPECT_EQ(stranger.get(page_of(id) + "/phieu-kiem-soat").status, 404);
}

TEST_F(DeadlinePapers, TheRegisterShowsAPeriodAndDownloadsWhatItShows) {
    const auto id = in_progress(2);
    auto desk = portal.sign_in(intake);
    const auto page = desk.get("/so-theo-doi?tu=2026-12-07&den=2026-12-07");
    ASSERT_EQ(page.status, 200) << page.body.substr(0, 2000);
    EXPECT_NE(page.body.find(*read(id).code), std::string::npos);
    EXPECT_EQ(desk.get("/so-theo-doi?tu=2026-12-08&den=2026-12-09").body.find(*read(id).code),
              std::string::npos);
    EXPECT_EQ(desk.get("/so-theo-doi?tu=2026-12-09&den=2026-12-08").status, 422);
    EXPECT_EQ(desk.get("/so-theo-doi?tu=hom-qua&den=2026-12-08").status, 422);
    const auto csv = desk.get("/so-theo-doi/so-theo-doi.csv?tu=2026-12-07&den=2026-12-07");
    EXPECT_NE(csv.body.find(*read(id).code), std::string::npos);
    EXPECT_NE(csv.body.find("17:00 10/12/2026"), std::string::npos);
    const auto xlsx = desk.get("/so-theo-doi/so-theo-doi.xlsx?tu=2026-12-07&den=2026-12-07");
    EXPECT_EQ(xlsx.body.substr(0, 2), "PK");
    auto stranger = portal.sign_in(Role::Assessor, portal.provincial_desk());
    EXPECT_EQ(
        stranger.get(fmt::format("/so-theo-doi?noi={}&tu=2026-12-07&den=2026-12-07", provider))
            .status,
        403);
}

TEST_F(DeadlinePapers, NumbersOfTheBookHaveNoGapsWhenAnActFails) {
    const auto first = in_progress(1);
    const auto second_dossier = in_progress(1);
    const auto one = propose_to_postpone(first);
    const auto two = propose_to_postpone(second_dossier);
    EXPECT_FALSE(
        app::decide_proposal(*portal.services, portal.actor(approver), {first, 1, one, true, ""}))
        << "an old version";
    ASSERT_TRUE(decide(approver, second_dossier, two));
    ASSERT_TRUE(decide(approver, first, one));
    EXPECT_EQ(papers(second_dossier, "postponement").at(0).number, 1);
    EXPECT_EQ(papers(first, "postponement").at(0).number, 2);
}

}  // namespace
}  // namespace antin::web
