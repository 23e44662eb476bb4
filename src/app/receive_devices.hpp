#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

struct ReceiveDevices {
    std::string serials;  // one a line, as the batch's list or the scanner gives them
    std::string model, place;
    bool is_demo = false;
};
struct DevicesReceived {
    std::int64_t added = 0;
    std::vector<std::string> known;  // were in the stock already: left as they are
};

/// Blank USB tokens enter the stock. Errors: Invalid "device.no_serials", "device.serial" (with
/// the wrong one), "device.too_many" (more than 1,000).
[[nodiscard]] Result<DevicesReceived> receive_devices(Services& services, const Actor& actor,
                                                      const ReceiveDevices& input);

}  // namespace antin::app
