#pragma once
#include "app/dossier_clock.hpp"
#include "web/components.hpp"

namespace antin::web {

/// The clock of a dossier as every list and page shows it: one reading (app::read_clock), one
/// wording, the same everywhere. Null for a dossier that has no clock yet (draft, sent but not
/// accepted, refused at intake).
[[nodiscard]] TimeLeft time_of(const app::ClockReading& reading, Language language);
/// {{> time_left}}.
[[nodiscard]] Json time_left_of(const store::Dossier& dossier, const domain::WorkCalendar& calendar,
                                Instant now, Language language);
/// {{> clock_box}}, with the definition of its hours.
[[nodiscard]] Json clock_box_of(const store::Dossier& dossier, const domain::WorkCalendar& calendar,
                                Instant now, Language language);
[[nodiscard]] Json clock_box_of(const app::ClockReading& reading, std::optional<Instant> accepted,
                                Language language);

}  // namespace antin::web
