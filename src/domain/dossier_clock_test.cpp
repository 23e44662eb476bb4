#include "domain/dossier_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

namespace antin::domain {
namespace {

Instant at(std::string_view iso) {
    return parse_iso(iso).value();
}
const WorkCalendar& calendar() {
    return WorkCalendar::shipped();
}

DossierClock started(std::string_view accepted, int limit, bool by_hours = false) {
    DossierClock clock;
    clock.by_hours = by_hours;
    EXPECT_TRUE(start(clock, at(accepted), limit, calendar()));
    return clock;
}

TEST(DossierClock, a_supplement_leaves_the_limit_as_it_was_and_what_is_used_is_true_afterwards) {
    auto clock = started("2026-12-07T09:12:00+07:00", 3);
    ASSERT_TRUE(stop(clock, at("2026-12-09T16:00:00+07:00"), calendar()));
    EXPECT_FALSE(clock.due_at);
    ASSERT_TRUE(resume(clock, at("2026-12-21T10:00:00+07:00"), calendar()));
    EXPECT_EQ(to_iso(*clock.due_at), "2026-12-22T11:00:00+07:00");
    const auto minutes = minutes_at(clock, at("2026-12-21T10:00:00+07:00"), calendar());
    ASSERT_TRUE(minutes);
    EXPECT_EQ(minutes->allowed, 24 * 60);
    EXPECT_EQ(minutes->left, 9 * 60);
}

TEST(DossierClock, an_answer_on_the_day_of_acceptance_takes_nothing_from_the_limit) {
    auto clock = started("2026-12-07T09:12:00+07:00", 3);
    ASSERT_TRUE(stop(clock, at("2026-12-07T09:30:00+07:00"), calendar()));
    ASSERT_TRUE(resume(clock, at("2026-12-07T10:00:00+07:00"), calendar()));
    EXPECT_EQ(to_iso(*clock.due_at), "2026-12-10T17:00:00+07:00");
}

TEST(DossierClock, a_revocation_runs_through_the_night_and_stands_in_clock_hours_too) {
    auto clock = started("2026-12-05T22:00:00+07:00", 12, true);  // a Saturday night
    EXPECT_EQ(to_iso(*clock.due_at), "2026-12-06T10:00:00+07:00");
    ASSERT_TRUE(stop(clock, at("2026-12-06T01:00:00+07:00"), calendar()));
    EXPECT_EQ(clock.remaining_minutes, 9 * 60);
    ASSERT_TRUE(resume(clock, at("2026-12-06T20:00:00+07:00"), calendar()));
    EXPECT_EQ(to_iso(*clock.due_at), "2026-12-07T05:00:00+07:00");
    EXPECT_EQ(minutes_at(clock, at("2026-12-06T20:00:00+07:00"), calendar())->allowed, 12 * 60);
}

TEST(DossierClock, an_apology_adds_to_the_limit_and_names_the_calendars_it_reaches) {
    auto clock = started("2026-12-28T09:00:00+07:00", 3);
    EXPECT_EQ(to_iso(*clock.due_at), "2026-12-31T17:00:00+07:00");
    const auto later = later_due(clock, 2, calendar());
    ASSERT_TRUE(later);
    EXPECT_EQ(to_iso(later->at), "2027-01-05T17:00:00+07:00");
    ASSERT_TRUE(postpone(clock, later->at, calendar()));
    EXPECT_EQ(clock.allowed_minutes, 5 * 8 * 60);
    EXPECT_EQ(clock.calendar_version, "2026.1+2027.0");
    EXPECT_TRUE(clock.provisional);
}

TEST(DossierClock, warnings_come_a_working_day_before_and_at_three_quarters) {
    const auto clock = started("2026-12-07T09:12:00+07:00", 3);
    const auto due = [&](DeadlineWarning warning, const char* when) {
        return is_due(warning, false, *minutes_at(clock, at(when), calendar()),
                      calendar().day_minutes());
    };
    EXPECT_FALSE(due(DeadlineWarning::DayBefore, "2026-12-09T16:59:00+07:00"));
    EXPECT_TRUE(due(DeadlineWarning::DayBefore, "2026-12-09T17:00:00+07:00"));
    EXPECT_FALSE(due(DeadlineWarning::MostUsed, "2026-12-10T09:59:00+07:00"));
    EXPECT_TRUE(due(DeadlineWarning::MostUsed, "2026-12-10T10:00:00+07:00"));
    const auto night = started("2026-12-05T22:00:00+07:00", 12, true);
    const auto left = *minutes_at(night, at("2026-12-06T07:00:00+07:00"), calendar());
    EXPECT_TRUE(is_due(DeadlineWarning::MostUsed, true, left, 24 * 60));
    EXPECT_FALSE(is_due(DeadlineWarning::DayBefore, true, left, 24 * 60));
}

/// The second calculation: every minute of two years is either worked or not, and a history is a
/// sum over them. It shares nothing with the rules but the list of days.
class MinuteByMinute {
  public:
    MinuteByMinute() {
        std::vector<std::uint8_t> off_or_made_up(days);
        for (const auto& year : WorkCalendar::shipped_years()) {
            for (const auto& day : year.days) {
                const auto index = day_index(day.day);
                if (index < 0 || index >= days) continue;
                off_or_made_up[static_cast<std::size_t>(index)] =
                    day.kind == CalendarDay::Kind::Off ? 1 : 2;
            }
        }
        worked_before_.push_back(0);
        for (int day = 0; day < days; ++day) {
            const int weekday = (day + 3) % 7;  // 2026-01-01 is a Thursday; Monday is 0
            const auto mark = off_or_made_up[static_cast<std::size_t>(day)];
            const bool worked = mark == 2 || (mark == 0 && weekday < 5);
            for (int minute = 0; minute < 1440; ++minute) {
                const bool open =
                    (minute >= 480 && minute < 720) || (minute >= 780 && minute < 1020);
                worked_before_.push_back(worked_before_.back() + (worked && open ? 1 : 0));
            }
        }
    }
    /// Minute since the first day.
    static std::int64_t index(Instant moment) {
        return std::chrono::floor<std::chrono::minutes>(moment - first()).count();
    }
    static Instant moment(std::int64_t index) { return first() + std::chrono::minutes{index}; }
    [[nodiscard]] std::int64_t between(std::int64_t from, std::int64_t to) const {
        return worked_before_[static_cast<std::size_t>(to)] -
               worked_before_[static_cast<std::size_t>(from)];
    }
    /// The first minute by which `amount` worked minutes have passed since `from`.
    [[nodiscard]] std::int64_t after(std::int64_t from, std::int64_t amount) const {
        const auto wanted = worked_before_[static_cast<std::size_t>(from)] + amount;
        return std::ranges::lower_bound(worked_before_, wanted) - worked_before_.begin();
    }

