// ocsp.presigned: answers per second against `openssl ocsp -multi 2`, RSA-2048 responder keys on
// both sides. ocsp.static: against a static answer of the same size from the same server. Load by
// wrk, 1 thread, 32 keep-alive connections, GET, over a thousand certificates.
#include "pki/ocsp.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <fstream>
#include <thread>

#include "http/client.hpp"
#include "http/server.hpp"
#include "measured.hpp"
#include "pki/certificate.hpp"
#include "pki/certificate_request.hpp"
#include "responder/status_endpoints.hpp"
#include "software_key.hpp"
#include "token_authority.hpp"

extern char** environ;

namespace antin::bench {
namespace {

int certificate_count = 1000;
int rounds = 5;
int seconds = 2;  // of load a round

std::string run(const std::string& command) {
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    std::string out;
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) out += buffer.data();
    ::pclose(pipe);
    return out;
}

double requests_per_second(int port, const std::filesystem::path& script, int connections) {
    const std::string out =
        run("wrk -t1 -c" + std::to_string(connections) + " -d" + std::to_string(seconds) + "s -s " +
            script.string() + " http://127.0.0.1:" + std::to_string(port) + "/");
    const auto at = out.find("Requests/sec:");
    if (at == std::string::npos) {
        std::fprintf(stderr, "%s", out.c_str());
        return 0;
    }
    return std::atof(out.c_str() + at + std::strlen("Requests/sec:"));
}

void write_script(const std::filesystem::path& path, const std::vector<std::string>& targets) {
    std::ofstream out{path};
    out << "local targets = {\n";
    for (const auto& target : targets) out << "\"" << target << "\",\n";
    out << "}\nlocal i = 0\nrequest = function()\n  i = i % #targets + 1\n"
           "  return wrk.format(\"GET\", targets[i])\nend\n";
}

/// The peer: openssl's own responder, with a key and an index of its own making.
class OpensslResponder {
  public:
    explicit OpensslResponder(const std::filesystem::path& folder) : port(free_port()) {
        const std::string at = folder.string() + "/";
        run("openssl req -x509 -newkey rsa:2048 -nodes -keyout " + at + "p.key -out " + at +
            "p.pem -subj /CN=peer -days 2");
        std::ofstream{folder / "index.txt"} << "V\t311231235959Z\t\t1234\tunknown\t/CN=x\n";
        std::vector<std::string> texts{
            "openssl",  "ocsp",       "-index", at + "index.txt", "-port", std::to_string(port),
            "-rsigner", at + "p.pem", "-rkey",  at + "p.key",     "-CA",   at + "p.pem",
            "-multi",   "2"};
        std::vector<char*> arguments;
        for (auto& text : texts) arguments.push_back(text.data());
        arguments.push_back(nullptr);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);  // ends as one group
        posix_spawnattr_setpgroup(&attributes, 0);
        posix_spawn_file_actions_t quiet;
        posix_spawn_file_actions_init(&quiet);
        for (const int descriptor : {1, 2}) {
            posix_spawn_file_actions_addopen(&quiet, descriptor, "/dev/null", 1, 0);
        }
        ::posix_spawnp(&pid_, "openssl", &quiet, &attributes, arguments.data(), environ);
        posix_spawn_file_actions_destroy(&quiet);
        posix_spawnattr_destroy(&attributes);
        // The same question as a client of its own would ask.
        run("openssl ocsp -issuer " + at + "p.pem -serial 0x1234 -no_nonce -reqout " + at +
            "peer.req");
        std::ifstream file{folder / "peer.req", std::ios::binary};
        const std::string request{std::istreambuf_iterator<char>{file}, {}};
        // Asked as it will be asked: one malformed request, and it answers nobody any more.
        question_ = "/" + http::url_encode(to_base64(as_bytes(request)));
        write_script(folder / "peer.lua", {question_});
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{20};
        while (!answers() && std::chrono::steady_clock::now() < patience) {
            std::this_thread::yield();  // its two children are being made
        }
    }
    ~OpensslResponder() {
        ::kill(-pid_, SIGTERM);
        ::waitpid(pid_, nullptr, 0);
    }
    OpensslResponder(const OpensslResponder&) = delete;
    OpensslResponder& operator=(const OpensslResponder&) = delete;
    int port;

