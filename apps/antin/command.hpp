#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace CLI {
class App;
}

namespace antin::program {

/// Exit codes of every command (outward contract).
enum class ExitCode { Done = 0, No = 1, WrongUse = 2, EnvironmentFailed = 3 };

/// Where commands leave their answer: set by the command that ran.
struct CommandLine {
    CLI::App& root;
    ExitCode exit_code = ExitCode::Done;

    /// A command with `--data DIR` (ANTIN_DATA, "./data") bound to `data_dir`.
    CLI::App& add(CLI::App& parent, const char* name, const char* description);
    /// Runs `work` when the command was given; its exit code becomes the program's.
    void on(CLI::App& command, std::function<ExitCode()> work);
};

/// Adds `--data DIR`, the folder of the installation (ANTIN_DATA, else ./data).
void add_data_option(CLI::App& command, std::string& data_dir);
void add_json_option(CLI::App& command, bool& json);

/// An error as one line on standard error: "antin: <sentence>"; gives the exit code that fits it
/// (Unavailable, Internal: the environment failed; Invalid: wrong use; else the answer is no).
ExitCode report(const Error& error);
/// The sentence of an error in English, with its detail for the administrator.
[[nodiscard]] std::string describe(const Error& error);
/// JSON on standard output, one document.
void print_json(const nlohmann::json& value);

/// One entry per file command_<name>.cpp.
void register_init(CommandLine& line);
void register_serve(CommandLine& line);
void register_check(CommandLine& line);
void register_user(CommandLine& line);
void register_backup(CommandLine& line);
void register_restore(CommandLine& line);
void register_audit(CommandLine& line);
void register_ca(CommandLine& line);
void register_x509(CommandLine& line);
void register_rows(CommandLine& line);
void register_clock(CommandLine& line);
void register_demo(CommandLine& line);
void register_seed(CommandLine& line);

/// Parses and runs. Exit codes as above; wrong use says what is wrong in one line.
int run_command_line(int argc, const char* const* argv);

}  // namespace antin::program
