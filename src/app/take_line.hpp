#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

/// What the page needs for the open step of one row. The PIN goes to the device through the page
/// and is printed once; the database has it only sealed.
struct BenchTask {
    std::int64_t line_id = 0, number = 0;
    std::string dossier_code, name, agency_name;
    int step = 1;  // 1 wipe, 2 key, 3 issue, 4 write, 5 try, 6 envelope, 7 done
    std::string device_serial, device_label, pin, key_label;
    bool set_pin = false;  // the device has another PIN still: the desk's SO-PIN sets this one
    std::vector<std::string> key_kinds;  // best first, as antin-token names them
    std::string challenge;
    std::string certificate_serial;
    Bytes certificate;  // from step 4 on
    std::optional<Instant> valid_until;
    std::string problem;
};

struct TakeLine {
    std::int64_t line_id = 0;
    std::vector<std::string> plugged;  // serials of the devices that the desk sees now
};

/// A registration officer takes a row: the first plugged device of the stock becomes its device, or
/// the device that it has already must be there. The same officer gets the open step again.
/// Errors: Conflict "bench.taken" (who, when); Refused "bench.other_device" (which one to plug in),
/// "bench.device_unknown" (not in the stock), "bench.device_taken", "bench.no_device",
/// "bench.not_a_token", "bench.pin_first" (the PIN was refused: reset_pin before anything is
/// tried); Refused "workflow.not_now".
[[nodiscard]] Result<BenchTask> take_line(Services& services, const Actor& actor,
                                          const TakeLine& input);
/// The open step, for the officer who holds the row.
[[nodiscard]] Result<BenchTask> bench_task(Services& services, const Actor& actor,
                                           std::int64_t line_id);
/// Puts the row back: another officer may take it at once. What was done stays.
[[nodiscard]] Status release_line(Services& services, const Actor& actor, std::int64_t line_id);
/// What went wrong at the desk, by text key: the row says what to do.
[[nodiscard]] Status report_line_problem(Services& services, const Actor& actor,
                                         std::int64_t line_id, const std::string& code);

}  // namespace antin::app
