#include "web/dossier_time.hpp"

#include <nlohmann/json.hpp>

#include "domain/deadline.hpp"

namespace antin::web {

std::optional<TimeLeft> time_of(const store::Dossier& dossier, const domain::WorkCalendar& calendar,
                                Instant now) {
    using enum domain::DossierState;
    if (!dossier.accepted_at) return std::nullopt;
    TimeLeft time;
    time.day_minutes = calendar.day_minutes();
    time.due = dossier.due_at;
    time.provisional = dossier.due_provisional;
    if (!dossier.due_at) {
        if (!dossier.remaining_minutes) return std::nullopt;
        time.stopped = true;
        time.minutes = *dossier.remaining_minutes;
        return time;
    }
    const Instant at = dossier.decided_at.value_or(now);
    time.ended = dossier.decided_at.has_value() || dossier.state == Stopped;
    const auto left = domain::minutes_left(at, *dossier.accepted_at, *dossier.due_at, calendar);
    if (!left) return std::nullopt;
    time.minutes = *left;
    return time;
}

TimeLeft time_of(const app::ClockReading& clock) {
    TimeLeft time;
    time.minutes = clock.minutes_left;
    time.day_minutes = clock.day_minutes;
    time.stopped = clock.stopped;
    time.ended = clock.ended;
    time.by_hours = clock.by_hours;
    time.due = clock.due;
    time.provisional = clock.provisional;
    return time;
}

Json time_left_of(const store::Dossier& dossier, const domain::WorkCalendar& calendar, Instant now,
                  Language language) {
    const auto time = time_of(dossier, calendar, now);
    return time ? time_left(*time, language) : Json(nullptr);
}

Json clock_box_of(const store::Dossier& dossier, const domain::WorkCalendar& calendar, Instant now,
                  Language language) {
    const auto time = time_of(dossier, calendar, now);
    if (!time) return nullptr;
    std::int64_t total = 3 * time->day_minutes;
    if (dossier.due_at) {
        const auto all = domain::minutes_allowed(*dossier.accepted_at, *dossier.due_at, calendar);
        if (all) total = *all;
    }
    return clock_box(*time, total, dossier.accepted_at, language);
}

}  // namespace antin::web
