#pragma once
#include <string>
#include <vector>

#include "app/change_calendar.hpp"

namespace antin::app {

struct MovedDue {
    std::string code, agency;
    Instant before, after;
};
/// What a change of the calendar would do, told before it is saved. Nothing is written.
struct CalendarPreview {
    std::int64_t reckoned = 0;    // running dossiers whose due time lies in that year
    std::int64_t moved = 0;       // of these: another time than now
    std::vector<MovedDue> first;  // the moved ones, soonest new due time first, at most 50
};
/// For the system administrator. Errors: those of change_calendar.
[[nodiscard]] Result<CalendarPreview> preview_calendar(Services& services, const Actor& actor,
                                                       const CalendarChange& change);

}  // namespace antin::app
