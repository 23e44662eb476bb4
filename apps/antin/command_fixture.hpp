#pragma once
// For tests of the binary itself: one installation per test program, and antin as a process.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "http/client.hpp"
#include "kit/temp_folder.hpp"

extern char** environ;

namespace antin::program {

namespace fs = std::filesystem;
using nlohmann::json;

inline std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

struct Answer {
    int exit_code = -1;
    std::string output, complaint;
};

/// A running antin; what it prints comes through a pipe, complaints into a file of `folder`.
/// `variables` ("NAME=value") are added to the environment.
class Process {
  public:
    Process(const fs::path& folder, std::vector<std::string> arguments,
            std::vector<std::string> variables = {})
        : complaint_(folder / "complaint.txt") {
        arguments.insert(arguments.begin(), ANTIN_BINARY);
        for (char** one = environ; *one != nullptr; ++one) variables.emplace_back(*one);
        auto argv = pointers(arguments), envp = pointers(variables);
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0) return;
        output_ = ends[0];
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&files, ends[1], 1);
        posix_spawn_file_actions_addopen(&files, 2, complaint_.c_str(),
                                         O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (posix_spawn(&pid_, ANTIN_BINARY, &files, nullptr, argv.data(), envp.data()) != 0) {
            pid_ = -1;
        }
        ::close(ends[1]);
        posix_spawn_file_actions_destroy(&files);
    }
    ~Process() {
        kill_now();
        if (output_ >= 0) ::close(output_);
    }
    Process(const Process&) = delete;
    Process& operator=(const Process&) = delete;

    Answer wait() {
        while (read_more()) continue;
        int status = 0;
        ::waitpid(pid_, &status, 0);
        pid_ = -1;
        return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), text_,
                content(complaint_)};
    }
    void signal(int number) const { ::kill(pid_, number); }
    [[nodiscard]] pid_t pid() const { return pid_; }
    /// kill -9, and it is gone.
    void kill_now() {
        if (pid_ <= 0) return;
        ::kill(pid_, SIGKILL);
        ::waitpid(pid_, nullptr, 0);
        pid_ = -1;
    }
    /// The whole announcement: `serve` writes it at once when all is listening.
    std::string announced() {
        while (text_.find("TLS SHA-256") == std::string::npos && read_more()) continue;
        return text_.empty() ? content(complaint_) : text_;
    }

  private:
    static std::vector<char*> pointers(std::vector<std::string>& texts) {
        std::vector<char*> out;
        for (auto& one : texts) out.push_back(one.data());
        out.push_back(nullptr);
        return out;
    }
    bool read_more() {
        std::array<char, 65536> block{};
        const ssize_t size = ::read(output_, block.data(), block.size());
        if (size > 0) text_.append(block.data(), static_cast<std::size_t>(size));
        return size > 0;
    }
    fs::path complaint_;
    std::string text_;
    int output_ = -1;
    pid_t pid_ = -1;
};

class Command : public ::testing::Test {
  protected:
    struct Installed {
        Installed()
            : answer(run_in(folder.path(), {"init", "--yes", "--json", "--port", "0", "--http-port",
                                            "0", "--data", (folder / "data").string()})) {}
        kit::TempFolder folder;
        Answer answer;
    };
    /// Made by `antin init` when it is first asked for. Tests that change it take a copy.
    static const Installed& installed() {
        static const Installed made;
        return made;
    }
    static fs::path data() { return installed().folder / "data"; }
    /// A copy of the installation in a folder of this test.
    fs::path own_data() {
        fs::copy(data(), own.path() / "data", fs::copy_options::recursive);
        return own.path() / "data";
    }
    static Answer run_in(const fs::path& folder, std::vector<std::string> arguments,
                         std::vector<std::string> variables = {}) {
        return Process{folder, std::move(arguments), std::move(variables)}.wait();
    }
    Answer run(std::vector<std::string> arguments) {
        return run_in(own.path(), std::move(arguments));
    }
    Answer on_data(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--data", data().string()});
        return run(std::move(arguments));
    }
    static std::uint16_t port_after(const std::string& text, std::string_view start) {
        const auto at = text.find(start);
        if (at == std::string::npos) return 0;
        return static_cast<std::uint16_t>(
            std::strtoul(text.c_str() + text.find(':', at + start.size()) + 1, nullptr, 10));
    }
    static int status_of(std::uint16_t port, bool tls, std::string_view path) {
        http::ClientSettings settings;
        settings.port = port;
        settings.tls = tls;
        http::Client client{settings};
        const auto answer = client.get(path);
        return answer ? answer->status : 0;
    }

    kit::TempFolder own;
};

}  // namespace antin::program
