#pragma once
#include <cstdint>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

struct ChangeDevice {
    std::int64_t line_id = 0;
    bool broken = false;  // the device leaves the stock for good
};

/// Another device for a row that is still at the desk; the key on the old one is given up. Before
/// the certificate exists a sound device goes back to the stock. Afterwards only a broken one is
/// changed: its certificate is revoked at once as superseded, and the row goes back to approved on
/// the same decision of the same two people. Errors: Refused "bench.already_issued" (issued and
/// not broken), "bench.not_at_desk" (handed over), "bench.not_a_token".
[[nodiscard]] Status change_device(Services& services, const Actor& actor,
                                   const ChangeDevice& input);

}  // namespace antin::app