  private:
    static constexpr int days = 730;
    static Instant first() { return parse_iso("2026-01-01T00:00:00+07:00").value(); }
    static int day_index(Date day) {
        return static_cast<int>((std::chrono::sys_days{day} -
                                 std::chrono::sys_days{Date{std::chrono::year{2026} / 1 / 1}})
                                    .count());
    }
    std::vector<std::int64_t> worked_before_;
};

/// What a history should read, kept as what was used so far.
struct Expected {
    const MinuteByMinute& minutes;
    bool by_hours;
    std::int64_t begins, allowed, used = 0, running_since;
    bool running = true;

    [[nodiscard]] std::int64_t spent(std::int64_t from, std::int64_t to) const {
        from = std::max(from, begins);
        if (to <= from) return 0;
        return by_hours ? to - from : minutes.between(from, to);
    }
    [[nodiscard]] std::int64_t left(std::int64_t now) const {
        return allowed - used - (running ? spent(running_since, now) : 0);
    }
    [[nodiscard]] std::int64_t due(std::int64_t now) const {
        const auto from = std::max(now, begins);
        return by_hours ? from + left(now) : minutes.after(from, left(now));
    }
};

void compare(const DossierClock& clock, const Expected& expected, std::int64_t now) {
    const auto read = minutes_at(clock, MinuteByMinute::moment(now), calendar());
    ASSERT_TRUE(read);
    ASSERT_EQ(read->left, expected.left(now));
    ASSERT_EQ(read->allowed, expected.allowed);
    ASSERT_EQ(clock.due_at.has_value(), expected.running);
    if (expected.running && expected.left(now) > 0) {
        ASSERT_EQ(MinuteByMinute::index(*clock.due_at), expected.due(now));
    }
}

void one_step(DossierClock& clock, Expected& expected, std::int64_t now, std::uint32_t act) {
    const Instant moment = MinuteByMinute::moment(now);
    if (act == 0 && expected.running) {
        ASSERT_TRUE(stop(clock, moment, calendar()));
        expected.used += expected.spent(expected.running_since, now);
        expected.running = false;
    } else if (act == 1 && !expected.running) {
        ASSERT_TRUE(resume(clock, moment, calendar()));
        expected.running_since = now;
        expected.running = true;
    } else if (act == 2 && expected.running && expected.left(now) > 0) {
        const auto old_due = MinuteByMinute::index(*clock.due_at);
        const auto later = later_due(clock, 1 + static_cast<int>(now % 5), calendar());
        ASSERT_TRUE(later);
        ASSERT_TRUE(postpone(clock, later->at, calendar()));
        expected.allowed += expected.spent(old_due, MinuteByMinute::index(later->at));
    }
}

TEST(DossierClock, a_hundred_thousand_histories_read_as_a_sum_over_minutes) {
    constexpr int histories = 100'000;
    const MinuteByMinute minutes;
    std::mt19937 random{20261207};
    const auto below = [&](std::uint32_t bound) {
        return static_cast<std::int64_t>(random() % bound);
    };
    for (int history = 0; history < histories; ++history) {
        const bool by_hours = below(5) == 0;
        const auto accepted = below(1440 * 420);
        const int limit = by_hours ? 12 : 1 + static_cast<int>(below(3));
        DossierClock clock;
        clock.by_hours = by_hours;
        ASSERT_TRUE(start(clock, MinuteByMinute::moment(accepted), limit, calendar()));
        Expected expected{minutes, by_hours, by_hours ? accepted : (accepted / 1440 + 1) * 1440,
                          limit * (by_hours ? 60 : 480)};
        expected.running_since = accepted;
        auto now = accepted;
        for (auto steps = below(7); steps >= 0; --steps) {
            ASSERT_NO_FATAL_FAILURE(compare(clock, expected, now)) << history;
            now += below(3) == 0 ? below(10 * 1440) : below(600);
            ASSERT_NO_FATAL_FAILURE(compare(clock, expected, now)) << history;
            ASSERT_NO_FATAL_FAILURE(
                one_step(clock, expected, now, static_cast<std::uint32_t>(below(3))))
                << history;
        }
        ASSERT_NO_FATAL_FAILURE(compare(clock, expected, now)) << history;
    }
}

}  // namespace
}  // namespace antin::domain
