#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "domain/deadline.hpp"
#include "domain/vocabulary.hpp"

namespace antin::domain {

/// The clock of one dossier. It runs towards `due_at`, or stands with `remaining_minutes`.
///
/// Working time (of the calendar) counts from the day after acceptance; a revocation runs in clock
/// hours, day and night, from acceptance on. Minutes are of that kind.
struct DossierClock {
    bool by_hours = false;
    std::optional<Instant> accepted_at;
    std::optional<Instant> due_at;                  // nothing while it stands
    std::optional<std::int64_t> remaining_minutes;  // below zero: stopped when already late
    std::optional<Instant> stopped_at;
    /// The limit as a whole: a supplement leaves it, a postponement adds to it. Nothing for a
    /// dossier accepted before this was kept; then it is reckoned from acceptance to due time.
    std::optional<std::int64_t> allowed_minutes;
    std::string calendar_version;
    bool provisional = false;
};

/// `limit` working days, or clock hours. Errors: as due_after_days.
[[nodiscard]] Status start(DossierClock& clock, Instant accepted, int limit,
                           const WorkCalendar& calendar);
/// The agency owes an answer. Nothing happens before acceptance or when it stands already.
[[nodiscard]] Status stop(DossierClock& clock, Instant now, const WorkCalendar& calendar);
/// The answer came: the new due time is when the kept minutes run out. An answer on the day of
/// acceptance finds the limit not yet begun: it counts from the next day, as at acceptance.
[[nodiscard]] Status resume(DossierClock& clock, Instant now, const WorkCalendar& calendar);
/// From when on it counts after an answer at `now`.
[[nodiscard]] Instant counting_from(const DossierClock& clock, Instant now);
/// An apology moves the due time; what lies between is added to the limit.
[[nodiscard]] Status postpone(DossierClock& clock, Instant new_due, const WorkCalendar& calendar);
/// Closing time of the `days`-th working day after the due day; clock hours of `days` days for a
/// revocation.
[[nodiscard]] Result<DueTime> later_due(const DossierClock& clock, int days,
                                        const WorkCalendar& calendar);

struct ClockMinutes {
    std::int64_t left = 0;     // below zero: late
    std::int64_t allowed = 0;  // used: allowed - left
};
/// How it stands at `moment`. Nothing before acceptance, or where the calendar has no such year.
[[nodiscard]] std::optional<ClockMinutes> minutes_at(const DossierClock& clock, Instant moment,
                                                     const WorkCalendar& calendar);

/// When the office is warned, once each.
enum class DeadlineWarning { DayBefore, MostUsed };
template <>
struct Names<DeadlineWarning> {
    static constexpr std::array<std::string_view, 2> values{"day_before", "most_used"};
};
/// One working day before the limit (not for a limit in clock hours); three quarters used.
[[nodiscard]] bool is_due(DeadlineWarning warning, bool by_hours, const ClockMinutes& minutes,
                          std::int64_t day_minutes);

}  // namespace antin::domain
