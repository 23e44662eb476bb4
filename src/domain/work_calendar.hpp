#pragma once
#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace antin::domain {

/// A day that departs from Monday-to-Friday.
struct CalendarDay {
    enum class Kind { Off, MakeUp };
    Date day{};
    Kind kind = Kind::Off;
    std::string note;       // "Tết Nguyên đán"
    std::string source;     // the decision or law it comes from
    std::string certainty;  // verified | indirect | derived | recalled
};

/// One year of the calendar. A provisional year ("lịch tạm") counts, and says so.
struct CalendarYear {
    int year = 0;
    std::string version;  // "2026.1": stored with every due time computed from it
    bool provisional = false;
    std::vector<CalendarDay> days;
};
/// data/calendars/<year>.json; Invalid "calendar.file" when it is not that.
[[nodiscard]] Result<CalendarYear> parse_calendar_year(std::string_view json);

/// Spans of working time in a day, minutes after midnight, ascending: {480,720}, {780,1020}.
using WorkingHours = std::vector<std::pair<std::chrono::minutes, std::chrono::minutes>>;

/// Which days and hours are worked. Immutable once made; a year that is not there is never guessed.
class WorkCalendar {
  public:
    WorkCalendar(std::vector<CalendarYear> years, WorkingHours hours);
    /// What ships: every file of data/calendars, 08:00–12:00 and 13:00–17:00 (RECALLED, a setting).
    [[nodiscard]] static const WorkCalendar& shipped();
    [[nodiscard]] static std::vector<CalendarYear> shipped_years();
    [[nodiscard]] static WorkingHours default_hours();

    [[nodiscard]] bool has_year(int year) const { return years_.contains(year); }
    [[nodiscard]] bool is_working(Date day) const;  // false for a year that is not there
    [[nodiscard]] bool is_provisional(Date day) const;
    [[nodiscard]] std::string version(Date day) const;
    [[nodiscard]] const WorkingHours& hours() const { return hours_; }
    [[nodiscard]] std::chrono::minutes opening() const { return hours_.front().first; }
    [[nodiscard]] std::chrono::minutes closing() const { return hours_.back().second; }
    [[nodiscard]] std::int64_t day_minutes() const { return day_minutes_; }

  private:
    struct Year {
        std::string version;
        bool provisional;
        std::map<Date, CalendarDay::Kind> days;
    };
    std::map<int, Year> years_;
    WorkingHours hours_;
    std::int64_t day_minutes_ = 0;
};

}  // namespace antin::domain
