#include <gtest/gtest.h>

#include <algorithm>

#include "app/notify.hpp"
#include "kit/portal.hpp"
#include "store/calendar.hpp"
#include "store/notices.hpp"
#include "store/outbox.hpp"
#include "store/rules.hpp"
#include "store/settings.hpp"

namespace antin::web {
namespace {

using domain::Role;

bool contains(const http::Answer& page, std::string_view words) {
    return page.body.find(words) != std::string::npos;
}

std::int64_t queue_mail(kit::Portal& portal, bool secret) {
    return *portal.database->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        return app::send_mail(tx, *portal.services, "van-thu@laichau.gov.vn", "Tiêu đề thử",
                              "Nội dung thử", secret);
    });
}

TEST(Administration, OnlyTheSystemAdministratorSeesAndChangesSettings) {
    kit::Portal portal;
    for (const auto role : {Role::Assessor, Role::Auditor, Role::CaAdministrator}) {
        auto other = portal.sign_in(role, portal.provider());
        EXPECT_EQ(other.get("/quan-tri/cai-dat").status, 403);
        EXPECT_EQ(other.post("/quan-tri/cai-dat", {{"contact_line", "x"}}).status, 403);
    }
    EXPECT_NE(portal.stranger().get("/quan-tri/cai-dat").status, 200);
}

TEST(Administration, TheContactLineIsASettingAndStandsOnEveryPage) {
    kit::Portal portal;
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    const auto page = administrator.get("/quan-tri/cai-dat");
    ASSERT_EQ(page.status, 200);
    const auto sent =
        administrator.submit(page, "/quan-tri/cai-dat",
                             {{"contact_line", "Gọi 0213 111 2222 giờ hành chính"},
                              {"official_email_added", "coquan-a.vn\ncoquan-b.vn\n"}});
    EXPECT_EQ(sent.status, 303) << sent.body;
    EXPECT_TRUE(contains(portal.stranger().get("/"), "Gọi 0213 111 2222 giờ hành chính"));
    const auto journal = portal.journal();
    EXPECT_EQ(std::ranges::count(journal, "setting.changed"), 2);
}

