#include "kit/smtp_server.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <stdexcept>

#include "kit/paths.hpp"

namespace antin::kit {

SmtpServer::SmtpServer(const std::vector<std::string>& arguments) {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
    const std::string script = ANTIN_SOURCE_DIR "/tests/kit/smtp_server.py";
    std::vector<char*> argv{const_cast<char*>("/usr/bin/python3"),
                            const_cast<char*>(script.c_str())};
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        ::dup2(fds[1], 1);
        ::unsetenv("LD_PRELOAD");
        // Debian's own python has the package python3-aiosmtpd.
        ::execv("/usr/bin/python3", argv.data());
        ::_exit(127);
    }
    ::close(fds[1]);
    output_ = ::fdopen(fds[0], "r");
    const auto line = next_line();
    const auto at = line.find("\"port\": ");
    if (at == std::string::npos) throw std::runtime_error{"the SMTP server did not start: " + line};
    port_ = std::atoi(line.c_str() + at + 8);
}

SmtpServer::~SmtpServer() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    std::fclose(output_);
}

std::string SmtpServer::url(const std::string& scheme) const {
    return scheme + "://127.0.0.1:" + std::to_string(port_);
}

std::string SmtpServer::next_mail() {
    return next_line();
}

std::string SmtpServer::next_line() {
    std::string line;
    for (int c = 0; (c = std::fgetc(output_)) != EOF && c != '\n';) line += static_cast<char>(c);
    return line;
}

}  // namespace antin::kit
