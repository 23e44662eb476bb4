#include "app/preview_calendar.hpp"

#include <algorithm>

#include "app/access.hpp"
#include "app/dossier_clock.hpp"
#include "store/agencies.hpp"
#include "store/calendar.hpp"
#include "store/due_basis.hpp"

namespace antin::app {
namespace {

constexpr std::size_t shown_max = 50;

Result<CalendarPreview> preview(sql::Reader& db, const CalendarChange& change, Date today) {
    auto years = store::list_calendar_years(db);
    const auto year = std::ranges::find(years, change.year, &domain::CalendarYear::year);
    if (year == years.end()) return fail(ErrorKind::NotFound, "calendar.year_missing");
    if (year->version != change.version) return fail(ErrorKind::Conflict, "calendar.stale");
    ANTIN_CHECK(apply_change(*year, change));
    const domain::WorkCalendar calendar{years, store::load_calendar(db, today).hours()};
    CalendarPreview out;
    for (const auto id : store::dossiers_due_by_year(db, change.year)) {
        const auto dossier = store::find_dossier(db, id);
        if (!dossier || !dossier->due_at) continue;
        ANTIN_TRY(due, due_by(db, *dossier, calendar));
        if (!due) continue;
        ++out.reckoned;
        if (due->at == *dossier->due_at) continue;
        ++out.moved;
        const auto agency = store::find_agency(db, dossier->agency_id);
        out.first.push_back(
            {dossier->code.value_or(""), agency ? agency->name : "", *dossier->due_at, due->at});
    }
    std::ranges::sort(out.first, {}, &MovedDue::after);
    if (out.first.size() > shown_max) out.first.resize(shown_max);
    return out;
}

}  // namespace

Result<CalendarPreview> preview_calendar(Services& services, const Actor& actor,
                                         const CalendarChange& change) {
    if (!actor.has(domain::Role::SystemAdministrator)) {
        return not_your_role(services, actor, "change_calendar");
    }
    const Date today = local_date(services.clock.now());
    return services.db.read([&](sql::Reader& db) { return preview(db, change, today); });
}

}  // namespace antin::app
