#include "web/dossier_time.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace antin::web {
namespace {

std::string hours_words(const domain::WorkingHours& hours) {
    std::string out;
    for (const auto& [from, to] : hours) {
        out += fmt::format("{}{}:{:02}–{}:{:02}", out.empty() ? "" : ", ", from.count() / 60,
                           from.count() % 60, to.count() / 60, to.count() % 60);
    }
    return out;
}

std::string definition(const app::ClockReading& reading, Language language) {
    if (reading.by_hours) return html::text(language, "time.definition_clock");
    return html::text(
        language, "time.definition",
        {{"hours", hours_words(reading.hours)}, {"calendar", reading.calendar_version}});
}

}  // namespace

TimeLeft time_of(const app::ClockReading& reading, Language language) {
    TimeLeft time;
    time.minutes = reading.minutes_left;
    time.day_minutes = reading.day_minutes;
    time.stopped = reading.stopped;
    time.ended = reading.ended;
    time.by_hours = reading.by_hours;
    time.due = reading.due;
    time.provisional = reading.provisional;
    time.definition = definition(reading, language);
    return time;
}

Json time_left_of(const store::Dossier& dossier, const domain::WorkCalendar& calendar, Instant now,
                  Language language) {
    const auto reading = app::read_clock(dossier, now, calendar);
    return reading ? time_left(time_of(*reading, language), language) : Json(nullptr);
}

Json clock_box_of(const app::ClockReading& reading, std::optional<Instant> accepted,
                  Language language) {
    return clock_box(time_of(reading, language), reading.minutes_allowed, accepted, language);
}

Json clock_box_of(const store::Dossier& dossier, const domain::WorkCalendar& calendar, Instant now,
                  Language language) {
    const auto reading = app::read_clock(dossier, now, calendar);
    return reading ? clock_box_of(*reading, dossier.accepted_at, language) : Json(nullptr);
}

}  // namespace antin::web
