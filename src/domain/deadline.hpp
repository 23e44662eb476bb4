#pragma once
#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/work_calendar.hpp"

namespace antin::domain {

/// When a dossier is to be answered, and by which calendar that was reckoned.
struct DueTime {
    Instant at;
    std::string calendar_version;  // "2026.1", or "2026.1+2027.0" where the limit spans both
    bool provisional = false;      // a day of a provisional year lies in it
};

/// The end of the `days`-th working day.
///
/// Units:   working days; the calendar day of receipt is not counted, also when received at night
///          or on a day off; the limit ends at closing time.
/// Errors:  Unavailable "calendar.year_missing" {{year}} when the calendar does not reach the due
///          day; a holiday is never guessed.
/// Source:  Bộ luật Dân sự Điều 147 (RECALLED); NĐ 68/2024/NĐ-CP Điều 11 khoản 2 (cấp mới: 3 days).
/// Example: received Thu 2026-02-12, 3 days -> Tue 2026-02-24 17:00 (Tết lies between).
[[nodiscard]] Result<DueTime> due_after_days(Instant received, int days,
                                             const WorkCalendar& calendar);

/// Clock hours, day and night (revocation). The calendar is named, not used.
[[nodiscard]] DueTime due_after_hours(Instant received, int hours, const WorkCalendar& calendar);

/// A chosen moment as due time of a limit that began at `counted_from`: names their calendars.
[[nodiscard]] DueTime as_due_time(Instant at, Instant counted_from, const WorkCalendar& calendar);

/// The moment at which `minutes` of working time after `from` have run out: the new due time after
/// a supplement. Zero: `from`. Below zero (already late): so much working time before `from`.
[[nodiscard]] Result<DueTime> due_after_minutes(Instant from, std::int64_t minutes,
                                                const WorkCalendar& calendar);

/// Working minutes from `from` to `to`; below zero when `to` is earlier. Seconds do not count.
[[nodiscard]] Result<std::int64_t> working_minutes_between(Instant from, Instant to,
                                                           const WorkCalendar& calendar);

/// Working minutes left now. Before the limit has begun (the rest of the day of receipt) the whole
/// limit is left; late is below zero.
[[nodiscard]] Result<std::int64_t> minutes_left(Instant now, Instant received, Instant due,
                                                const WorkCalendar& calendar);
/// All working minutes of the limit: from the opening of the first working day after receipt.
[[nodiscard]] Result<std::int64_t> minutes_allowed(Instant received, Instant due,
                                                   const WorkCalendar& calendar);

}  // namespace antin::domain
