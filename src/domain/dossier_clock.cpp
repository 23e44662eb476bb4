#include "domain/dossier_clock.hpp"

#include <algorithm>

namespace antin::domain {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using std::chrono::sys_days;

std::int64_t clock_minutes(Instant from, Instant to) {
    return std::chrono::floor<minutes>(to - from).count();
}

Instant day_after(Instant moment) {
    return at_local(Date{sys_days{local_date(moment)} + days{1}}, minutes{0});
}

void run_to(DossierClock& clock, const DueTime& due) {
    clock.due_at = due.at;
    clock.calendar_version = due.calendar_version;
    clock.provisional = due.provisional;
    clock.remaining_minutes.reset();
    clock.stopped_at.reset();
}

Result<std::int64_t> minutes_to(const DossierClock& clock, Instant now, Instant due,
                                const WorkCalendar& calendar) {
    if (clock.by_hours) return clock_minutes(now, due);
    return minutes_left(now, *clock.accepted_at, due, calendar);
}

}  // namespace

Status start(DossierClock& clock, Instant accepted, int limit, const WorkCalendar& calendar) {
    clock.accepted_at = accepted;
    if (clock.by_hours) {
        run_to(clock, due_after_hours(accepted, limit, calendar));
        clock.allowed_minutes = std::int64_t{limit} * 60;
        return {};
    }
    ANTIN_TRY(due, due_after_days(accepted, limit, calendar));
    run_to(clock, due);
    clock.allowed_minutes = limit * calendar.day_minutes();
    return {};
}

Status stop(DossierClock& clock, Instant now, const WorkCalendar& calendar) {
    if (!clock.due_at || !clock.accepted_at) return {};
    ANTIN_TRY(left, minutes_to(clock, now, *clock.due_at, calendar));
    clock.remaining_minutes = left;
    clock.stopped_at = now;
    clock.due_at.reset();
    return {};
}

Status resume(DossierClock& clock, Instant now, const WorkCalendar& calendar) {
    if (!clock.remaining_minutes || !clock.accepted_at) return {};
    const auto left = *clock.remaining_minutes;
    if (clock.by_hours) {
        run_to(clock, {now + minutes{left}, calendar.version(local_date(now))});
        return {};
    }
    ANTIN_TRY(due, due_after_minutes(counting_from(clock, now), left, calendar));
    run_to(clock, due);
    return {};
}

Instant counting_from(const DossierClock& clock, Instant now) {
    if (clock.by_hours || !clock.accepted_at) return now;
    return std::max(now, day_after(*clock.accepted_at));
}

Status postpone(DossierClock& clock, Instant new_due, const WorkCalendar& calendar) {
    if (!clock.due_at || !clock.accepted_at) return {};
    ANTIN_TRY(old_left, minutes_to(clock, *clock.accepted_at, *clock.due_at, calendar));
    ANTIN_TRY(new_left, minutes_to(clock, *clock.accepted_at, new_due, calendar));
    const auto allowed = clock.allowed_minutes.value_or(old_left);
    run_to(clock, as_due_time(new_due, *clock.accepted_at, calendar));
    clock.allowed_minutes = allowed + new_left - old_left;
    return {};
}

Result<DueTime> later_due(const DossierClock& clock, int count, const WorkCalendar& calendar) {
    const Instant due = clock.due_at.value_or(clock.accepted_at.value_or(Instant{}));
    if (clock.by_hours) return due_after_hours(due, count * 24, calendar);
    return due_after_days(due, count, calendar);
}

std::optional<ClockMinutes> minutes_at(const DossierClock& clock, Instant moment,
                                       const WorkCalendar& calendar) {
    if (!clock.accepted_at) return std::nullopt;
    if (clock.remaining_minutes) {
        return ClockMinutes{
            *clock.remaining_minutes,
            clock.allowed_minutes.value_or(std::max<std::int64_t>(*clock.remaining_minutes, 0))};
    }
    if (!clock.due_at) return std::nullopt;
    const auto left = minutes_to(clock, moment, *clock.due_at, calendar);
    if (!left) return std::nullopt;
    if (clock.allowed_minutes) return ClockMinutes{*left, *clock.allowed_minutes};
    const auto allowed = minutes_to(clock, *clock.accepted_at, *clock.due_at, calendar);
    if (!allowed) return std::nullopt;
    return ClockMinutes{*left, *allowed};
}

bool is_due(DeadlineWarning warning, bool by_hours, const ClockMinutes& minutes,
            std::int64_t day_minutes) {
    if (warning == DeadlineWarning::MostUsed) return minutes.left * 4 <= minutes.allowed;
    return !by_hours && minutes.left <= day_minutes;
}

}  // namespace antin::domain
