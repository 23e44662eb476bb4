#include "domain/work_calendar.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/embedded.hpp"

namespace antin::domain {
namespace {

using nlohmann::json;

CalendarYear read_year(const json& data) {
    CalendarYear year;
    year.year = data.at("year").get<int>();
    year.version = data.at("version").get<std::string>();
    year.provisional = data.at("state").get<std::string>() != "confirmed";
    for (const json& item : data.at("days")) {
        CalendarDay day;
        const auto date = parse_iso_date(item.at("day").get<std::string>());
        const auto kind = item.at("kind").get<std::string>();
        if (!date || static_cast<int>(date->year()) != year.year ||
            (kind != "off" && kind != "make_up")) {
            throw json::other_error::create(501, "day", nullptr);
        }
        day.day = *date;
        day.kind = kind == "off" ? CalendarDay::Kind::Off : CalendarDay::Kind::MakeUp;
        day.note = item.value("note", "");
        day.source = item.value("source", "");
        day.certainty = item.value("certainty", "recalled");
        year.days.push_back(std::move(day));
    }
    return year;
}

}  // namespace

Result<CalendarYear> parse_calendar_year(std::string_view text) {
    try {
        return read_year(json::parse(text));
    } catch (const json::exception& error) {
        return fail(ErrorKind::Invalid, "calendar.file", error.what());
    }
}

WorkCalendar::WorkCalendar(std::vector<CalendarYear> years, WorkingHours hours)
    : hours_(std::move(hours)) {
    if (hours_.empty()) hours_ = default_hours();
    for (CalendarYear& given : years) {
        Year year{std::move(given.version), given.provisional, {}};
        for (const CalendarDay& day : given.days) year.days[day.day] = day.kind;
        years_.insert_or_assign(given.year, std::move(year));
    }
    for (const auto& [from, to] : hours_) day_minutes_ += (to - from).count();
}

WorkingHours WorkCalendar::default_hours() {
    using std::chrono::minutes;
    return {{minutes{8 * 60}, minutes{12 * 60}}, {minutes{13 * 60}, minutes{17 * 60}}};
}

std::vector<CalendarYear> WorkCalendar::shipped_years() {
    static const std::vector<CalendarYear> read = [] {  // every list asks for them
        std::vector<CalendarYear> years;
        for (const EmbeddedFile& file : embedded_data()) {
            if (!file.name.starts_with("data/calendars/")) continue;
            if (auto year = parse_calendar_year(file.content)) years.push_back(std::move(*year));
        }
        return years;
    }();
    return read;
}

const WorkCalendar& WorkCalendar::shipped() {
    static const WorkCalendar calendar{shipped_years(), default_hours()};
    return calendar;
}

bool WorkCalendar::is_working(Date day) const {
    const auto year = years_.find(static_cast<int>(day.year()));
    if (year == years_.end()) return false;
    const auto special = year->second.days.find(day);
    if (special != year->second.days.end()) return special->second == CalendarDay::Kind::MakeUp;
    const std::chrono::weekday weekday{std::chrono::sys_days{day}};
    return weekday != std::chrono::Saturday && weekday != std::chrono::Sunday;
}

bool WorkCalendar::is_provisional(Date day) const {
    const auto year = years_.find(static_cast<int>(day.year()));
    return year == years_.end() || year->second.provisional;
}

std::string WorkCalendar::version(Date day) const {
    const auto year = years_.find(static_cast<int>(day.year()));
    return year == years_.end() ? std::string{} : year->second.version;
}

}  // namespace antin::domain
