// The binary itself, as an administrator runs it.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>

#include "http/client.hpp"
#include "kit/paths.hpp"
#include "kit/temp_folder.hpp"

extern char** environ;

namespace antin::program {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string content(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

struct Answer {
    int exit_code = -1;
    std::string output, complaint;
};

/// A running antin; what it prints comes through a pipe, complaints into a file of `folder`.
class Process {
  public:
    Process(const fs::path& folder, std::vector<std::string> arguments)
        : complaint_(folder / "complaint.txt") {
        arguments.insert(arguments.begin(), ANTIN_BINARY);
        std::vector<char*> pointers;
        for (auto& one : arguments) pointers.push_back(one.data());
        pointers.push_back(nullptr);
        int ends[2] = {-1, -1};
        if (::pipe2(ends, O_CLOEXEC) != 0) return;
        output_ = ends[0];
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
        posix_spawn_file_actions_adddup2(&files, ends[1], 1);
        posix_spawn_file_actions_addopen(&files, 2, complaint_.c_str(),
                                         O_WRONLY | O_CREAT | O_TRUNC, 0600);
        if (posix_spawn(&pid_, ANTIN_BINARY, &files, nullptr, pointers.data(), environ) != 0) {
            pid_ = -1;
        }
        ::close(ends[1]);
        posix_spawn_file_actions_destroy(&files);
    }
    ~Process() {
        if (pid_ > 0) {
            ::kill(pid_, SIGKILL);
            ::waitpid(pid_, nullptr, 0);
        }
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
    /// The whole announcement: `serve` writes it at once when all is listening.
    std::string announced() {
        while (text_.find("TLS SHA-256") == std::string::npos && read_more()) continue;
        return text_.empty() ? content(complaint_) : text_;
    }

  private:
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
    static void SetUpTestSuite() {
        shared = new kit::TempFolder;
        installed = run_in(shared->path(), {"init", "--yes", "--json", "--port", "0", "--http-port",
                                            "0", "--data", data().string()});
    }
    static void TearDownTestSuite() {
        delete shared;
        shared = nullptr;
    }
    static fs::path data() { return shared->path() / "data"; }
    static Answer run_in(const fs::path& folder, std::vector<std::string> arguments) {
        return Process{folder, std::move(arguments)}.wait();
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

    static kit::TempFolder* shared;
    static Answer installed;
    kit::TempFolder own;
};
kit::TempFolder* Command::shared = nullptr;
Answer Command::installed;

TEST_F(Command, init_makes_114_bodies_and_an_account_for_each_role) {
    ASSERT_EQ(installed.exit_code, 0) << installed.complaint;
    const auto answer = json::parse(installed.output);
    EXPECT_EQ(answer["bodies"], 114);
    EXPECT_EQ(answer["accounts"].size(), 9u);
    EXPECT_GE(answer["root_pin"].get<std::string>().size(), 20u);
    std::set<std::string> passwords;
    for (const auto& account : answer["accounts"]) {
        passwords.insert(account["password"].get<std::string>());
    }
    EXPECT_EQ(passwords.size(), 9u);
}

TEST_F(Command, init_keeps_the_first_accounts_for_its_owner_only) {
    struct stat about {};
    ASSERT_EQ(::stat((data() / "first-accounts.txt").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
    ASSERT_EQ(::stat((data() / "secrets").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0700u);
}

TEST_F(Command, init_keeps_the_pin_of_the_root_nowhere) {
    const auto pin = json::parse(installed.output)["root_pin"].get<std::string>();
    for (const auto& entry : fs::recursive_directory_iterator(data())) {
        if (!entry.is_regular_file()) continue;
        EXPECT_EQ(content(entry.path()).find(pin), std::string::npos) << entry.path();
    }
}

TEST_F(Command, init_never_overwrites_an_installation) {
    const auto before = content(data() / "antin.toml");
    const auto answer = on_data({"init", "--yes"});
    EXPECT_EQ(answer.exit_code, 1);
    EXPECT_NE(answer.complaint.find("holds an installation already"), std::string::npos);
    EXPECT_EQ(content(data() / "antin.toml"), before);
}

TEST_F(Command, what_init_makes_is_left_out_of_the_binary_and_of_git) {
    const auto ignored = content(fs::path{ANTIN_SOURCE_DIR} / ".gitignore");
    for (const auto& entry : fs::directory_iterator(data())) {
        auto name = entry.path().filename().string();
        if (name.starts_with("portal.db")) name = name == "portal.db" ? "*.db" : "*.db-*";
        const bool listed = ignored.find("\n/data/" + name + "\n") != std::string::npos ||
                            ignored.find("\n/data/" + name + "/\n") != std::string::npos;
        EXPECT_TRUE(listed) << name;
    }
}

TEST_F(Command, wrong_use_is_exit_2_with_one_line) {
    for (const std::vector<std::string>& wrong : {std::vector<std::string>{},
                                                  {"nonsense"},
                                                  {"serve", "--port", "99999"},
                                                  {"user"},
                                                  {"backup"}}) {
        const auto answer = run(wrong);
        EXPECT_EQ(answer.exit_code, 2);
        EXPECT_EQ(std::count(answer.complaint.begin(), answer.complaint.end(), '\n'), 1)
            << answer.complaint;
    }
}

TEST_F(Command, a_folder_without_an_installation_is_named) {
    const auto answer = run({"serve", "--data", (own.path() / "nothing").string()});
    EXPECT_NE(answer.exit_code, 0);
    EXPECT_NE(answer.complaint.find("antin init"), std::string::npos) << answer.complaint;
}

TEST_F(Command, an_unknown_setting_is_refused_by_name) {
    fs::create_directory(own.path() / "d");
    std::ofstream(own.path() / "d/antin.toml") << "[server]\nprot = 1\n";
    const auto answer = run({"serve", "--data", (own.path() / "d").string()});
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_NE(answer.complaint.find("server.prot"), std::string::npos) << answer.complaint;
}

TEST_F(Command, serve_answers_on_both_ports_and_ends_within_5_seconds) {
    Process serve{own.path(), {"serve", "--data", data().string()}};
    const auto text = serve.announced();
    const auto portal = port_after(text, "https:"), status = port_after(text, "http:");
    EXPECT_EQ(status_of(portal, true, "/livez"), 200) << text;
    EXPECT_EQ(status_of(portal, true, "/readyz"), 200);
    EXPECT_EQ(status_of(portal, true, "/"), 200);
    EXPECT_EQ(status_of(status, false, "/livez"), 200);
    EXPECT_EQ(status_of(status, false, "/readyz"), 200);
    EXPECT_EQ(status_of(status, false, "/metrics"), 200);
    EXPECT_EQ(status_of(portal, true, "/metrics"), 404);
    EXPECT_NE(text.find("quantri@antin.invalid"), std::string::npos);
    const auto begun = std::chrono::steady_clock::now();
    serve.signal(SIGTERM);
    EXPECT_EQ(serve.wait().exit_code, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}

TEST_F(Command, two_cannot_serve_one_folder) {
    Process serve{own.path(), {"serve", "--data", data().string()}};
    serve.announced();
    kit::TempFolder other;
    const auto answer = run_in(other.path(), {"serve", "--data", data().string()});
    EXPECT_EQ(answer.exit_code, 3);
    EXPECT_NE(answer.complaint.find("another antin process"), std::string::npos);
    serve.signal(SIGINT);
    EXPECT_EQ(serve.wait().exit_code, 0);
}

TEST_F(Command, a_copied_folder_serves_elsewhere) {
    fs::copy(data(), own.path() / "moved", fs::copy_options::recursive);
    Process serve{own.path(), {"serve", "--data", (own.path() / "moved").string()}};
    const auto text = serve.announced();
    EXPECT_EQ(status_of(port_after(text, "https:"), true, "/readyz"), 200) << text;
    serve.signal(SIGTERM);
    EXPECT_EQ(serve.wait().exit_code, 0);
}

TEST_F(Command, people_are_added_listed_and_suspended) {
    const auto added = on_data({"user", "add", "--json", "--email", "them@antin.invalid", "--name",
                                "Người Thêm", "--role", "intake_officer"});
    ASSERT_EQ(added.exit_code, 0) << added.complaint;
    EXPECT_EQ(json::parse(added.output)["password"].get<std::string>().size(), 19u);
    EXPECT_EQ(
        on_data({"user", "grant", "--email", "them@antin.invalid", "--role", "assessor"}).exit_code,
        0);
    EXPECT_EQ(on_data({"user", "suspend", "--email", "them@antin.invalid"}).exit_code, 0);
    const auto listed = on_data({"user", "list", "--json"});
    bool found = false;
    for (const auto& person : json::parse(listed.output)) {
        if (person["email"] != "them@antin.invalid") continue;
        found = true;
        EXPECT_EQ(person["state"], "suspended");
        EXPECT_EQ(person["roles"].size(), 2u);
    }
    EXPECT_TRUE(found);
    EXPECT_EQ(on_data({"user", "resume", "--email", "nobody@antin.invalid"}).exit_code, 1);
    EXPECT_EQ(
        on_data({"user", "add", "--email", "b@antin.invalid", "--name", "B", "--role", "king"})
            .exit_code,
        2);
}

TEST_F(Command, check_finds_a_fresh_installation_well) {
    const auto answer = on_data({"check", "--json"});
    ASSERT_FALSE(answer.output.empty()) << answer.complaint;
    const auto report = json::parse(answer.output);
    EXPECT_TRUE(report["ok"]) << answer.output;
    EXPECT_EQ(answer.exit_code, 0);
}

TEST_F(Command, check_says_what_to_mend) {
    fs::copy(data(), own.path() / "d", fs::copy_options::recursive);
    fs::permissions(own.path() / "d/secrets", fs::perms::others_read, fs::perm_options::add);
    fs::remove(own.path() / "d/secrets/token.pin");
    const auto answer = run({"check", "--data", (own.path() / "d").string()});
    EXPECT_EQ(answer.exit_code, 1);
    EXPECT_NE(answer.output.find("MEND  secrets"), std::string::npos) << answer.output;
    EXPECT_NE(answer.output.find("token.pin"), std::string::npos) << answer.output;
}

TEST_F(Command, a_backup_made_while_serving_is_restored) {
    Process serve{own.path(), {"serve", "--data", data().string()}};
    serve.announced();
    kit::TempFolder side;
    const auto copy = (own.path() / "copy").string(), back = (own.path() / "back").string();
    const auto made = run_in(side.path(), {"backup", "--data", data().string(), "--to", copy});
    ASSERT_EQ(made.exit_code, 0) << made.complaint;
    serve.signal(SIGTERM);
    serve.wait();
    const auto restored = run({"restore", "--from", copy, "--data", back});
    ASSERT_EQ(restored.exit_code, 0) << restored.complaint;
    Process again{own.path(), {"serve", "--data", back}};
    const auto text = again.announced();
    EXPECT_EQ(status_of(port_after(text, "https:"), true, "/readyz"), 200) << text;
    EXPECT_NE(text.find("quantri@antin.invalid"), std::string::npos);
}

TEST_F(Command, a_damaged_backup_is_refused_by_the_name_of_the_file) {
    const auto copy = own.path() / "copy";
    ASSERT_EQ(on_data({"backup", "--to", copy.string()}).exit_code, 0);
    std::ofstream(copy / "secrets/vault.key", std::ios::app) << "x";
    const auto answer =
        run({"restore", "--from", copy.string(), "--data", (own.path() / "back").string()});
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_NE(answer.complaint.find("secrets/vault.key"), std::string::npos) << answer.complaint;
    EXPECT_FALSE(fs::exists(own.path() / "back/antin.toml"));
}

TEST_F(Command, backup_and_restore_never_write_over_something) {
    std::ofstream(own.path() / "mine") << "keep";
    EXPECT_EQ(on_data({"backup", "--to", own.path().string()}).exit_code, 1);
    const auto copy = own.path() / "copy";
    ASSERT_EQ(on_data({"backup", "--to", copy.string()}).exit_code, 0);
    EXPECT_EQ(run({"restore", "--from", copy.string(), "--data", data().string()}).exit_code, 1);
    EXPECT_EQ(content(own.path() / "mine"), "keep");
}

}  // namespace
}  // namespace antin::program
