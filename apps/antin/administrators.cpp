#include "administrators.hpp"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <CLI/CLI.hpp>

#include "app/sign_in.hpp"
#include "base/text.hpp"

namespace antin::program {
namespace {

/// The terminal of the person who typed the command, not whatever standard input is.
class Terminal {
  public:
    Terminal() : file_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
        if (file_ < 0 || ::tcgetattr(file_, &before_) != 0) return;
        termios silent = before_;
        silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
        is_silent_ = ::tcsetattr(file_, TCSAFLUSH, &silent) == 0;
    }
    ~Terminal() {
        if (is_silent_) ::tcsetattr(file_, TCSAFLUSH, &before_);
        if (file_ >= 0) ::close(file_);
    }
    Terminal(const Terminal&) = delete;
    Terminal& operator=(const Terminal&) = delete;

    [[nodiscard]] bool is_open() const { return is_silent_; }
    std::string ask(const std::string& question) {
        say(question);
        std::string line;
        for (char c = 0; ::read(file_, &c, 1) == 1 && c != '\n';) line += c;
        say("\n");
        return line;
    }

  private:
    void say(std::string_view text) {
        // A terminal that is gone shows itself at the read that follows.
        if (::write(file_, text.data(), text.size()) < 0) return;
    }
    int file_ = -1;
    termios before_{};
    bool is_silent_ = false;
};

Result<app::Proof> read_proof(const TwoAdministrators::One& one) {
    app::Proof proof{.email = one.email, .password = {}, .code = {}};
    if (!one.proof_file.empty()) {
        ANTIN_TRY(text, read_secret(one.proof_file));
        const auto end = text.find('\n');
        if (end == std::string::npos) {
            return fail(ErrorKind::Invalid, "proof.file", {}, {{"file", one.proof_file}});
        }
        proof.password = text.substr(0, end);
        proof.code = text.substr(end + 1);
        if (proof.password.ends_with('\r')) proof.password.pop_back();
        return proof;
    }
    Terminal terminal;
    if (!terminal.is_open()) return fail(ErrorKind::Invalid, "proof.no_terminal");
    proof.password = terminal.ask("Password of " + one.email + ": ");
    proof.code = terminal.ask("Code on the phone of " + one.email + ": ");
    return proof;
}

Result<ca::Person> prove(Offline& offline, const TwoAdministrators::One& one) {
    ANTIN_TRY(proof, read_proof(one));
    ANTIN_TRY(actor, app::prove_identity(offline.services(), proof));
    if (!actor.has(domain::Role::CaAdministrator)) {
        return fail(ErrorKind::Refused, "ca.not_administrator", {}, {{"email", one.email}});
    }
    return ca::Person{actor.account_id, actor.name};
}

}  // namespace

void add_administrator_options(CLI::App& command, TwoAdministrators& two) {
    const char* about = "file: password on line 1, code on line 2; else asked at the terminal";
    command.add_option("--first", two.first.email, "mail address of a CA administrator")
        ->required();
    command.add_option("--first-proof", two.first.proof_file, about);
    command.add_option("--second", two.second.email, "mail address of another one")->required();
    command.add_option("--second-proof", two.second.proof_file, about);
}

Result<std::pair<ca::Person, ca::Person>> prove(Offline& offline, const TwoAdministrators& two) {
    if (to_lower(two.first.email) == to_lower(two.second.email)) {
        return fail(ErrorKind::Refused, "ca.two_people");
    }
    ANTIN_TRY(first, prove(offline, two.first));
    ANTIN_TRY(second, prove(offline, two.second));
    return std::pair{first, second};
}

}  // namespace antin::program
