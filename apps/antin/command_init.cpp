#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>

#include "command.hpp"
#include "files.hpp"
#include "installation.hpp"

namespace antin::program {
namespace {

struct Options {
    std::string data_dir, ceremony_file;
    InitOptions init;
    bool json = false, yes = false;
};

void ask(std::string& value, const char* question, const std::string& standard) {
    std::printf("%s [%s]: ", question, standard.c_str());
    std::fflush(stdout);
    std::string answer;
    if (std::getline(std::cin, answer) && !answer.empty()) value = answer;
}

/// The two addresses that cannot be changed lightly later; only a person at a terminal is asked.
void ask_addresses(Options& options) {
    if (options.yes || options.json || ::isatty(STDIN_FILENO) == 0) return;
    Config& config = options.init.config;
    if (config.public_url.empty()) {
        ask(config.public_url, "Address of the portal as people reach it",
            config.effective_public_url());
    }
    if (config.status_url.empty()) {
        ask(config.status_url, "Address of OCSP, CRL and AIA in certificates",
            config.effective_status_url());
    }
}

nlohmann::json as_json(const Options& options, const InitOutcome& outcome) {
    nlohmann::json accounts = nlohmann::json::array(), authorities = nlohmann::json::array();
    for (const FirstAccount& account : outcome.accounts) {
        nlohmann::json roles = nlohmann::json::array();
        for (const domain::Role role : account.roles) roles.push_back(domain::to_text(role));
        accounts.push_back({{"email", account.email},
                            {"password", account.password},
                            {"roles", roles},
                            {"agency", account.agency_name}});
    }
    for (const auto& made : outcome.ceremony.certificates) {
        authorities.push_back({{"name", made.name},
                               {"common_name", made.common_name},
                               {"serial", made.serial},
                               {"sha256", made.fingerprint_sha256}});
    }
    return {{"data", options.init.config.data_dir.string()},
            {"bodies", outcome.bodies},
            {"accounts", accounts},
            {"authorities", authorities},
            {"root_pin", outcome.root_pin},
            {"tls_sha256", outcome.tls_fingerprint}};
}

void print(const Options& options, const InitOutcome& outcome) {
    std::printf("Installed in %s: %zu bodies of the province.\n",
                options.init.config.data_dir.c_str(), outcome.bodies);
    for (const auto& made : outcome.ceremony.certificates) {
        std::printf("  CA %-6s %s\n     SHA-256 %s\n", made.name.c_str(), made.common_name.c_str(),
                    made.fingerprint_sha256.c_str());
    }
    std::printf("PIN of the root's token: %s\n", outcome.root_pin.c_str());
    std::puts("  Shown once and kept nowhere. Write it down and lock it away: the root's CRL is");
    std::puts(
        "  renewed with it every year (antin ca root-crl). Move root-token off this machine.");
    std::puts("First accounts (one-time passwords, also in first-accounts.txt until used):");
    for (const FirstAccount& account : outcome.accounts) {
        std::printf("  %-26s %s  %s\n", account.email.c_str(), account.password.c_str(),
                    account.full_name.c_str());
    }
}

ExitCode run(Options& options) {
    Config& config = options.init.config;
    std::error_code ignored;
    config.data_dir = std::filesystem::absolute(options.data_dir, ignored).lexically_normal();
    if (!options.ceremony_file.empty()) {
        auto script = read_file(options.ceremony_file);
        if (!script) return report(script.error());
        options.init.ceremony_script = std::move(*script);
    }
    ask_addresses(options);
    const auto outcome = make_installation(options.init, [&](std::string_view step) {
        if (options.json) return;
        std::fprintf(stderr, "init: %.*s\n", static_cast<int>(step.size()), step.data());
    });
    if (!outcome) return report(outcome.error());
    if (options.json)
        print_json(as_json(options, *outcome));
    else
        print(options, *outcome);
    return ExitCode::Done;
}

}  // namespace

void register_init(CommandLine& line) {
    auto options = std::make_shared<Options>();
    Config& config = options->init.config;
    CLI::App& command = line.add(line.root, "init", "makes an installation in a data folder");
    add_data_option(command, options->data_dir);
    add_json_option(command, options->json);
    command.add_flag("--yes", options->yes, "ask nothing, take the defaults");
    command.add_option("--province", options->init.province, "province whose bodies are put in")
        ->capture_default_str();
    command.add_option("--listen", config.listen)->envname("ANTIN_LISTEN");
    command.add_option("--port", config.port)->envname("ANTIN_PORT");
    command.add_option("--http-port", config.http_port)->envname("ANTIN_HTTP_PORT");
    command.add_option("--public-url", config.public_url)->envname("ANTIN_PUBLIC_URL");
    command.add_option("--status-url", config.status_url)->envname("ANTIN_STATUS_URL");
    command.add_option("--database", config.database, "sqlite or postgresql")
        ->envname("ANTIN_DATABASE_ENGINE");
    command
        .add_option("--postgresql", config.postgresql_connection,
                    "libpq connection string, without the password")
        ->envname("ANTIN_DATABASE_POSTGRESQL_CONNECTION");
    command
        .add_option("--postgresql-password-file", config.postgresql_password_file,
                    "file with the password")
        ->envname("ANTIN_DATABASE_POSTGRESQL_PASSWORD_FILE");
    command.add_option("--mail-server", config.mail_server, "smtp://host:port")
        ->envname("ANTIN_MAIL_SERVER");
    command.add_option("--ceremony", options->ceremony_file, "script of the CA ceremony (JSON)")
        ->envname("ANTIN_CEREMONY");
    line.on(command, [options] { return run(*options); });
}

}  // namespace antin::program
