#include "app/receive_devices.hpp"

#include <algorithm>
#include <sstream>

#include "app/access.hpp"
#include "app/bench_access.hpp"
#include "app/bench_work.hpp"
#include "base/text.hpp"

namespace antin::app {

namespace {

constexpr std::size_t batch_max = 1000;

/// Letters and digits as printed; spaces and dashes of the label are left out.
std::string clean_serial(std::string_view text) {
    std::string serial;
    for (const char c : text) {
        if (c != ' ' && c != '-' && c != '\t' && c != '\r') serial += c;
    }
    return serial;
}

bool is_serial(std::string_view text) {
    return text.size() <= 40 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
           });
}

Result<std::vector<std::string>> read_serials(const std::string& text) {
    std::vector<std::string> serials;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        const auto serial = clean_serial(line);
        if (serial.empty()) continue;
        if (!is_serial(serial)) {
            return fail(ErrorKind::Invalid, "device.serial", {}, {{"serial", line.substr(0, 60)}},
                        "serials");
        }
        if (std::find(serials.begin(), serials.end(), serial) == serials.end()) {
            serials.push_back(serial);
        }
        if (serials.size() > batch_max) {
            return fail(ErrorKind::TooLarge, "device.too_many", {}, {}, "serials");
        }
    }
    if (serials.empty()) return fail(ErrorKind::Invalid, "device.no_serials", {}, {}, "serials");
    return serials;
}

}  // namespace

Result<DevicesReceived> receive_devices(Services& services, const Actor& actor,
                                        const ReceiveDevices& input) {
    ANTIN_CHECK(bench_officer(services, actor, "stock"));
    ANTIN_TRY(serials, read_serials(input.serials));
    return services.db.transact([&](sql::Transaction& tx) -> Result<DevicesReceived> {
        DevicesReceived received;
        for (const auto& serial : serials) {
            store::Device device;
            device.serial = serial;
            device.model = input.model;
            device.place = input.place;
            device.created_at = services.clock.now();
            device.is_demo = input.is_demo || actor.is_demo;
            const auto id = store::add_device(tx, device);
            if (!id) {
                received.known.push_back(serial);
                continue;
            }
            ++received.added;
            store::add_device_event(tx, {.device_id = *id,
                                         .act = "receive",
                                         .from_state = "",
                                         .to_state = "in_stock",
                                         .actor_id = actor.account_id,
                                         .actor_name = actor.name,
                                         .from_whom = "",
                                         .to_whom = input.place,
                                         .at = device.created_at,
                                         .note = ""});
            audit::append(tx, journal_entry(services, actor, "device.received", "device",
                                            std::to_string(*id)));
        }
        return received;
    });
}

}  // namespace antin::app
