#include <CLI/CLI.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "config.hpp"
#include "domain/deadline.hpp"
#include "store/calendar.hpp"

namespace antin::program {
namespace {

struct ClockOptions {
    std::string data_dir, received;
    int working_days = -1, hours = -1;
    bool json = false;  // it always is
};

/// The calendar of the installation; what ships where there is none yet.
Result<domain::WorkCalendar> calendar_of(const std::string& data_dir, Date day) {
    if (!std::filesystem::exists(std::filesystem::path{data_dir} / "antin.toml")) {
        return domain::WorkCalendar::shipped();
    }
    ANTIN_TRY(config, load_config(data_dir));
    ANTIN_TRY(settings, config.for_database());
    ANTIN_TRY(db, sql::Database::open(settings));
    return db->read([&](sql::Reader& reader) -> Result<domain::WorkCalendar> {
        return store::load_calendar(reader, day);
    });
}

ExitCode due(const ClockOptions& options) {
    const auto received = parse_iso(options.received);
    if (!received) {
        std::fputs("antin: --received takes a time like 2026-11-23T09:00:00+07:00\n", stderr);
        return ExitCode::WrongUse;
    }
    if ((options.working_days < 0) == (options.hours < 0)) {
        std::fputs("antin: give either --working-days or --hours\n", stderr);
        return ExitCode::WrongUse;
    }
    const auto calendar = calendar_of(options.data_dir, local_date(*received));
    if (!calendar) return report(calendar.error());
    const auto answer = options.hours >= 0
                            ? domain::due_after_hours(*received, options.hours, *calendar)
                            : domain::due_after_days(*received, options.working_days, *calendar);
    if (!answer) return report(answer.error());
    print_json({{"due", to_iso(answer->at)}, {"calendar", answer->calendar_version}});
    return ExitCode::Done;
}

}  // namespace

void register_clock(CommandLine& line) {
    CLI::App& clock = line.add(line.root, "clock", "due times: due");
    clock.require_subcommand(1);
    CLI::App& command = line.add(clock, "due", "when a dossier received at TIME is to be answered");
    auto options = std::make_shared<ClockOptions>();
    add_data_option(command, options->data_dir);
    command.add_option("--received", options->received, "ISO 8601, with offset")->required();
    command.add_option("--working-days", options->working_days, "limit in working days")
        ->check(CLI::Range(1, 1000));
    command.add_option("--hours", options->hours, "limit in clock hours")
        ->check(CLI::Range(1, 100000));
    add_json_option(command, options->json);
    line.on(command, [options] { return due(*options); });
}

}  // namespace antin::program
