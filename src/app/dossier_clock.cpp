#include "app/dossier_clock.hpp"

#include "domain/dossier_workflow.hpp"
#include "store/calendar.hpp"
#include "store/due_basis.hpp"
#include "store/proposals.hpp"
#include "store/rules.hpp"

namespace antin::app {
namespace {

constexpr std::int64_t minutes_of_a_day = 24 * 60;

std::string_view limit_rule(domain::Procedure procedure) {
    using enum domain::Procedure;
    switch (procedure) {
        case Issuance:
            return "issue.deadline_wd";
        case Renewal:
            return "renew.deadline_wd";
        case Amendment:
            return "change.deadline_wd";
        case Revocation:
            return "revoke.deadline_hours";
        case DeviceRestoration:
            return "restore.deadline_wd";
    }
    return "issue.deadline_wd";
}

void put(store::Dossier& dossier, const domain::DossierClock& clock) {
    dossier.due_at = clock.due_at;
    dossier.remaining_minutes = clock.remaining_minutes;
    dossier.clock_stopped_at = clock.stopped_at;
    dossier.allowed_minutes = clock.allowed_minutes;
    dossier.calendar_version = clock.calendar_version;
    dossier.due_provisional = clock.provisional;
}

}  // namespace

domain::DossierClock clock_of(const store::Dossier& dossier) {
    domain::DossierClock clock;
    clock.by_hours = dossier.procedure == domain::Procedure::Revocation;
    clock.accepted_at = dossier.accepted_at;
    clock.due_at = dossier.due_at;
    clock.remaining_minutes = dossier.remaining_minutes;
    clock.stopped_at = dossier.clock_stopped_at;
    clock.allowed_minutes = dossier.allowed_minutes;
    clock.calendar_version = dossier.calendar_version.value_or("");
    clock.provisional = dossier.due_provisional;
    return clock;
}

Status start_clock(sql::Transaction& tx, store::Dossier& dossier, Instant received) {
    const auto limit = static_cast<int>(
        store::rule_integer(tx, limit_rule(dossier.procedure), dossier.rules_date));
    auto clock = clock_of(dossier);
    ANTIN_CHECK(
        domain::start(clock, received, limit, store::load_calendar(tx, local_date(received))));
    put(dossier, clock);
    return {};
}

Status stop_clock(sql::Transaction& tx, store::Dossier& dossier, Instant now) {
    auto clock = clock_of(dossier);
    ANTIN_CHECK(domain::stop(clock, now, store::load_calendar(tx, local_date(now))));
    if (clock.due_at != dossier.due_at) {
        // An apology speaks of a due time that is gone now.
        store::drop_proposals(tx, dossier.id, "postponement", now);
    }
    put(dossier, clock);
    return {};
}

Status resume_clock(sql::Transaction& tx, store::Dossier& dossier, Instant now) {
    auto clock = clock_of(dossier);
    const auto kept = clock.remaining_minutes;
    ANTIN_CHECK(domain::resume(clock, now, store::load_calendar(tx, local_date(now))));
    if (kept && !clock.by_hours) {
        store::keep_due_basis(tx, dossier.id, {domain::counting_from(clock, now), kept});
    }
    put(dossier, clock);
    return {};
}

Status postpone_clock(sql::Transaction& tx, store::Dossier& dossier, Instant new_due, Instant now) {
    auto clock = clock_of(dossier);
    ANTIN_CHECK(domain::postpone(clock, new_due, store::load_calendar(tx, local_date(new_due))));
    store::keep_due_basis(tx, dossier.id, {now, std::nullopt});
    put(dossier, clock);
    return {};
}

Result<std::optional<domain::DueTime>> due_by(sql::Reader& db, const store::Dossier& dossier,
                                              const domain::WorkCalendar& calendar) {
    using Answer = std::optional<domain::DueTime>;
    const auto clock = clock_of(dossier);
    if (!clock.due_at || !clock.accepted_at || clock.by_hours) return Answer{};
    const auto basis = store::find_due_basis(db, dossier.id);
    if (basis && !basis->minutes) return Answer{};
    if (basis) {
        ANTIN_TRY(due, domain::due_after_minutes(basis->from_at, *basis->minutes, calendar));
        return Answer{due};
    }
    const auto limit = static_cast<int>(
        store::rule_integer(db, limit_rule(dossier.procedure), dossier.rules_date));
    ANTIN_TRY(due, domain::due_after_days(*clock.accepted_at, limit, calendar));
    return Answer{due};
}

Status reckon_due_again(sql::Transaction& tx, store::Dossier& dossier, Instant now) {
    if (!dossier.accepted_at) return {};
    ANTIN_TRY(due, due_by(tx, dossier, store::load_calendar(tx, local_date(*dossier.accepted_at))));
    if (!due) return {};
    if (dossier.due_at != due->at) {
        // An apology speaks of a due time that is gone now.
        store::drop_proposals(tx, dossier.id, "postponement", now);
    }
    dossier.due_at = due->at;
    dossier.calendar_version = due->calendar_version;
    dossier.due_provisional = due->provisional;
    return {};
}

std::optional<ClockReading> read_clock(const store::Dossier& dossier, Instant now,
                                       const domain::WorkCalendar& calendar) {
    const auto clock = clock_of(dossier);
    const auto minutes = domain::minutes_at(clock, dossier.decided_at.value_or(now), calendar);
    if (!minutes) return std::nullopt;
    ClockReading reading;
    reading.minutes_left = minutes->left;
    reading.minutes_allowed = minutes->allowed;
    reading.by_hours = clock.by_hours;
    reading.day_minutes = clock.by_hours ? minutes_of_a_day : calendar.day_minutes();
    reading.ended = !domain::is_open(dossier.state);
    reading.stopped = !reading.ended && clock.remaining_minutes.has_value();
    reading.provisional = clock.provisional;
    reading.due = clock.due_at;
    reading.hours = calendar.hours();
    reading.calendar_version = clock.calendar_version;
    return reading;
}

}  // namespace antin::app
