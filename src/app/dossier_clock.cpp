#include "app/dossier_clock.hpp"

#include "domain/dossier_workflow.hpp"
#include "store/calendar.hpp"
#include "store/due_basis.hpp"
#include "store/rules.hpp"

namespace antin::app {
namespace {

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

void set_due(store::Dossier& dossier, const domain::DueTime& due) {
    dossier.due_at = due.at;
    dossier.calendar_version = due.calendar_version;
    dossier.due_provisional = due.provisional;
    dossier.remaining_minutes.reset();
    dossier.clock_stopped_at.reset();
}

bool by_hours(const store::Dossier& dossier) {
    return dossier.procedure == domain::Procedure::Revocation;
}

std::int64_t clock_minutes(Instant from, Instant to) {
    return std::chrono::duration_cast<std::chrono::minutes>(to - from).count();
}

}  // namespace

TimeLimit time_limit(sql::Reader& db, const store::Dossier& dossier) {
    return {store::rule_integer(db, limit_rule(dossier.procedure), dossier.rules_date),
            by_hours(dossier)};
}

Status start_clock(sql::Transaction& tx, store::Dossier& dossier, Instant received) {
    const auto limit = static_cast<int>(time_limit(tx, dossier).number);
    const auto calendar = store::load_calendar(tx, local_date(received));
    if (by_hours(dossier)) {
        set_due(dossier, domain::due_after_hours(received, limit, calendar));
        return {};
    }
    ANTIN_TRY(due, domain::due_after_days(received, limit, calendar));
    set_due(dossier, due);
    return {};
}

Status stop_clock(sql::Transaction& tx, store::Dossier& dossier, Instant now) {
    if (!dossier.due_at || !dossier.accepted_at) return {};
    if (by_hours(dossier)) {
        dossier.remaining_minutes = clock_minutes(now, *dossier.due_at);
    } else {
        const auto calendar = store::load_calendar(tx, local_date(now));
        ANTIN_TRY(left, domain::minutes_left(now, *dossier.accepted_at, *dossier.due_at, calendar));
        dossier.remaining_minutes = left;
    }
    dossier.clock_stopped_at = now;
    dossier.due_at.reset();
    return {};
}

Status resume_clock(sql::Transaction& tx, store::Dossier& dossier, Instant now) {
    if (!dossier.remaining_minutes || !dossier.accepted_at) return {};
    const auto calendar = store::load_calendar(tx, local_date(now));
    const auto left = *dossier.remaining_minutes;
    if (by_hours(dossier)) {
        set_due(dossier, {now + std::chrono::minutes{left}, calendar.version(local_date(now))});
        return {};
    }
    ANTIN_TRY(due, domain::due_after_minutes(now, left, calendar));
    set_due(dossier, due);
    store::keep_due_basis(tx, dossier.id, {now, left});
    return {};
}

Status reckon_due_again(sql::Transaction& tx, store::Dossier& dossier) {
    if (!dossier.due_at || !dossier.accepted_at || by_hours(dossier)) return {};
    const auto basis = store::find_due_basis(tx, dossier.id);
    if (!basis) return start_clock(tx, dossier, *dossier.accepted_at);
    if (!basis->minutes) return {};
    const auto calendar = store::load_calendar(tx, local_date(basis->from_at));
    ANTIN_TRY(due, domain::due_after_minutes(basis->from_at, *basis->minutes, calendar));
    set_due(dossier, due);
    return {};
}

std::optional<ClockReading> read_clock(const store::Dossier& dossier, Instant now,
                                       const domain::WorkCalendar& calendar) {
    if (!dossier.accepted_at) return std::nullopt;
    ClockReading reading;
    reading.day_minutes = calendar.day_minutes();
    reading.by_hours = by_hours(dossier);
    reading.provisional = dossier.due_provisional;
    reading.due = dossier.due_at;
    if (dossier.remaining_minutes) {
        reading.stopped = true;
        reading.minutes_left = *dossier.remaining_minutes;
        return reading;
    }
    if (!dossier.due_at) return std::nullopt;
    const Instant until = dossier.decided_at.value_or(now);
    reading.ended = !domain::is_open(dossier.state);
    if (reading.by_hours) {
        reading.minutes_left = clock_minutes(until, *dossier.due_at);
        reading.minutes_allowed = clock_minutes(*dossier.accepted_at, *dossier.due_at);
        return reading;
    }
    const auto left = domain::minutes_left(until, *dossier.accepted_at, *dossier.due_at, calendar);
    const auto allowed = domain::minutes_allowed(*dossier.accepted_at, *dossier.due_at, calendar);
    if (!left || !allowed) return std::nullopt;
    reading.minutes_left = *left;
    reading.minutes_allowed = *allowed;
    return reading;
}

}  // namespace antin::app
