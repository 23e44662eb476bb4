#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/dossier_clock.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/vocabulary.hpp"
#include "store/dossier_events.hpp"

namespace antin::app {

/// What anybody with code and check value may know about a dossier. No personal data.
struct PublicDossier {
    std::string code;
    domain::DossierState state{};
    std::string subject;  // "Cấp mới chứng thư … cho cá nhân, 12 người"
    std::string agency_name, receiver_name;
    std::int64_t line_count = 0;
    std::optional<Instant> accepted_at, due_at, ended_at;
    bool due_provisional = false;
    bool clock_stopped = false;
    std::optional<ClockReading> clock;  // the same that officers and the agency see
    std::int64_t lines_in_force = 0, lines_refused = 0;
    std::vector<store::DossierEvent> steps;  // the public ones, oldest first
};

/// Anybody, without a session. `code` and `check_value` as typed (case, spaces and missing hyphens
/// do not matter). A wrong code and a wrong check value get the same answer in the same way:
/// NotFound "lookup.not_found"; failures are counted per address, and after many of them the
/// address waits: TooMany "guesses.too_many".
[[nodiscard]] Result<PublicDossier> look_up_dossier(Services& services,
                                                    std::string_view remote_address,
                                                    std::string_view code,
                                                    std::string_view check_value);

/// A new check value for a receipt: eight letters and digits that are not mixed up, "K7QM-4XWP".
[[nodiscard]] std::string new_check_value();

}  // namespace antin::app
