#pragma once
#include <cstdint>
#include <string_view>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

/// A new PIN for a device that is still at the desk: its envelope was lost after printing, or the
/// device does not take the PIN on record. The row comes back to the bench, where antin-token sets
/// the new PIN by the desk's SO-PIN before the device is tried again; then its envelope is printed,
/// once. A centralised account gets a new activation code. What was certified stays.
/// Errors: Refused "bench.not_at_desk", "bench.no_pin" (a SIM has its operator's),
/// "workflow.not_now".
[[nodiscard]] Status reset_pin(Services& services, const Actor& actor, std::int64_t line_id);

/// The problem of a row whose device refused the PIN on record: no try is risked until a new PIN
/// is set.
[[nodiscard]] bool is_pin_problem(std::string_view code);

}  // namespace antin::app
