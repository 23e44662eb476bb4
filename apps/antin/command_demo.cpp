#include <CLI/CLI.hpp>
#include <cstdio>

#include "command.hpp"
#include "demo_issuance.hpp"

namespace antin::program {
namespace {

struct Options {
    std::string data_dir, out;
    std::optional<int> port, http_port;
    bool allow_real = false;
};

ExitCode issuance(const Options& options) {
    auto installation = Offline::open(options.data_dir);
    if (!installation) return report(installation.error());
    const Config& config = (*installation)->config();
    DemoIssuance demo;
    demo.out = options.out;
    demo.port = static_cast<std::uint16_t>(options.port.value_or(static_cast<int>(config.port)));
    demo.http_port =
        static_cast<std::uint16_t>(options.http_port.value_or(static_cast<int>(config.http_port)));
    demo.allow_real = options.allow_real;
    const auto done = play_issuance(**installation, demo);
    if (!done) return report(done.error());
    std::printf("receipt.pdf, certificate.pem, chain.pem and dossier.json are in %s\n",
                options.out.c_str());
    return ExitCode::Done;
}

}  // namespace

void register_demo(CommandLine& line) {
    CLI::App& demo =
        line.add(line.root, "demo", "plays the main job against a running server: issuance");
    demo.require_subcommand(1);
    auto options = std::make_shared<Options>();
    CLI::App& command =
        line.add(demo, "issuance", "from an agency's first sign-in to a certificate in force");
    add_data_option(command, options->data_dir);
    command.add_option("--out", options->out, "folder for what the demo leaves")
        ->envname("ANTIN_OUT")
        ->required();
    command.add_option("--port", options->port, "port of the portal")
        ->envname("ANTIN_PORT")
        ->check(CLI::Range(1, 65535));
    command.add_option("--http-port", options->http_port, "port of OCSP, CRL and AIA")
        ->envname("ANTIN_HTTP_PORT")
        ->check(CLI::Range(1, 65535));
    command.add_flag("--allow-real", options->allow_real,
                     "also where dossiers of real agencies lie");
    line.on(command, [options] { return issuance(*options); });
    CLI::App& requests = line.add(demo, "requests", "the same for all five requests (later)");
    requests.allow_extras();
    line.on(requests, [] {
        std::fputs("antin: \"demo requests\" comes with renewal, amendment and revocation\n",
                   stderr);
        return ExitCode::WrongUse;
    });
}

}  // namespace antin::program
