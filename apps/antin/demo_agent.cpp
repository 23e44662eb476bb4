#include "demo_agent.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "http/websocket.hpp"

extern char** environ;

namespace antin::program {
namespace {

namespace fs = std::filesystem;
constexpr int start_ms_max = 20'000;

tl::unexpected<Error> broken(std::string detail) {
    return fail(ErrorKind::Unavailable, "demo.agent", std::move(detail));
}

struct Child {
    pid_t process = -1;
    int output = -1;
};

Result<Child> spawn(const std::vector<std::string>& words) {
    std::array<int, 2> pipe_ends{};
    if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return broken("pipe");
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, pipe_ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    std::vector<char*> arguments;
    for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    Child child;
    const int failed = ::posix_spawn(&child.process, words.front().c_str(), &actions, nullptr,
                                     arguments.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    ::close(pipe_ends[1]);
    child.output = pipe_ends[0];
    if (failed != 0) {
        ::close(pipe_ends[0]);
        return broken(words.front());
    }
    return child;
}

/// One line of the child's standard output, waiting at most `start_ms_max`.
std::string read_line(int output) {
    std::string line;
    pollfd waiting{output, POLLIN, 0};
    char c = 0;
    while (::poll(&waiting, 1, start_ms_max) > 0 && ::read(output, &c, 1) == 1 && c != '\n') {
        line += c;
    }
    return line;
}

bool write_secret(const fs::path& path, const std::string& text) {
    std::ofstream out(path);
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
    out << text << "\n";
    return static_cast<bool>(out);
}

Status run_to_end(const std::vector<std::string>& words) {
    ANTIN_TRY(child, spawn(words));
    while (!read_line(child.output).empty()) {
    }
    ::close(child.output);
    int status = 0;
    ::waitpid(child.process, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) return broken("make-software-tokens");
    return {};
}

}  // namespace

fs::path find_antin_token() {
    if (const char* named = std::getenv("ANTIN_TOKEN_BINARY")) return named;
    const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
    for (const fs::path& path : {here / "antin-token", here / "../antin-token/antin-token",
                                 here / "../apps/antin-token/antin-token"}) {
        if (fs::is_regular_file(path)) return fs::canonical(path);
    }
    return {};
}

Result<std::unique_ptr<DemoAgent>> DemoAgent::start(const fs::path& folder,
                                                    const std::string& origin, int tokens) {
    const auto program = find_antin_token();
    if (program.empty()) return broken("antin-token is not there");
    std::error_code error;
    fs::create_directories(folder / "tokens", error);
    fs::permissions(folder, fs::perms::owner_all, error);
    std::unique_ptr<DemoAgent> agent{new DemoAgent};
    agent->origin_ = origin;
    agent->pairing_ = random_token(33);
    const nlohmann::json pairing{{"origin", origin}, {"secret", agent->pairing_}};
    if (error || !write_secret(folder / "so-pin", random_readable(16)) ||
        !write_secret(folder / "pairing.json", pairing.dump())) {
        return broken(folder.string());
    }
    const std::vector<std::string> common{program.string(),
                                          "--folder",
                                          (folder / "tokens").string(),
                                          "--so-pin-file",
                                          (folder / "so-pin").string(),
                                          "--state",
                                          (folder / "state").string()};
    auto making = common;
    making.insert(making.end(), {"make-software-tokens", "--count", std::to_string(tokens)});
    ANTIN_CHECK(run_to_end(making));
    auto serving = common;
    serving.insert(serving.end(), {"--origin", origin, "--port", "0", "--pairing-file",
                                   (folder / "pairing.json").string()});
    ANTIN_TRY(child, spawn(serving));
    agent->process_ = child.process;
    agent->output_ = child.output;
    const std::string line = read_line(child.output);
    const auto colon = line.rfind(':');
    int port = 0;
    if (colon != std::string::npos) {
        std::from_chars(line.data() + colon + 1, line.data() + line.size(), port);
    }
    if (port <= 0) return broken("antin-token said: " + line);
    agent->port_ = static_cast<std::uint16_t>(port);
    return agent;
}

DemoAgent::~DemoAgent() {
    if (process_ > 0) {
        ::kill(process_, SIGTERM);
        int status = 0;
        ::waitpid(process_, &status, 0);
    }
    if (output_ >= 0) ::close(output_);
}

Result<nlohmann::json> DemoAgent::ask(const std::string& operation, nlohmann::json fields) {
    fields["protocol"] = 1;
    fields["operation"] = operation;
    fields["pairing"] = pairing_;
    http::WebSocketQuestion question;
    question.port = port_;
    question.origin = origin_;
    question.text = fields.dump();
    ANTIN_TRY(text, http::ask_websocket(question));
    const auto answer = nlohmann::json::parse(text, nullptr, false);
    if (!answer.is_object()) return broken("antin-token: " + text);
    if (!answer.value("ok", false)) {
        return fail(ErrorKind::Refused, "demo.agent",
                    operation + ": " + answer.value("/error/code"_json_pointer, text));
    }
    return answer.value("result", nlohmann::json::object());
}

Result<std::vector<std::string>> DemoAgent::plugged() {
    ANTIN_TRY(result, ask("tokens", nlohmann::json::object()));
    std::vector<std::string> serials;
    for (const auto& token : result.at("tokens")) {
        serials.push_back(token.at("serial").get<std::string>());
    }
    return serials;
}

}  // namespace antin::program
