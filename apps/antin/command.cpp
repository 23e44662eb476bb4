#include "command.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "html/template.hpp"

namespace antin::program {
namespace {

constexpr std::array registrations{register_init,   register_serve,   register_check, register_user,
                                   register_backup, register_restore, register_audit, register_ca,
                                   register_x509,   register_rows,    register_clock, register_demo,
                                   register_seed};

}  // namespace

CLI::App& CommandLine::add(CLI::App& parent, const char* name, const char* description) {
    return *parent.add_subcommand(name, description);
}

void CommandLine::on(CLI::App& command, std::function<ExitCode()> work) {
    command.final_callback([this, work = std::move(work)] { exit_code = work(); });
    // With it CLI11 asks the environment for the command that was given alone: a variable that does
    // not suit one command must not stop the others.
    command.parse_complete_callback([] {});
}

void add_data_option(CLI::App& command, std::string& data_dir) {
    if (data_dir.empty()) data_dir = "./data";
    command.add_option("--data", data_dir, "folder of the installation")
        ->envname("ANTIN_DATA")
        ->capture_default_str();
}

void add_json_option(CLI::App& command, bool& json) {
    command.add_flag("--json", json, "print JSON");
}

std::string describe(const Error& error) {
    std::string sentence = error.code;
    if (html::has_text(html::Language::English, "error." + error.code)) {
        sentence = html::text(html::Language::English, "error." + error.code, error.args);
    }
    if (!error.field.empty()) sentence += " [" + error.field + "]";
    if (!error.detail.empty()) sentence += " (" + error.detail + ")";
    return sentence;
}

ExitCode report(const Error& error) {
    std::fprintf(stderr, "antin: %s\n", describe(error).c_str());
    switch (error.kind) {
        case ErrorKind::Invalid:
            return ExitCode::WrongUse;
        case ErrorKind::Unavailable:
        case ErrorKind::Internal:
            return ExitCode::EnvironmentFailed;
        default:
            return ExitCode::No;
    }
}

void print_json(const nlohmann::json& value) {
    // What came from outside may be no UTF-8: shown as U+FFFD rather than not at all.
    std::puts(value.dump(2, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
}

int run_command_line(int argc, const char* const* argv) {
    CLI::App root{"Ấn Tín: portal and certification authority for official-duty signatures"};
    root.name("antin");
    root.require_subcommand(1);
    root.set_version_flag("--version", ANTIN_VERSION);
    CommandLine line{root};
    for (const auto registration : registrations) registration(line);
    try {
        root.parse(argc, argv);
    } catch (const CLI::Success& e) {  // --help, --version
        return root.exit(e);
    } catch (const CLI::ParseError& e) {
        std::fprintf(stderr, "antin: %s (antin --help)\n", e.what());
        return static_cast<int>(ExitCode::WrongUse);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "antin: %s\n", e.what());
        return static_cast<int>(ExitCode::EnvironmentFailed);
    }
    return static_cast<int>(line.exit_code);
}

}  // namespace antin::program
