// Confirming a provisional year reckons the open due times again, with trace; on both engines.
#include <gtest/gtest.h>

#include <algorithm>

#include "app/dossier_clock.hpp"
#include "app/preview_calendar.hpp"
#include "kit/intake_world.hpp"
#include "store/dossier_events.hpp"
#include "store/due_basis.hpp"

namespace antin::app {
namespace {

/// 30 December 2026 is a Wednesday; 1 January 2027 is a day off, so that three working days end on
/// Tuesday, 5 January, by the provisional calendar of 2027.
class ConfirmedCalendar : public kit::IntakeWorld {
  protected:
    ConfirmedCalendar() {
        clock.set("2026-12-30T09:00:00+07:00");
        administrator = person("quantri", body, domain::Role::SystemAdministrator);
    }
    std::int64_t accepted() {
        const auto id = file(1, body).at(0);
        EXPECT_TRUE(accept_dossier(services, first, {id, 1}));
        return id;
    }
    /// Monday, 4 January, is made a day off by the official announcement; then the year is
    /// confirmed.
    CalendarChanged confirm(bool with_new_day = true) {
        CalendarChange change{.year = 2027, .version = "2027.0"};
        if (with_new_day) {
            change.day = "2027-01-04";
            change.kind = "off";
            change.note = "Nghỉ bù";
            change.source = "Thông báo thử";
            EXPECT_TRUE(change_calendar(services, administrator, change));
            change.version = "2027.1";
        }
        change.act = CalendarChange::Act::Confirm;
        const auto changed = change_calendar(services, administrator, change);
        EXPECT_TRUE(changed) << (changed ? "" : changed.error().code);
        return changed.value_or(CalendarChanged{});
    }
    std::string due(std::int64_t id) {
        const auto at = read(id).due_at;
        return at ? to_iso(*at) : "";
    }
    std::vector<std::string> history(std::int64_t id) {
        return database
            ->read([&](sql::Reader& db) -> Result<std::vector<std::string>> {
                std::vector<std::string> out;
                for (const auto& event :
                     store::dossier_events(db, id, store::EventAudience::Officer)) {
                    out.push_back(event.act);
                }
                return out;
            })
            .value();
    }
    void change_clock(std::int64_t id, const char* at, auto act) {
        clock.set(at);
        change([&](sql::Transaction& tx) -> Result<int> {
            auto dossier = store::find_dossier(tx, id).value();
            EXPECT_TRUE(act(tx, dossier));
            EXPECT_TRUE(store::save_dossier(tx, dossier));
            return 0;
        });
    }
    std::int64_t mails() {
        return database
            ->read([&](sql::Reader& db) -> Result<std::int64_t> {
                return db.query_built("mails", "SELECT COUNT(*) AS n FROM mail", {})[0].integer(
                    "n");
            })
            .value();
    }
    Actor administrator;
};
ANTIN_ON_BOTH_ENGINES(ConfirmedCalendar);

TEST_P(ConfirmedCalendar, AMovedDueTimeStandsInTheHistoryAndItsPeopleAreTold) {
    const auto id = accepted();
    EXPECT_EQ(due(id), "2027-01-05T17:00:00+07:00");
    EXPECT_TRUE(read(id).due_provisional);
    const auto before = mails();
    const auto changed = confirm();
    EXPECT_EQ(changed.reckoned, 1);
    EXPECT_EQ(changed.moved, 1);
    EXPECT_EQ(due(id), "2027-01-06T17:00:00+07:00");
    EXPECT_FALSE(read(id).due_provisional);
    EXPECT_EQ(read(id).calendar_version, "2026.1+2027.2");
    EXPECT_EQ(history(id).back(), "due_moved");
    EXPECT_EQ(mails(), before + 1) << "the clerk of the agency";
}

TEST_P(ConfirmedCalendar, WhereNothingMovesTheMarkGoesAndNobodyIsBothered) {
    const auto id = accepted();
    const auto before = mails();
    const auto changed = confirm(false);
    EXPECT_EQ(changed.reckoned, 1);
    EXPECT_EQ(changed.moved, 0);
    EXPECT_EQ(due(id), "2027-01-05T17:00:00+07:00");
    EXPECT_FALSE(read(id).due_provisional);
    EXPECT_EQ(history(id).back(), "due_confirmed");
    EXPECT_EQ(mails(), before);
}

TEST_P(ConfirmedCalendar, AfterASupplementTheKeptMinutesAreReckonedFromTheAnswer) {
    const auto id = accepted();
    // Stopped at the end of the first of three days, answered on the last day of the year at noon:
    // two days are left, and they lie in 2027.
    change_clock(id, "2026-12-31T17:00:00+07:00", [&](sql::Transaction& tx, store::Dossier& d) {
        return stop_clock(tx, d, clock.now());
    });
    EXPECT_EQ(read(id).remaining_minutes, 2 * 480);
    change_clock(id, "2026-12-31T18:00:00+07:00", [&](sql::Transaction& tx, store::Dossier& d) {
        return resume_clock(tx, d, clock.now());
    });
    EXPECT_EQ(due(id), "2027-01-05T17:00:00+07:00");
    EXPECT_EQ(confirm().moved, 1);
    EXPECT_EQ(due(id), "2027-01-06T17:00:00+07:00");
}

TEST_P(ConfirmedCalendar, AStoppedClockAPromisedDateAndOtherYearsAreLeftAlone) {
    const auto stopped = accepted(), promised = accepted();
    change_clock(
        stopped, "2026-12-31T10:00:00+07:00",
        [&](sql::Transaction& tx, store::Dossier& d) { return stop_clock(tx, d, clock.now()); });
    change([&](sql::Transaction& tx) -> Result<int> {
        store::keep_due_basis(tx, promised, {clock.now(), std::nullopt});
        return 0;
    });
    EXPECT_EQ(confirm().reckoned, 0);
    EXPECT_FALSE(read(stopped).due_at);
    EXPECT_EQ(due(promised), "2027-01-05T17:00:00+07:00");
    EXPECT_EQ(history(stopped).back(), "accepted");
}

TEST_P(ConfirmedCalendar, ThePreviewSaysWhatWouldMoveAndWritesNothing) {
    const auto id = accepted();
    const CalendarChange change{.year = 2027,
                                .version = "2027.0",
                                .day = "2027-01-04",
                                .kind = "off",
                                .note = "Nghỉ bù",
                                .source = "Thông báo thử"};
    const auto preview = preview_calendar(services, administrator, change);
    ASSERT_TRUE(preview) << preview.error().code;
    EXPECT_EQ(preview->reckoned, 1);
    EXPECT_EQ(preview->moved, 1);
    EXPECT_EQ(preview->first.at(0).code, *read(id).code);
    EXPECT_EQ(to_iso(preview->first.at(0).before), "2027-01-05T17:00:00+07:00");
    EXPECT_EQ(to_iso(preview->first.at(0).after), "2027-01-06T17:00:00+07:00");
    EXPECT_EQ(due(id), "2027-01-05T17:00:00+07:00");
    auto saturday = change;
    saturday.day = "2027-01-09";
    EXPECT_EQ(preview_calendar(services, administrator, saturday)->moved, 0);
    auto stale = change;
    stale.version = "2027.9";
    EXPECT_EQ(preview_calendar(services, administrator, stale).error().code, "calendar.stale");
    EXPECT_EQ(preview_calendar(services, first, change).error().kind, ErrorKind::Forbidden);
}

TEST_P(ConfirmedCalendar, ADayMovesOpenDueTimesAtOnceWhenTheAdministratorSaysSo) {
    const auto id = accepted();
    CalendarChange change{.year = 2027,
                          .version = "2027.0",
                          .day = "2027-01-04",
                          .kind = "off",
                          .note = "Nghỉ bù",
                          .source = "Thông báo thử"};
    ASSERT_TRUE(change_calendar(services, administrator, change));
    EXPECT_EQ(due(id), "2027-01-05T17:00:00+07:00") << "kept";
    change.version = "2027.1";
    change.reckon = true;
    const auto changed = change_calendar(services, administrator, change);
    ASSERT_TRUE(changed);
    EXPECT_EQ(changed->moved, 1);
    EXPECT_EQ(due(id), "2027-01-06T17:00:00+07:00");
    EXPECT_TRUE(read(id).due_provisional) << "the year is not confirmed by that";
    EXPECT_EQ(history(id).back(), "due_moved");
}

TEST_P(ConfirmedCalendar, OnlyTheAdministratorConfirms) {
    const auto refused = change_calendar(
        services, first, {.act = CalendarChange::Act::Confirm, .year = 2027, .version = "2027.0"});
    EXPECT_EQ(refused.error().kind, ErrorKind::Forbidden);
}

}  // namespace
}  // namespace antin::app
