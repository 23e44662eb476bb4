#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "agent.hpp"
#include "hsm/module.hpp"
#include "http/websocket.hpp"
#include "pairing.hpp"

namespace {

using namespace antin;
namespace fs = std::filesystem;

struct Options {
    std::string library, folder, so_pin_file, pairing_file, state, address = "127.0.0.1", code;
    std::vector<std::string> origins;
    int port = 8765, count = 1;
};

std::string default_state_folder() {
    const char* config = std::getenv("XDG_CONFIG_HOME");
    const char* home = std::getenv("HOME");
    if (config != nullptr && *config != '\0') return fs::path(config) / "antin-token";
    return fs::path(home != nullptr ? home : ".") / ".config" / "antin-token";
}

/// The first line of a file that holds a secret.
Result<std::string> read_secret(const std::string& file) {
    if (file.empty()) return std::string{};
    std::ifstream in(file);
    std::string line;
    if (!std::getline(in, line) || line.empty()) {
        return fail(ErrorKind::Invalid, "agent.secret_file", file);
    }
    return line;
}

int complain(const Error& error) {
    std::cerr << "antin-token: " << error.code;
    if (!error.detail.empty()) std::cerr << ": " << error.detail;
    std::cerr << "\n";
    return error.kind == ErrorKind::Invalid ? 2 : 3;
}

hsm::ModuleSettings module_of(const Options& options) {
    hsm::ModuleSettings settings;
    settings.library = options.library.empty() ? hsm::find_softhsm() : options.library;
    settings.folder = options.folder;
    return settings;
}

/// A line typed in the terminal, if there is one now.
std::optional<bool> typed_answer() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    if (::isatty(STDIN_FILENO) == 0 || ::poll(&input, 1, 0) <= 0) return std::nullopt;
    std::string line;
    if (!std::getline(std::cin, line)) return std::nullopt;
    return line == "y" || line == "Y" || line == "c" || line == "C";
}

int serve(const Options& options) {
    const auto so_pin = read_secret(options.so_pin_file);
    if (!so_pin) return complain(so_pin.error());
    agent::Pairings pairings(options.state, options.origins);
    if (!options.pairing_file.empty()) {
        if (const auto added = pairings.add_file(options.pairing_file); !added) {
            return complain(added.error());
        }
    }
    pairings.show = [](std::string_view origin, std::string_view code) {
        std::cout << "Trang " << origin << " xin dùng thiết bị trên máy này.\n"
                  << "Chỉ đồng ý khi mã trên trang là " << code << ".\n"
                  << "Đồng ý? Gõ c rồi Enter (hoặc chạy: antin-token approve " << code << ")"
                  << std::endl;
    };
    pairings.terminal_answer = typed_answer;

    // Ctrl+C and SIGTERM are waited for below; no other thread shall get them.
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    ::signal(SIGPIPE, SIG_IGN);

    agent::AgentSettings settings;
    settings.module = module_of(options);
    settings.so_pin = *so_pin;
    const auto tokens = hsm::Module::open(settings.module);
    if (!tokens) return complain(tokens.error());
    agent::Agent desk(settings, pairings);

    http::WebSocketSettings server_settings;
    server_settings.address = options.address;
    server_settings.port = static_cast<std::uint16_t>(options.port);
    std::string host;  // what the page must have called us: no other name may lead here
    server_settings.admit = [&](const http::WebSocketOpening& opening) {
        const bool ours =
            opening.host == host || opening.host == "localhost" + host.substr(host.find(':'));
        return ours && pairings.is_allowed(opening.origin);
    };
    server_settings.answer = [&](const http::WebSocketOpening& opening, const std::string& question,
                                 const http::WebSocketSettings::Progress& progress) {
        return desk.answer(opening.origin, question, progress);
    };
    host = options.address + ":" + std::to_string(options.port);
    auto server = http::WebSocketServer::start(server_settings);
    if (!server) return complain(server.error());
    host = options.address + ":" + std::to_string((*server)->port());
    std::cout << "antin-token: ws://" << host << std::endl;
    int received = 0;
    sigwait(&signals, &received);
    (*server)->stop(std::chrono::milliseconds{2000});
    return 0;
}

int approve(const Options& options) {
    const auto status = agent::Pairings::approve(options.state, options.code);
    return status ? 0 : complain(status.error());
}

/// Blank devices as from the factory, for trials and demonstrations.
int make_software_tokens(const Options& options) {
    const auto so_pin = read_secret(options.so_pin_file);
    if (!so_pin) return complain(so_pin.error());
    const auto module = hsm::Module::open(module_of(options));
    if (!module) return complain(module.error());
    const auto before = (*module)->tokens();
    if (!before) return complain(before.error());
    const auto made_already = before->size();
    for (int i = 0; i < options.count; ++i) {
        const auto label = "blank-" + std::to_string(made_already + static_cast<std::size_t>(i));
        const auto made = (*module)->initialise(label, *so_pin, "12345678");
        if (!made) return complain(made.error());
        std::cout << made->serial << "\n";
    }
    return 0;
}

int list(const Options& options) {
    const auto module = hsm::Module::open(module_of(options));
    if (!module) return complain(module.error());
    const auto tokens = (*module)->tokens();
    if (!tokens) return complain(tokens.error());
    for (const auto& token : *tokens) {
        if (token.initialised) std::cout << token.serial << "  " << token.label << "\n";
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    Options options;
    options.state = default_state_folder();
    CLI::App app{"The agent on the desk: key devices (PKCS#11) for the pages of Ấn Tín"};
    app.add_option("--module", options.library, "PKCS#11 library of the devices (default: SoftHSM)")
        ->envname("ANTIN_TOKEN_MODULE");
    app.add_option("--folder", options.folder, "folder of software tokens (SoftHSM only)")
        ->envname("ANTIN_TOKEN_FOLDER");
    app.add_option("--so-pin-file", options.so_pin_file,
                   "file with the administration code of the devices of this desk");
    app.add_option("--state", options.state, "folder of the confirmed pairings");
    app.add_option("--origin", options.origins, "a page that may ask, \"https://host:port\"")
        ->envname("ANTIN_TOKEN_ORIGIN");
    app.add_option("--pairing-file", options.pairing_file,
                   "pairing made by the person beforehand: {\"origin\": …, \"secret\": …}");
    app.add_option("--port", options.port, "port on loopback (0: any)")
        ->envname("ANTIN_TOKEN_PORT")
        ->check(CLI::Range(0, 65535));
    auto* approving = app.add_subcommand("approve", "say yes to the page that shows this code");
    approving->add_option("code", options.code)->required();
    auto* making = app.add_subcommand("make-software-tokens", "blank software tokens for trials");
    making->add_option("--count", options.count)->check(CLI::Range(1, 1000));
    auto* listing = app.add_subcommand("list", "the devices that are plugged in");
    for (auto* sub : {approving, making, listing}) sub->fallthrough();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    }
    if (approving->parsed()) return approve(options);
    if (making->parsed()) return make_software_tokens(options);
    if (listing->parsed()) return list(options);
    return serve(options);
}
