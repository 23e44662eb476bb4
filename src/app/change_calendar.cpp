#include "app/change_calendar.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "base/text.hpp"
#include "domain/role.hpp"
#include "store/calendar.hpp"

namespace antin::app {
namespace {

/// "2027.1" -> "2027.2".
std::string next_version(const domain::CalendarYear& year) {
    const auto dot = year.version.rfind('.');
    int number = 0;
    if (dot != std::string::npos) {
        std::from_chars(year.version.data() + dot + 1, year.version.data() + year.version.size(),
                        number);
    }
    return std::to_string(year.year) + "." + std::to_string(number + 1);
}

Result<domain::CalendarDay> day_of(const CalendarChange& change) {
    domain::CalendarDay out;
    const auto day = parse_iso_date(change.day);
    if (!day || static_cast<int>(day->year()) != change.year) {
        return fail(ErrorKind::Invalid, "calendar.day", {}, {}, "day");
    }
    out.day = *day;
    if (change.act == CalendarChange::Act::RemoveDay) return out;
    if (change.kind != "off" && change.kind != "make_up") {
        return fail(ErrorKind::Invalid, "calendar.kind", {}, {}, "kind");
    }
    out.kind =
        change.kind == "off" ? domain::CalendarDay::Kind::Off : domain::CalendarDay::Kind::MakeUp;
    out.note = clean_text(change.note);
    if (out.note.empty() || code_points(out.note) > 200) {
        return fail(ErrorKind::Invalid, "calendar.note", {}, {}, "note");
    }
    out.source = clean_text(change.source);
    if (out.source.empty() || code_points(out.source) > 300) {
        return fail(ErrorKind::Invalid, "calendar.source", {}, {}, "source");
    }
    out.certainty = "verified";  // the administrator names the decision
    return out;
}

Status apply(domain::CalendarYear& year, const CalendarChange& change) {
    if (change.act == CalendarChange::Act::Confirm) {
        year.provisional = false;
        return {};
    }
    ANTIN_TRY(day, day_of(change));
    std::erase_if(year.days, [&](const domain::CalendarDay& d) { return d.day == day.day; });
    if (change.act == CalendarChange::Act::AddDay) year.days.push_back(std::move(day));
    std::ranges::sort(year.days, {}, &domain::CalendarDay::day);
    return {};
}

const char* act_name(CalendarChange::Act act) {
    switch (act) {
        case CalendarChange::Act::AddDay:
            return "calendar.day_set";
        case CalendarChange::Act::RemoveDay:
            return "calendar.day_removed";
        case CalendarChange::Act::Confirm:
            return "calendar.confirmed";
    }
    return "";
}

}  // namespace

Result<std::vector<domain::CalendarYear>> read_calendar(Services& services, const Actor& actor) {
    if (!actor.has(domain::Role::SystemAdministrator) && !actor.has(domain::Role::Auditor)) {
        return not_your_role(services, actor, "read_calendar");
    }
    return services.db.read([](sql::Reader& db) -> Result<std::vector<domain::CalendarYear>> {
        return store::list_calendar_years(db);
    });
}

Status change_calendar(Services& services, const Actor& actor, const CalendarChange& change) {
    if (!actor.has(domain::Role::SystemAdministrator)) {
        return not_your_role(services, actor, "change_calendar");
    }
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        auto years = store::list_calendar_years(tx);
        const auto year = std::ranges::find(years, change.year, &domain::CalendarYear::year);
        if (year == years.end()) return fail(ErrorKind::NotFound, "calendar.year_missing");
        if (year->version != change.version) return fail(ErrorKind::Conflict, "calendar.stale");
        ANTIN_CHECK(apply(*year, change));
        year->version = next_version(*year);
        store::save_calendar_year(tx, *year);
        const nlohmann::json detail{{"day", change.day}, {"version", year->version}};
        audit::append(tx, journal_entry(services, actor, act_name(change.act), "calendar",
                                        std::to_string(change.year), detail.dump()));
        return {};
    });
}

}  // namespace antin::app
