#pragma once
#include <cstdint>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace antin::app {

/// Step 6: the PIN envelopes of these rows as one PDF, printed once: in the same transaction the
/// sealed PINs are gone for ever. A paper that was lost in the printer is made good by a new PIN
/// (docs/operate), never by printing the old one again.
/// Errors: Refused "bench.envelope_printed" (by name of the row), "workflow.not_now".
[[nodiscard]] Result<Bytes> print_pin_envelopes(Services& services, const Actor& actor,
                                                const std::vector<std::int64_t>& line_ids);

}  // namespace antin::app