TEST(Administration, AWrongSettingIsRefusedByNameAndWhatWasTypedStays) {
    kit::Portal portal;
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    const auto page = administrator.get("/quan-tri/cai-dat");
    const auto answer =
        administrator.submit(page, "/quan-tri/cai-dat", {{"upload_max_mb", "rất nhiều"}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_TRUE(contains(answer, "rất nhiều"));
    EXPECT_TRUE(contains(answer, "số nguyên từ 1 đến 100000"));
    EXPECT_TRUE(
        contains(answer, "<a href=\"#upload_max_mb\">Dung lượng tệp đính kèm tối đa (MB): Ghi"));
}

TEST(Administration, ANewVersionOfARuleCountsFromItsDayAndTheOldOneStays) {
    kit::Portal portal;
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    EXPECT_EQ(administrator.get("/quan-tri/quy-tac").status, 200);
    const auto page = administrator.get("/quan-tri/quy-tac/issue.deadline_wd");
    ASSERT_EQ(page.status, 200);
    const auto sent = administrator.submit(page, "/issue.deadline_wd",
                                           {{"value", "5"}, {"effective_from", "2026-12-01"}});
    EXPECT_EQ(sent.status, 303) << sent.body;
    ASSERT_TRUE(portal.database->read([](sql::Reader& db) -> Status {
        EXPECT_EQ(store::rule_integer(db, "issue.deadline_wd", "2026-11-30"), 3);
        EXPECT_EQ(store::rule_integer(db, "issue.deadline_wd", "2026-12-01"), 5);
        return {};
    }));
    const auto past = administrator.submit(page, "/issue.deadline_wd",
                                           {{"value", "5"}, {"effective_from", "2026-01-01"}});
    EXPECT_EQ(past.status, 422);
    EXPECT_EQ(administrator.get("/quan-tri/quy-tac/khong.co").status, 404);
}

TEST(Administration, WorkingHoursAreTypedAsPeopleWriteThem) {
    kit::Portal portal;
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    const auto page = administrator.get("/quan-tri/quy-tac/" + std::string{"working_hours"});
    EXPECT_TRUE(contains(page, "08:00-12:00, 13:00-17:00"));
    EXPECT_EQ(administrator.submit(page, "working_hours", {{"value", "12:00-08:00"}}).status, 422);
    EXPECT_EQ(
        administrator.submit(page, "working_hours", {{"value", "07:30-11:30, 13:30-17:00"}}).status,
        303);
}

TEST(Administration, AYearOfTheCalendarGetsADayAndIsConfirmedEachWithANewVersion) {
    kit::Portal portal;
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    EXPECT_TRUE(contains(administrator.get("/quan-tri/lich"), "Lịch tạm"));
    const auto page = administrator.get("/quan-tri/lich/2027");
    ASSERT_EQ(page.status, 200);
    const app::Actor actor = portal.actor(administrator.account_id);
    const auto add = [&](const std::string& version, const std::string& day) {
        return administrator.post("/quan-tri/lich/2027", {{"version", version},
                                                          {"day", day},
                                                          {"kind", "make_up"},
                                                          {"note", "Làm bù"},
                                                          {"source", "Thông báo thử"}});
    };
    EXPECT_EQ(add("2027.0", "2027-05-08").status, 303);
    EXPECT_EQ(add("2027.0", "2027-05-15").status, 409) << "the page was of the version before";
    EXPECT_EQ(add("2027.1", "2026-05-15").status, 422);
    EXPECT_EQ(
        administrator.post("/quan-tri/lich/2027", {{"version", "2027.1"}, {"viec", "xac-nhan"}})
            .status,
        303);
    ASSERT_TRUE(portal.database->read([&](sql::Reader& db) -> Status {
        const auto calendar = store::load_calendar(db, parse_iso_date("2027-05-01").value());
        EXPECT_TRUE(calendar.is_working(parse_iso_date("2027-05-08").value()));
        EXPECT_FALSE(calendar.is_provisional(parse_iso_date("2027-05-08").value()));
        return {};
    }));
    EXPECT_EQ(administrator.get("/quan-tri/lich/1999").status, 404);
}

TEST(Administration, TheDeliveryLogIsReadAndAMailGoesOutAgainWithTheSameId) {
    kit::Portal portal;
    const auto id = queue_mail(portal, false);
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    EXPECT_TRUE(contains(administrator.get("/quan-tri/thu"), "Tiêu đề thử"));
    const auto page = administrator.get("/quan-tri/thu/" + std::to_string(id));
    EXPECT_TRUE(contains(page, "Nội dung thử"));
    ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
        store::record_mail_try(tx, id, "sent", "250 ok", portal.clock.now());
        return {};
    }));
    EXPECT_EQ(administrator.submit(page, "/gui-lai").status, 303);
    const auto mail = *portal.database->read(
        [&](sql::Reader& db) -> Result<store::Mail> { return *store::find_mail(db, id); });
    EXPECT_EQ(mail.state, "waiting");
    EXPECT_TRUE(contains(page, mail.message_id.substr(1, 20)));
    const auto journal = portal.journal();
    EXPECT_NE(std::ranges::find(journal, "mail.resent"), journal.end());
    EXPECT_EQ(administrator.get("/quan-tri/thu/999999").status, 404);
}

TEST(Administration, WhatTheBackgroundGaveUpIsSeenAndTriedAgain) {
    kit::Portal portal;
    const auto mail = queue_mail(portal, false);
    ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
        const auto item = store::claim_outbox(tx, "mail", portal.clock.now(), 1000, 1).at(0);
        store::record_mail_try(tx, mail, "failed", "550 no such user", portal.clock.now());
        store::outbox_given_up(tx, item.id, "550 no such user", portal.clock.now());
        return {};
    }));
    const auto counts = [&] {
        return *portal.database->read(
            [](sql::Reader& db) -> Result<store::OutboxCounts> { return store::count_outbox(db); });
    };
    EXPECT_EQ(counts().given_up, 1);
    auto auditor = portal.sign_in(Role::Auditor, portal.provider());
    const auto read_only = auditor.get("/quan-tri/viec-nen");
    EXPECT_TRUE(contains(read_only, "550 no such user"));
    EXPECT_FALSE(contains(read_only, "Làm lại"));
    EXPECT_EQ(auditor.post("/quan-tri/viec-nen", {{"viec", "het"}}).status, 403);
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    EXPECT_TRUE(contains(administrator.get("/quan-tri/thu"), "/quan-tri/viec-nen"));
    const auto page = administrator.get("/quan-tri/viec-nen");
    portal.clock.advance(std::chrono::minutes{5});
    EXPECT_EQ(administrator.submit(page, "/viec-nen", {}, {{"viec", "1"}}).status, 303);
    EXPECT_EQ(counts().given_up, 0);
    EXPECT_EQ(counts().waiting, 1);
    EXPECT_EQ(counts().oldest_waiting, portal.clock.now()) << "its patience begins anew";
    ASSERT_TRUE(portal.database->read([&](sql::Reader& db) -> Status {
        EXPECT_EQ(store::find_mail(db, mail)->state, "waiting");
        EXPECT_TRUE(store::has_due_outbox(db, "mail", portal.clock.now()));
        return {};
    }));
    const auto journal = portal.journal();
    EXPECT_EQ(std::ranges::count(journal, "job.retried"), 1);
    // The same form once more: said, and nothing happens.
    EXPECT_EQ(administrator.submit(page, "/viec-nen", {}, {{"viec", "1"}}).status, 303);
    EXPECT_TRUE(contains(administrator.get("/quan-tri/viec-nen"), "đang chạy lại hoặc đã xong"));
}

