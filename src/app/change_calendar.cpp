#include "app/change_calendar.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "app/dossier_clock.hpp"
#include "app/notify.hpp"
#include "app/officer_access.hpp"
#include "base/text.hpp"
#include "domain/role.hpp"
#include "store/calendar.hpp"
#include "store/due_basis.hpp"

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

void tell_of_new_due(sql::Transaction& tx, const Services& services, const store::Dossier& dossier,
                     const std::string& before) {
    const std::vector<std::pair<std::string, std::string>> args{
        {"code", name_of(dossier)}, {"before", before}, {"due", to_vietnamese(*dossier.due_at)}};
    notify_agency(tx, services, dossier.agency_id,
                  {"due_moved", args, "/ho-so/" + dossier.code.value_or(""), dossier.id});
    if (!dossier.assessor_id) return;
    notify_person(tx, services, *dossier.assessor_id,
                  {"due_moved", args, officer_path(dossier), dossier.id});
}

Result<CalendarChanged> reckon_again(sql::Transaction& tx, Services& services, const Actor& actor,
                                     int year, bool confirmed) {
    CalendarChanged out;
    for (const auto id : store::dossiers_due_by_year(tx, year)) {
        auto dossier = store::find_dossier(tx, id);
        if (!dossier || !dossier->due_at) continue;
        const Instant before = *dossier->due_at;
        ANTIN_CHECK(reckon_due_again(tx, *dossier, services.clock.now()));
        const bool moved = *dossier->due_at != before;
        if (!moved && !confirmed) continue;
        if (!store::save_dossier(tx, *dossier)) return dossier_changed(tx, id);
        const nlohmann::json data{{"before", to_vietnamese(before)},
                                  {"due", to_vietnamese(*dossier->due_at)},
                                  {"year", std::to_string(year)}};
        record_step(tx, services, actor, *dossier,
                    {
                        .act = moved ? "due_moved" : "due_confirmed",
                        .from = dossier->state,
                        .data = data.dump(),
                    });
        if (moved) tell_of_new_due(tx, services, *dossier, to_vietnamese(before));
        ++out.reckoned;
        out.moved += moved ? 1 : 0;
    }
    return out;
}

}  // namespace

Status apply_change(domain::CalendarYear& year, const CalendarChange& change) {
    if (change.act == CalendarChange::Act::Confirm) {
        year.provisional = false;
    } else {
        ANTIN_TRY(day, day_of(change));
        std::erase_if(year.days, [&](const domain::CalendarDay& d) { return d.day == day.day; });
        if (change.act == CalendarChange::Act::AddDay) year.days.push_back(std::move(day));
        std::ranges::sort(year.days, {}, &domain::CalendarDay::day);
    }
    year.version = next_version(year);
    return {};
}

Result<std::vector<domain::CalendarYear>> read_calendar(Services& services, const Actor& actor) {
    if (!actor.has(domain::Role::SystemAdministrator) && !actor.has(domain::Role::Auditor)) {
        return not_your_role(services, actor, "read_calendar");
    }
    return services.db.read([](sql::Reader& db) -> Result<std::vector<domain::CalendarYear>> {
        return store::list_calendar_years(db);
    });
}

Result<CalendarChanged> change_calendar(Services& services, const Actor& actor,
                                        const CalendarChange& change) {
    if (!actor.has(domain::Role::SystemAdministrator)) {
        return not_your_role(services, actor, "change_calendar");
    }
    return services.db.transact([&](sql::Transaction& tx) -> Result<CalendarChanged> {
        auto years = store::list_calendar_years(tx);
        const auto year = std::ranges::find(years, change.year, &domain::CalendarYear::year);
        if (year == years.end()) return fail(ErrorKind::NotFound, "calendar.year_missing");
        if (year->version != change.version) return fail(ErrorKind::Conflict, "calendar.stale");
        ANTIN_CHECK(apply_change(*year, change));
        store::save_calendar_year(tx, *year);
        const nlohmann::json detail{{"day", change.day}, {"version", year->version}};
        audit::append(tx, journal_entry(services, actor, act_name(change.act), "calendar",
                                        std::to_string(change.year), detail.dump()));
        const bool confirmed = change.act == CalendarChange::Act::Confirm;
        if (!confirmed && !change.reckon) return CalendarChanged{};
        return reckon_again(tx, services, actor, change.year, confirmed);
    });
}

}  // namespace antin::app
