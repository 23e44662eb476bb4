#include "store/calendar.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "store/rules.hpp"

namespace antin::store {
namespace {

using domain::CalendarDay;
using domain::CalendarYear;

constexpr sql::Statement select_years{
    "calendar.years", "SELECT year, state, version FROM calendar_year ORDER BY year"};
constexpr sql::Statement select_days{
    "calendar.days", "SELECT day, kind, note, source, certainty FROM calendar_day ORDER BY day"};
constexpr sql::Statement upsert_year{
    "calendar.save_year",
    "INSERT INTO calendar_year (year, state, version) VALUES ($1, $2, $3) "
    "ON CONFLICT (year) DO UPDATE SET state = excluded.state, version = excluded.version"};
constexpr sql::Statement delete_days{"calendar.delete_days",
                                     "DELETE FROM calendar_day WHERE day >= $1 AND day <= $2"};
constexpr sql::Statement insert_day{
    "calendar.insert_day",
    "INSERT INTO calendar_day (day, kind, note, source, certainty) VALUES ($1, $2, $3, $4, $5)"};

}  // namespace

std::vector<CalendarYear> list_calendar_years(sql::Reader& db) {
    std::vector<CalendarYear> years = domain::WorkCalendar::shipped_years();
    const auto year_of = [&](int number) -> CalendarYear& {
        const auto known = std::ranges::find(years, number, &CalendarYear::year);
        if (known != years.end()) return *known;
        return years.emplace_back();
    };
    std::vector<int> entered;
    const auto rows = db.query(select_years);
    for (const sql::Row row : rows) {
        const auto number = static_cast<int>(row.integer("year"));
        year_of(number) = {number, row.text("version"), row.text("state") != "confirmed", {}};
        entered.push_back(number);
    }
    if (entered.empty()) return years;
    const auto days = db.query(select_days);
    for (const sql::Row row : days) {
        const auto date = parse_iso_date(row.text("day"));
        if (!date) continue;
        const int number = static_cast<int>(date->year());
        if (std::ranges::find(entered, number) == entered.end()) continue;
        year_of(number).days.push_back(
            {*date, row.text("kind") == "off" ? CalendarDay::Kind::Off : CalendarDay::Kind::MakeUp,
             row.text("note"), row.text("source"), row.text("certainty")});
    }
    return years;
}

domain::WorkCalendar load_calendar(sql::Reader& db, Date today) {
    domain::WorkingHours hours;
    for (const auto& span : rule_json(db, "working_hours", to_iso(today))) {
        hours.emplace_back(std::chrono::minutes{span.at(0).get<int>()},
                           std::chrono::minutes{span.at(1).get<int>()});
    }
    return {list_calendar_years(db), std::move(hours)};
}

void save_calendar_year(sql::Transaction& tx, const CalendarYear& year) {
    tx.execute(upsert_year, year.year, year.provisional ? "provisional" : "confirmed",
               year.version);
    tx.execute(delete_days, Date{std::chrono::year{year.year} / 1 / 1},
               Date{std::chrono::year{year.year} / 12 / 31});
    for (const CalendarDay& day : year.days) {
        tx.execute(insert_day, day.day, day.kind == CalendarDay::Kind::Off ? "off" : "make_up",
                   day.note, day.source, day.certainty);
    }
}

}  // namespace antin::store
