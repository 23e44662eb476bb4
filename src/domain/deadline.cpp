#include "domain/deadline.hpp"

#include <algorithm>
#include <cstdlib>

namespace antin::domain {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;

tl::unexpected<Error> year_missing(Date day) {
    const auto year = std::to_string(static_cast<int>(day.year()));
    return fail(ErrorKind::Unavailable, "calendar.year_missing", year, {{"year", year}});
}

Date next_day(Date day) {
    return Date{sys_days{day} + days{1}};
}
Date previous_day(Date day) {
    return Date{sys_days{day} - days{1}};
}

Instant to_minute(Instant moment) {
    return std::chrono::floor<minutes>(moment);
}

/// Versions of all years from the first to the last day.
DueTime due_at(Instant at, Date from, Date to, const WorkCalendar& calendar) {
    if (to < from) std::swap(from, to);
    DueTime due{at, calendar.version(from), calendar.is_provisional(from)};
    for (int year = static_cast<int>(from.year()) + 1; year <= static_cast<int>(to.year());
         ++year) {
        const Date first{std::chrono::year{year} / 1 / 1};
        due.calendar_version += "+" + calendar.version(first);
        due.provisional = due.provisional || calendar.is_provisional(first);
    }
    return due;
}

/// Working minutes of a worked day that lie before `minute`.
std::int64_t minutes_before(minutes minute, const WorkCalendar& calendar) {
    std::int64_t total = 0;
    for (const auto& [from, to] : calendar.hours()) {
        total += std::clamp<std::int64_t>((minute - from).count(), 0, (to - from).count());
    }
    return total;
}

/// The minute of the day by which `amount` (1 to a whole day) of working minutes have passed.
minutes minute_after(std::int64_t amount, const WorkCalendar& calendar) {
    for (const auto& [from, to] : calendar.hours()) {
        const auto span = (to - from).count();
        if (amount <= span) return from + minutes{amount};
        amount -= span;
    }
    return calendar.closing();
}

}  // namespace

Result<DueTime> due_after_days(Instant received, int count, const WorkCalendar& calendar) {
    const Date first = local_date(received);
    Date day = first;
    for (int left = count; left > 0;) {
        day = next_day(day);
        if (!calendar.has_year(static_cast<int>(day.year()))) return year_missing(day);
        if (calendar.is_working(day)) --left;
    }
    if (!calendar.has_year(static_cast<int>(first.year()))) return year_missing(first);
    return due_at(at_local(day, calendar.closing()), first, day, calendar);
}

DueTime due_after_hours(Instant received, int hours, const WorkCalendar& calendar) {
    DueTime due;
    due.at = received + std::chrono::hours{hours};
    due.calendar_version = calendar.version(local_date(received));
    return due;
}

DueTime as_due_time(Instant at, Instant counted_from, const WorkCalendar& calendar) {
    return due_at(at, local_date(counted_from), local_date(at), calendar);
}

Result<DueTime> due_after_minutes(Instant from, std::int64_t amount, const WorkCalendar& calendar) {
    from = to_minute(from);
    const Date first = local_date(from);
    if (!calendar.has_year(static_cast<int>(first.year()))) return year_missing(first);
    if (amount == 0) return due_at(from, first, first, calendar);
    Date day = first;
    // Working minutes counted from the opening of `day`; the amount may point before it.
    std::int64_t wanted =
        amount + (calendar.is_working(day) ? minutes_before(local_minutes(from), calendar) : 0);
    const std::int64_t whole = calendar.day_minutes();
    for (;;) {
        const bool worked = calendar.is_working(day);
        if (wanted <= 0) {
            day = previous_day(day);
            if (!calendar.has_year(static_cast<int>(day.year()))) return year_missing(day);
            if (calendar.is_working(day)) wanted += whole;
            if (wanted > 0) break;
        } else if (worked && wanted <= whole) {
            break;
        } else {
            if (worked) wanted -= whole;
            day = next_day(day);
            if (!calendar.has_year(static_cast<int>(day.year()))) return year_missing(day);
        }
    }
    return due_at(at_local(day, minute_after(wanted, calendar)), first, day, calendar);
}

Result<std::int64_t> working_minutes_between(Instant from, Instant to,
                                             const WorkCalendar& calendar) {
    from = to_minute(from);
    to = to_minute(to);
    if (to < from) {
        ANTIN_TRY(opposite, working_minutes_between(to, from, calendar));
        return -opposite;
    }
    const Date last = local_date(to);
    std::int64_t total = 0;
    for (Date day = local_date(from);; day = next_day(day)) {
        if (!calendar.has_year(static_cast<int>(day.year()))) return year_missing(day);
        if (calendar.is_working(day)) total += calendar.day_minutes();
        if (day == last) break;
    }
    if (calendar.is_working(local_date(from))) {
        total -= minutes_before(local_minutes(from), calendar);
    }
    if (calendar.is_working(last)) {
        total -= calendar.day_minutes() - minutes_before(local_minutes(to), calendar);
    }
    return total;
}

Result<std::int64_t> minutes_left(Instant now, Instant received, Instant due,
                                  const WorkCalendar& calendar) {
    const Instant begins = at_local(next_day(local_date(received)), minutes{0});
    return working_minutes_between(std::max(now, begins), due, calendar);
}

Result<std::int64_t> minutes_allowed(Instant received, Instant due, const WorkCalendar& calendar) {
    return minutes_left(received, received, due, calendar);
}

}  // namespace antin::domain
