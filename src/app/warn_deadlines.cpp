#include "app/warn_deadlines.hpp"

#include <set>

#include "app/dossier_clock.hpp"
#include "app/notify.hpp"
#include "app/officer_access.hpp"
#include "app/propose_postponement.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/calendar.hpp"
#include "store/deadline_warnings.hpp"

namespace antin::app {
namespace {

using domain::DeadlineWarning;

constexpr std::int64_t dossiers_at_once = 200;

/// Who works on it, who decides on it; who gives work out when nobody has it.
std::set<std::int64_t> whom_to_tell(sql::Reader& db, const store::Dossier& dossier) {
    using enum domain::Role;
    std::set<std::int64_t> people;
    bool taken = false;
    for (const auto& person : store::people_with_role(db, Assessor, dossier.receiver_id)) {
        if (person.id != dossier.assessor_id) continue;
        people.insert(person.id);
        taken = true;
    }
    for (const auto& person : store::people_with_role(db, Approver, dossier.receiver_id)) {
        people.insert(person.id);
    }
    if (taken) return people;
    for (const auto& person : store::people_with_role(db, IntakeOfficer, dossier.receiver_id)) {
        people.insert(person.id);
    }
    return people;
}

std::string hours_words(std::int64_t minutes) {
    const auto key = minutes < 60 ? "time.minutes" : "time.hours";
    return html::text(html::Language::Vietnamese, key,
                      {{"n", std::to_string(minutes < 60 ? minutes : minutes / 60)}});
}

/// Both at once (the program stood still for a day) make one message.
Result<bool> warn(sql::Transaction& tx, Services& services, const Actor& system,
                  std::int64_t dossier_id, const domain::WorkCalendar& calendar) {
    const Instant now = services.clock.now();
    const auto dossier = store::find_dossier(tx, dossier_id);
    if (!dossier || !dossier->due_at || domain::clock_stands(dossier->state)) return false;
    const auto reading = read_clock(*dossier, now, calendar);
    if (!reading || reading->ended || reading->minutes_left < 0) return false;
    const domain::ClockMinutes minutes{reading->minutes_left, reading->minutes_allowed};
    bool given = false;
    for (const auto warning : domain::all<DeadlineWarning>()) {
        if (!domain::is_due(warning, reading->by_hours, minutes, reading->day_minutes)) continue;
        given = store::note_warning(tx, *dossier, warning, now) || given;
    }
    if (!given) return false;
    ANTIN_TRY(drafted, draft_postponement(tx, services, system, *dossier));
    const Message message{drafted ? "deadline_near_drafted" : "deadline_near",
                          {{"code", name_of(*dossier)},
                           {"left", hours_words(minutes.left)},
                           {"due", to_vietnamese(*dossier->due_at)}},
                          officer_path(*dossier),
                          dossier->id};
    for (const auto person : whom_to_tell(tx, *dossier)) {
        notify_person(tx, services, person, message);
    }
    return true;
}

/// Is a warning due that was not given? Found without bothering the writer.
bool to_be_warned(const store::DossierToWarn& candidate, Instant now,
                  const domain::WorkCalendar& calendar) {
    const auto reading = read_clock(candidate.dossier, now, calendar);
    if (!reading) return false;
    const domain::ClockMinutes minutes{reading->minutes_left, reading->minutes_allowed};
    const auto due = [&](DeadlineWarning warning) {
        return domain::is_due(warning, reading->by_hours, minutes, reading->day_minutes);
    };
    return (!candidate.day_before && due(DeadlineWarning::DayBefore)) ||
           (!candidate.most_used && due(DeadlineWarning::MostUsed));
}

}  // namespace

Result<int> warn_deadlines(Services& services) {
    const Actor system = Actor::system("Ấn Tín");
    const Instant now = services.clock.now();
    ANTIN_TRY(calendar, services.db.read([&](sql::Reader& db) -> Result<domain::WorkCalendar> {
        return store::load_calendar(db, local_date(now));
    }));
    int warned = 0;
    for (std::int64_t after = 0;;) {
        using Dossiers = std::vector<store::DossierToWarn>;
        ANTIN_TRY(some, services.db.read([&](sql::Reader& db) -> Result<Dossiers> {
            return store::dossiers_to_warn(db, now, after, dossiers_at_once);
        }));
        for (const auto& candidate : some) {
            if (!to_be_warned(candidate, now, calendar)) continue;
            ANTIN_TRY(done, services.db.transact([&](sql::Transaction& tx) {
                return warn(tx, services, system, candidate.dossier.id, calendar);
            }));
            warned += done ? 1 : 0;
        }
        if (some.size() < static_cast<std::size_t>(dossiers_at_once)) break;
        after = some.back().dossier.id;
    }
    return warned;
}

}  // namespace antin::app
