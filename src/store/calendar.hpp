#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/work_calendar.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// The calendar in force on `today`: years that an administrator has entered, the shipped ones for
/// the others, and the working hours of the rule "working_hours".
[[nodiscard]] domain::WorkCalendar load_calendar(sql::Reader& db, Date today);
/// Years as they count now, entered or shipped.
[[nodiscard]] std::vector<domain::CalendarYear> list_calendar_years(sql::Reader& db);
/// Replaces a year as a whole.
void save_calendar_year(sql::Transaction& tx, const domain::CalendarYear& year);

}  // namespace antin::store
