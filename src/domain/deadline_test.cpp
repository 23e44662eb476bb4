#include "domain/deadline.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace antin::domain {
namespace {

Instant at(std::string_view iso) {
    return parse_iso(iso).value();
}

const WorkCalendar& calendar() {
    return WorkCalendar::shipped();
}

struct Vector {
    const char* received;
    int days;
    const char* due;
};
class Bldsd147DueTest : public testing::TestWithParam<Vector> {};

TEST_P(Bldsd147DueTest, the_limit_begins_the_next_working_day_and_ends_at_closing_time) {
    for (const char* time :
         {"T00:00:00+07:00", "T09:12:00+07:00", "T16:59:00+07:00", "T23:59:00+07:00"}) {
        const auto due = due_after_days(at(std::string{GetParam().received} + time),
                                        GetParam().days, calendar());
        ASSERT_TRUE(due);
        EXPECT_EQ(to_iso(due->at), std::string{GetParam().due} + "T17:00:00+07:00");
        EXPECT_EQ(due->calendar_version, "2026.1");
        EXPECT_FALSE(due->provisional);
    }
}
INSTANTIATE_TEST_SUITE_P(
    Year2026, Bldsd147DueTest,
    testing::Values(Vector{"2026-02-12", 3, "2026-02-24"}, Vector{"2026-04-24", 3, "2026-05-04"},
                    Vector{"2026-04-29", 1, "2026-05-04"}, Vector{"2026-08-20", 3, "2026-08-24"},
                    Vector{"2026-08-28", 3, "2026-09-07"}, Vector{"2026-11-20", 3, "2026-11-25"},
                    Vector{"2026-11-21", 3, "2026-11-25"}, Vector{"2026-11-22", 3, "2026-11-25"}));

TEST(Deadline, where_24_november_is_off_the_due_day_moves) {
    auto years = WorkCalendar::shipped_years();
    for (auto& year : years) {
        if (year.year == 2026) {
            year.days.push_back({parse_iso_date("2026-11-24").value(), CalendarDay::Kind::Off,
                                 "Ngày Văn hóa Việt Nam", "", "recalled"});
        }
    }
    const WorkCalendar changed{years, WorkCalendar::default_hours()};
    EXPECT_EQ(to_iso(due_after_days(at("2026-11-20T10:00:00+07:00"), 3, changed)->at),
              "2026-11-26T17:00:00+07:00");
}

TEST(Deadline, a_limit_into_the_next_year_is_marked_provisional_and_names_both_calendars) {
    const auto due = due_after_days(at("2026-12-30T10:00:00+07:00"), 3, calendar());
    ASSERT_TRUE(due);
    EXPECT_EQ(to_iso(due->at), "2027-01-05T17:00:00+07:00");
    EXPECT_EQ(due->calendar_version, "2026.1+2027.0");
    EXPECT_TRUE(due->provisional);
}

TEST(Deadline, a_year_without_calendar_is_never_guessed) {
    EXPECT_EQ(due_after_days(at("2027-12-31T10:00:00+07:00"), 1, calendar()).error().code,
              "calendar.year_missing");
    EXPECT_EQ(due_after_days(at("2019-06-03T10:00:00+07:00"), 1, calendar()).error().code,
              "calendar.year_missing");
    EXPECT_FALSE(working_minutes_between(at("2026-01-05T10:00:00+07:00"),
                                         at("2028-01-05T10:00:00+07:00"), calendar()));
}

TEST(Deadline, revocation_runs_day_and_night) {
    const auto due = due_after_hours(at("2026-02-16T22:30:00+07:00"), 12, calendar());
    EXPECT_EQ(to_iso(due.at), "2026-02-17T10:30:00+07:00");
}

TEST(Deadline, a_stopped_clock_goes_on_with_the_working_minutes_it_had) {
    // As in the officer's picture: received Mon 07/12 09:12, due Thu 10/12, asked Wed 09/12 16:00.
    const auto received = at("2026-12-07T09:12:00+07:00");
    const auto due = due_after_days(received, 3, calendar())->at;
    EXPECT_EQ(to_iso(due), "2026-12-10T17:00:00+07:00");
    const auto left = minutes_left(at("2026-12-09T16:00:00+07:00"), received, due, calendar());
    EXPECT_EQ(left.value(), 9 * 60);
    EXPECT_EQ(minutes_allowed(received, due, calendar()).value(), 24 * 60);
    // Answered Mon 14/12 at 14:30: 2.5 h that day, 6.5 h on Tuesday -> 15:30.
    const auto again = due_after_minutes(at("2026-12-14T14:30:00+07:00"), *left, calendar());
    EXPECT_EQ(to_iso(again->at), "2026-12-15T15:30:00+07:00");
}

TEST(Deadline, before_the_limit_begins_the_whole_of_it_is_left) {
    const auto received = at("2026-12-07T09:12:00+07:00");
    const auto due = due_after_days(received, 3, calendar())->at;
    EXPECT_EQ(minutes_left(at("2026-12-07T10:00:00+07:00"), received, due, calendar()).value(),
              24 * 60);
    EXPECT_EQ(minutes_left(at("2026-12-08T08:00:00+07:00"), received, due, calendar()).value(),
              24 * 60);
    EXPECT_EQ(minutes_left(at("2026-12-08T08:01:00+07:00"), received, due, calendar()).value(),
              24 * 60 - 1);
}

TEST(Deadline, late_is_below_zero_and_stays_so_late_after_a_supplement) {
    const auto received = at("2026-12-07T09:12:00+07:00");
    const auto due = due_after_days(received, 3, calendar())->at;
    const auto left = minutes_left(at("2026-12-11T11:00:00+07:00"), received, due, calendar());
    EXPECT_EQ(left.value(), -180);
    const auto again = due_after_minutes(at("2026-12-14T09:00:00+07:00"), *left, calendar());
    EXPECT_EQ(to_iso(again->at), "2026-12-11T15:00:00+07:00");
}

TEST(Deadline, minutes_that_run_out_at_noon_or_closing_end_there) {
    EXPECT_EQ(to_iso(due_after_minutes(at("2026-11-23T08:00:00+07:00"), 240, calendar())->at),
              "2026-11-23T12:00:00+07:00");
    EXPECT_EQ(to_iso(due_after_minutes(at("2026-11-23T08:00:00+07:00"), 480, calendar())->at),
              "2026-11-23T17:00:00+07:00");
    EXPECT_EQ(to_iso(due_after_minutes(at("2026-11-23T17:30:00+07:00"), 1, calendar())->at),
              "2026-11-24T08:01:00+07:00");
    EXPECT_EQ(to_iso(due_after_minutes(at("2026-11-21T10:00:00+07:00"), 60, calendar())->at),
              "2026-11-23T09:00:00+07:00");
}

TEST(WorkCalendar, ships_2026_confirmed_and_2027_provisional_with_a_source_for_each_day) {
    const auto years = WorkCalendar::shipped_years();
    ASSERT_GE(years.size(), 2U);
    for (const auto& year : years) {
        EXPECT_EQ(year.provisional, year.year >= 2027) << year.year;
        for (const auto& day : year.days) {
            EXPECT_FALSE(day.source.empty());
            EXPECT_FALSE(day.note.empty());
            EXPECT_FALSE(day.certainty.empty());
        }
    }
    EXPECT_TRUE(calendar().is_working(parse_iso_date("2026-08-22").value()));
    EXPECT_FALSE(calendar().is_working(parse_iso_date("2026-08-31").value()));
    EXPECT_FALSE(calendar().is_working(parse_iso_date("2026-04-27").value()));
    EXPECT_TRUE(calendar().is_working(parse_iso_date("2026-11-24").value()));
    EXPECT_FALSE(calendar().has_year(2031));
}

TEST(WorkCalendar, a_file_that_is_not_a_calendar_is_refused) {
    for (
        const char* text :
        {"", "{}", "[]",
         R"({"year":2026,"version":"a","state":"confirmed","days":[{"day":"2025-01-01","kind":"off"}]})",
         R"({"year":2026,"version":"a","state":"confirmed","days":[{"day":"2026-01-01","kind":"half"}]})"}) {
        EXPECT_EQ(parse_calendar_year(text).error().code, "calendar.file") << text;
    }
}

// --- properties, against a calculation that walks minute by minute ---

bool works_at(Instant minute) {
    if (!calendar().is_working(local_date(minute))) return false;
    const auto of_day = local_minutes(minute).count();
    return (of_day >= 480 && of_day < 720) || (of_day >= 780 && of_day < 1020);
}

std::int64_t counted_minutes(Instant from, Instant to) {
    std::int64_t count = 0;
    for (Instant m = from; m < to; m += std::chrono::minutes{1}) count += works_at(m) ? 1 : 0;
    return count;
}

/// Any minute from January 2026 to October 2027.
rc::Gen<Instant> any_minute() {
    return rc::gen::map(rc::gen::inRange(0, 60 * 24 * 650), [](int minute) {
        return at("2026-01-02T00:00:00+07:00") + std::chrono::minutes{minute};
    });
}

RC_GTEST_PROP(DeadlineProperty, working_minutes_agree_with_counting_them, ()) {
    const auto from = *any_minute();
    const auto to = from + std::chrono::minutes{*rc::gen::inRange(0, 60 * 24 * 20)};
    RC_ASSERT(working_minutes_between(from, to, calendar()).value() == counted_minutes(from, to));
    RC_ASSERT(working_minutes_between(to, from, calendar()).value() == -counted_minutes(from, to));
}

RC_GTEST_PROP(DeadlineProperty, a_due_time_is_exactly_as_far_away_as_was_left, ()) {
    const auto from = *any_minute();
    const auto left = *rc::gen::inRange(-3000, 6000);
    const auto due = due_after_minutes(from, left, calendar());
    if (!due) return;  // beyond the calendar
    RC_ASSERT(working_minutes_between(from, due->at, calendar()).value() == left);
}

RC_GTEST_PROP(DeadlineProperty, stop_and_resume_neither_gives_nor_takes_time, ()) {
    const auto received = *any_minute();
    const auto due = due_after_days(received, *rc::gen::inRange(1, 10), calendar());
    if (!due) return;
    const auto stopped = received + std::chrono::minutes{*rc::gen::inRange(0, 60 * 24 * 12)};
    const auto answered = stopped + std::chrono::minutes{*rc::gen::inRange(0, 60 * 24 * 12)};
    const auto left = minutes_left(stopped, received, due->at, calendar());
    if (!left) return;
    const auto again = due_after_minutes(answered, *left, calendar());
    if (!again) return;
    RC_ASSERT(working_minutes_between(answered, again->at, calendar()).value() == *left);
}

RC_GTEST_PROP(DeadlineProperty, a_limit_of_days_holds_that_many_working_days, ()) {
    const auto received = *any_minute();
    const int days = *rc::gen::inRange(1, 15);
    const auto due = due_after_days(received, days, calendar());
    if (!due) return;
    RC_ASSERT(minutes_allowed(received, due->at, calendar()).value() == days * 480);
    RC_ASSERT(calendar().is_working(local_date(due->at)));
    RC_ASSERT(local_minutes(due->at) == std::chrono::minutes{1020});
}

}  // namespace
}  // namespace antin::domain
