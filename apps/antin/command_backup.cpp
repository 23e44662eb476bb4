#include <CLI/CLI.hpp>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "backup.hpp"
#include "command.hpp"

namespace antin::program {
namespace {

struct Options {
    std::string data_dir, folder, postgresql;
    bool json = false;
};

ExitCode tell(const Options& options, const char* done, const Result<BackupSummary>& summary) {
    if (!summary) return report(summary.error());
    if (options.json) {
        print_json({{"folder", summary->folder.string()},
                    {"files", summary->files},
                    {"bytes", summary->bytes},
                    {"made_at", to_iso(summary->made_at)}});
    } else {
        std::printf("%s %s: %zu files, %.1f MB, as of %s\n", done, summary->folder.c_str(),
                    summary->files, static_cast<double>(summary->bytes) / 1e6,
                    to_iso(summary->made_at).c_str());
    }
    return ExitCode::Done;
}

ExitCode backup(const Options& options) {
    const auto config = load_config(options.data_dir);
    if (!config) return report(config.error());
    return tell(options, "Backup in", make_backup(*config, options.folder, SystemClock{}));
}

ExitCode restore(const Options& options) {
    const auto restored = restore_backup(options.folder, options.data_dir, options.postgresql);
    const auto code = tell(options, "Restored from", restored);
    if (restored && !options.json) {
        std::puts("Nothing will be issued until two CA administrators have moved the authority");
        std::puts("past what happened after this copy was made: antin ca lift-fence --help");
    }
    return code;
}

}  // namespace

void register_backup(CommandLine& line) {
    auto options = std::make_shared<Options>();
    CLI::App& command =
        line.add(line.root, "backup", "a whole copy of an installation, also while it serves");
    add_data_option(command, options->data_dir);
    command.add_option("--to", options->folder, "new folder for the copy")
        ->envname("ANTIN_TO")
        ->required();
    add_json_option(command, options->json);
    line.on(command, [options] { return backup(*options); });
}

void register_restore(CommandLine& line) {
    auto options = std::make_shared<Options>();
    CLI::App& command = line.add(line.root, "restore", "an installation out of a backup");
    add_data_option(command, options->data_dir);
    command.add_option("--from", options->folder, "folder of the backup")
        ->envname("ANTIN_FROM")
        ->required();
    command.add_option("--postgresql", options->postgresql,
                       "connection string of the (empty) database to restore into");
    add_json_option(command, options->json);
    line.on(command, [options] { return restore(*options); });
}

}  // namespace antin::program
