#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "base/log.hpp"
#include "command.hpp"
#include "first_accounts.hpp"
#include "program.hpp"

namespace antin::program {
namespace {

struct Options {
    std::string data_dir, listen;
    std::optional<std::int64_t> port, http_port;
};

/// SIGTERM and SIGINT are taken by sigwait below; threads started later inherit the mask.
sigset_t block_signals() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigaddset(&set, SIGINT);
    pthread_sigmask(SIG_BLOCK, &set, nullptr);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);  // a limit on file sizes is a full disk to us, not an end
    return set;
}

void announce(const PortalProgram& program) {
    const Config& config = program.config();
    std::printf("Ấn Tín: %s\n", config.effective_public_url().c_str());
    std::printf("  OCSP, CRL, AIA: %s\n", config.effective_status_url().c_str());
    std::printf("  TLS SHA-256: %s\n", program.tls_fingerprint().c_str());
    const auto accounts = read_first_accounts(config.data_dir);
    if (!accounts.empty()) {
        std::puts("  First accounts, one-time passwords (first-accounts.txt):");
        for (const FirstAccount& account : accounts) {
            std::printf("    %-26s %s  %s\n", account.email.c_str(), account.password.c_str(),
                        account.full_name.c_str());
        }
    }
    std::fflush(stdout);
}

ExitCode run(const Options& options) {
    auto signals = block_signals();
    auto config = load_config(options.data_dir);
    if (!config) return report(config.error());
    if (!options.listen.empty()) config->listen = options.listen;
    if (options.port) config->port = *options.port;
    if (options.http_port) config->http_port = *options.http_port;
    static const SystemClock clock;
    auto program = PortalProgram::start(std::move(*config), clock);
    if (!program) {
        report(program.error());
        return program.error().kind == ErrorKind::Invalid ? ExitCode::WrongUse
                                                          : ExitCode::EnvironmentFailed;
    }
    announce(**program);
    int signal_number = 0;
    sigwait(&signals, &signal_number);
    log(LogLevel::Info, "serve.stopping");
    (*program)->stop();
    return ExitCode::Done;
}

}  // namespace

void register_serve(CommandLine& line) {
    auto options = std::make_shared<Options>();
    CLI::App& command = line.add(line.root, "serve", "portal on TLS, status services on HTTP");
    add_data_option(command, options->data_dir);
    command.add_option("--listen", options->listen, "address (default: loopback)");
    command.add_option("--port", options->port, "port of the portal")->check(CLI::Range(0, 65535));
    command.add_option("--http-port", options->http_port, "port of OCSP, CRL and AIA")
        ->check(CLI::Range(0, 65535));
    line.on(command, [options] { return run(*options); });
}

}  // namespace antin::program
