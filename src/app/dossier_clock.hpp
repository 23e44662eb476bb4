#pragma once
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/deadline.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

/// The limit of a procedure under the rules of the dossier's day: working days, or clock hours for
/// a revocation. Sets due time, calendar version and whether it is provisional.
Status start_clock(sql::Transaction& tx, store::Dossier& dossier, Instant received);

/// The limit that starts with the acceptance of the dossier, by its own rules.
struct TimeLimit {
    std::int64_t number = 0;
    bool hours = false;  // clock hours; else working days
};
[[nodiscard]] TimeLimit time_limit(sql::Reader& db, const store::Dossier& dossier);

/// The agency owes an answer: keeps the working minutes left. Nothing happens before acceptance or
/// when the clock stands already.
Status stop_clock(sql::Transaction& tx, store::Dossier& dossier, Instant now);
/// The answer came: the new due time is when the kept minutes run out.
Status resume_clock(sql::Transaction& tx, store::Dossier& dossier, Instant now);

/// The same due time by the calendar of now, from what it was reckoned from: the limit from
/// acceptance on, or the minutes kept at the last answer. A promised date and clock hours stay.
Status reckon_due_again(sql::Transaction& tx, store::Dossier& dossier);

/// How a dossier stands to its due time now; for lists and the clock box.
struct ClockReading {
    std::int64_t minutes_left = 0;
    std::int64_t minutes_allowed = 0;
    std::int64_t day_minutes = 480;
    bool stopped = false, ended = false, by_hours = false, provisional = false;
    std::optional<Instant> due;
};
/// Nothing before acceptance.
[[nodiscard]] std::optional<ClockReading> read_clock(const store::Dossier& dossier, Instant now,
                                                     const domain::WorkCalendar& calendar);

}  // namespace antin::app
