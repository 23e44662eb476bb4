#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/work_calendar.hpp"

namespace antin::app {

/// The years of the calendar, for the system administrator and the auditor: Forbidden
/// "access.role".
[[nodiscard]] Result<std::vector<domain::CalendarYear>> read_calendar(Services& services,
                                                                      const Actor& actor);

/// One act on one year; each makes a new version of it ("2027.1", "2027.2", …) and an entry in the
/// journal. Dossiers keep the version their due time was computed with, until the year is
/// confirmed or `reckon` says so: then every open due time that used it is reckoned again, with a
/// step in the history of its dossier; where the time moved, the agency and the examiner are told.
/// preview_calendar says before what would move.
/// Errors: Forbidden "access.role"; NotFound "calendar.year_missing"; Conflict "calendar.stale"
/// when `version` is not the present one; Invalid "calendar.day" (a day of that year),
/// "calendar.note", "calendar.source", "calendar.kind" (off | make_up).
struct CalendarChange {
    enum class Act { AddDay, RemoveDay, Confirm };
    Act act = Act::AddDay;
    int year = 0;
    std::string version;             // that the page showed
    std::string day;                 // ISO
    std::string kind, note, source;  // AddDay
    bool reckon = false;             // AddDay, RemoveDay: move open due times at once
};
struct CalendarChanged {
    std::int64_t reckoned = 0;  // open due times that were looked at again
    std::int64_t moved = 0;     // of these: another time than before
};
[[nodiscard]] Result<CalendarChanged> change_calendar(Services& services, const Actor& actor,
                                                      const CalendarChange& change);

/// The year with the act done, under its next version. Errors: those of change_calendar.
[[nodiscard]] Status apply_change(domain::CalendarYear& year, const CalendarChange& change);

}  // namespace antin::app