TEST(Administration, AMailWhoseTriesRanOutSaysSoAndGoesOutAgainFromTheList) {
    kit::Portal portal;
    const auto mail = queue_mail(portal, false);
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    EXPECT_FALSE(contains(administrator.get("/quan-tri/thu"), "Đã thôi gửi"));
    ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
        const auto item = store::claim_outbox(tx, "mail", portal.clock.now(), 1000, 1).at(0);
        store::record_mail_try(tx, mail, "waiting", "connection refused", portal.clock.now());
        store::outbox_given_up(tx, item.id, "mail.unreachable", portal.clock.now());
        return {};
    }));
    const auto list = administrator.get("/quan-tri/thu");
    EXPECT_TRUE(contains(list, "Đã thôi gửi lúc Thứ Hai, 23/11/2026, 09:00, sau 1 lần."));
    EXPECT_TRUE(contains(list, "connection refused"));
    EXPECT_FALSE(contains(list, ">Đang chờ gửi</span>"));
    EXPECT_TRUE(contains(administrator.get("/quan-tri/thu/" + std::to_string(mail)),
                         "Đã thôi gửi lúc Thứ Hai, 23/11/2026, 09:00"));
    auto auditor = portal.sign_in(Role::Auditor, portal.provider());
    EXPECT_FALSE(contains(auditor.get("/quan-tri/thu"), "/gui-lai"));
    EXPECT_EQ(administrator.submit(list, "/gui-lai").status, 303);
    EXPECT_FALSE(contains(administrator.get("/quan-tri/thu"), "Đã thôi gửi"));
}

TEST(Administration, AMailWithACodeIsShownToNobodyButItsReader) {
    kit::Portal portal;
    const auto id = queue_mail(portal, true);
    auto auditor = portal.sign_in(Role::Auditor, portal.provider());
    const auto page = auditor.get("/quan-tri/thu/" + std::to_string(id));
    EXPECT_EQ(page.status, 200);
    EXPECT_FALSE(contains(page, "Nội dung thử"));
    EXPECT_EQ(auditor.post("/quan-tri/thu/" + std::to_string(id) + "/gui-lai").status, 403);
}

TEST(Notices, APersonReadsTheirOwnAndNobodyElses) {
    kit::Portal portal;
    const auto agency = portal.add_agency("Đảng ủy xã Thử Nghiệm");
    auto clerk = portal.sign_in(Role::FocalPoint, agency);
    auto other = portal.sign_in(Role::FocalPoint, portal.add_agency("UBND xã Khác"));
    ASSERT_TRUE(portal.database->transact([&](sql::Transaction& tx) -> Status {
        store::Notice notice;
        notice.account_id = clerk.account_id;
        notice.subject = "Hồ sơ <b>đã tiếp nhận</b>";
        notice.body = "Anh/chị theo dõi trong mục Hồ sơ.";
        notice.created_at = portal.clock.now();
        store::insert_notice(tx, notice);
        return {};
    }));
    const auto page = clerk.get("/thong-bao");
    EXPECT_TRUE(contains(page, "Hồ sơ &lt;b&gt;đã tiếp nhận"));
    EXPECT_FALSE(contains(other.get("/thong-bao"), "đã tiếp nhận"));
    EXPECT_EQ(clerk.submit(page, "/da-doc").status, 303);
    EXPECT_FALSE(contains(clerk.get("/thong-bao"), "/thong-bao/da-doc"));
}

TEST(Journal, TheAuditorReadsItAndNobodyElse) {
    kit::Portal portal;
    auto auditor = portal.sign_in(Role::Auditor, portal.provider());
    auto administrator = portal.sign_in(Role::SystemAdministrator, portal.provider());
    EXPECT_EQ(administrator.get("/quan-tri/nhat-ky").status, 403);
    const auto page = auditor.get("/quan-tri/nhat-ky?viec=access.");
    EXPECT_EQ(page.status, 200);
    EXPECT_TRUE(contains(page, "access.denied"));
}

}  // namespace
}  // namespace antin::web
