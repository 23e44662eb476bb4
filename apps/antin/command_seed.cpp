#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "offline.hpp"
#include "seed.hpp"

namespace antin::program {
namespace {

struct SeedOptions {
    std::string data_dir;
    std::int64_t dossiers = 10'000;
    bool json = false;
};

ExitCode seed(const SeedOptions& options) {
    auto offline = Offline::open(options.data_dir);
    if (!offline) return report(offline.error());
    const bool shown = ::isatty(STDERR_FILENO) != 0;
    const auto outcome =
        seed_dossiers((*offline)->services(), options.dossiers, [&](std::int64_t done) {
            if (shown) {
                std::fprintf(stderr, "\r%lld of %lld dossiers", static_cast<long long>(done),
                             static_cast<long long>(options.dossiers));
            }
        });
    if (shown) std::fputs("\n", stderr);
    if (!outcome) return report(outcome.error());
    if (options.json) {
        print_json(
            {{"dossiers", outcome->dossiers},
             {"rows", outcome->lines},
             {"officer_cookie", outcome->officer_cookie},
             {"clerk_cookie", outcome->clerk_cookie},
             {"coordinator_cookie", outcome->coordinator_cookie},
             {"administrator_cookie", outcome->administrator_cookie},
             {"auditor_cookie", outcome->auditor_cookie},
             {"dossier300", outcome->dossier300},
             {"lookup", {{"code", outcome->lookup_code}, {"check", outcome->lookup_check}}}});
    } else {
        std::printf("%lld invented dossiers with %lld rows; measuring only, never real work\n",
                    static_cast<long long>(outcome->dossiers),
                    static_cast<long long>(outcome->lines));
    }
    return ExitCode::Done;
}

}  // namespace

void register_seed(CommandLine& line) {
    CLI::App& command =
        line.add(line.root, "seed", "fills a data folder with invented dossiers, for measuring");
    auto options = std::make_shared<SeedOptions>();
    add_data_option(command, options->data_dir);
    add_json_option(command, options->json);
    command.add_option("--dossiers", options->dossiers, "how many")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000}));
    line.on(command, [options] { return seed(*options); });
}

}  // namespace antin::program
