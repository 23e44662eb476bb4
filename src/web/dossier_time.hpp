#pragma once
#include "app/dossier_clock.hpp"
#include "domain/work_calendar.hpp"
#include "store/dossiers.hpp"
#include "web/components.hpp"

namespace antin::web {

/// The clock of a dossier as every list and page shows it: one definition, the same everywhere.
/// Nothing for a dossier that has no clock yet (draft, sent but not accepted, refused at intake).
[[nodiscard]] std::optional<TimeLeft> time_of(const store::Dossier& dossier,
                                              const domain::WorkCalendar& calendar, Instant now);
/// The same of a reading that a use case made.
[[nodiscard]] TimeLeft time_of(const app::ClockReading& clock);
/// {{> time_left}}, or null where there is no clock.
[[nodiscard]] Json time_left_of(const store::Dossier& dossier, const domain::WorkCalendar& calendar,
                                Instant now, Language language);
/// {{> clock_box}}, or null.
[[nodiscard]] Json clock_box_of(const store::Dossier& dossier, const domain::WorkCalendar& calendar,
                                Instant now, Language language);

}  // namespace antin::web