  private:
    [[nodiscard]] bool answers() const {
        http::Client client{{.port = static_cast<std::uint16_t>(port)}};
        return client.get(question_).has_value();
    }
    static int free_port() {
        const auto server =
            must(http::Server::start({}, [](http::Request&) { return http::plain_text(200, ""); }));
        const int port = server->port();
        server->stop(std::chrono::milliseconds{10});
        return port;
    }
    std::string question_;
    pid_t pid_ = 0;
};

/// Certificates on record and the paths that ask for them.
std::vector<std::string> issue_and_ask(TokenAuthority& world) {
    world.approve(0, certificate_count);
    std::vector<ca::IssueRequest> requests;
    for (int i = 0; i < certificate_count; ++i) {
        const SoftwareKey key;
        requests.push_back({must(world.authority->approval_of("line:" + std::to_string(i))),
                            must(pki::make_certificate_request(*key.signer, "thu")),
                            {}});
    }
    const auto chain = world.authority->chain("state");
    const auto issuer = must(pki::read_certificate(chain.at(0)));
    std::vector<std::string> targets;
    for (auto& one : world.authority->issue(std::move(requests))) {
        const auto record = must(std::move(one));
        const auto leaf = must(pki::read_certificate(record.der));
        const Bytes request = pki::make_ocsp_request(
            pki::encode_cert_id(false, issuer.subject, issuer.public_key_info, leaf.serial),
            std::nullopt);
        static_cast<void>(world.authority->status().answer(request));  // signed and in memory
        targets.push_back("/ocsp/" + http::url_encode(to_base64(request)));
    }
    must(world.authority->maintain());
    return targets;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

int measure(const std::string& name) {
    std::atomic<ca::StatusService*> service{nullptr};
    std::shared_ptr<const std::string> same_size;
    http::ServerSettings settings;
    settings.worker_threads = 2;
    settings.quick = [&](const http::Request& request) -> std::optional<http::Response> {
        if (request.path == "/static" && same_size != nullptr) {
            http::Response out;
            out.set("Content-Type", "application/octet-stream");
            out.set("Cache-Control", "public, max-age=60");
            out.shared_body = same_size;
            return out;
        }
        auto* open = service.load();
        return open == nullptr ? std::nullopt : responder::quick_status(*open, request);
    };
    const auto server = must(http::Server::start(settings, [&](http::Request& request) {
        auto* open = service.load();
        auto answer = open == nullptr ? std::nullopt : responder::answer_status(*open, request);
        return answer ? std::move(*answer) : http::plain_text(404, "not found\n");
    }));
    TokenAuthority world{pki::KeyKind::P256, pki::KeyKind::Rsa2048,
                         "http://127.0.0.1:" + std::to_string(server->port())};
    const auto targets = issue_and_ask(world);
    service = &world.authority->status();
    http::Client client{{.port = server->port()}};
    for (const auto& target : targets) {
        same_size = std::make_shared<const std::string>(must(client.get(target)).body);
    }
    write_script(world.folder / "ocsp.lua", targets);
    write_script(world.folder / "static.lua", std::vector<std::string>(targets.size(), "/static"));
    Measure out{name, "per second", ""};
    const bool against_static = name == "ocsp.static";
    out.peer = against_static ? "static answer of the same size, same server"
                              : "openssl ocsp -multi 2, RSA-2048";
    out.goal = against_static ? 0.65 : 25;
    // By turns: on a noisy machine both meet the same neighbours.
    std::vector<double> ours, peers;
    for (int round = 0; round < rounds; ++round) {
        ours.push_back(requests_per_second(server->port(), world.folder / "ocsp.lua", 32));
        if (against_static) {
            peers.push_back(requests_per_second(server->port(), world.folder / "static.lua", 32));
        } else {
            const OpensslResponder peer{world.folder};
            peers.push_back(requests_per_second(peer.port, world.folder / "peer.lua", 8));
        }
    }
    out.value = median(ours);
    out.peer_value = median(peers);
    print(out);
    service = nullptr;
    server->stop(std::chrono::milliseconds{100});
    return 0;
}

}  // namespace
}  // namespace antin::bench

int main(int argc, char** argv) {
    using namespace antin::bench;
    if (argc > 2 && std::strcmp(argv[2], "tiny") == 0) {
        certificate_count = 10;
        rounds = 1;
        seconds = 1;
    }
    return measure(argc > 1 ? argv[1] : "ocsp.presigned");
}
