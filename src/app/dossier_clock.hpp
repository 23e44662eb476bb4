#pragma once
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/dossier_clock.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

/// The limit of a procedure under the rules of the dossier's day: working days, or clock hours for
/// a revocation. Sets due time, calendar version and whether it is provisional.
Status start_clock(sql::Transaction& tx, store::Dossier& dossier, Instant received);

/// The agency owes an answer: keeps the working minutes left. Nothing happens before acceptance or
/// when the clock stands already.
Status stop_clock(sql::Transaction& tx, store::Dossier& dossier, Instant now);
/// The answer came: the new due time is when the kept minutes run out.
Status resume_clock(sql::Transaction& tx, store::Dossier& dossier, Instant now);

/// An apology was decided: the clock runs to another moment, which is a promise and stays.
Status postpone_clock(sql::Transaction& tx, store::Dossier& dossier, Instant new_due, Instant now);

/// The due time by a calendar, from what it was reckoned from: the limit from acceptance on, or the
/// minutes kept at the last answer. Nothing for what no calendar moves: a promised date, clock
/// hours, a clock that stands.
[[nodiscard]] Result<std::optional<domain::DueTime>> due_by(sql::Reader& db,
                                                            const store::Dossier& dossier,
                                                            const domain::WorkCalendar& calendar);
/// The same by the calendar of now, put into the dossier.
Status reckon_due_again(sql::Transaction& tx, store::Dossier& dossier, Instant now);

/// The clock's part of a dossier, for the rules.
[[nodiscard]] domain::DossierClock clock_of(const store::Dossier& dossier);

/// How a dossier stands to its due time now: lists, clock boxes, the look-up page and programs all
/// show this one reading.
struct ClockReading {
    std::int64_t minutes_left = 0;     // working minutes; of the clock when by_hours
    std::int64_t minutes_allowed = 0;  // the whole limit
    std::int64_t day_minutes = 480;    // of one day in that reckoning
    bool stopped = false, ended = false, by_hours = false, provisional = false;
    std::optional<Instant> due;
    domain::WorkingHours hours;    // what an hour of work is, said beside the number
    std::string calendar_version;  // the due time was reckoned with it
};
/// Nothing before acceptance. What has ended reads as it stood then.
[[nodiscard]] std::optional<ClockReading> read_clock(const store::Dossier& dossier, Instant now,
                                                     const domain::WorkCalendar& calendar);

}  // namespace antin::app
