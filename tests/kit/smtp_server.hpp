#pragma once
#include <sys/types.h>

#include <cstdio>
#include <string>
#include <vector>

namespace antin::kit {

/// A real SMTP server (tests/kit/smtp_server.py) on a free loopback port; ends with its object.
class SmtpServer {
  public:
    /// `arguments`: as smtp_server.py says; the first is the behaviour.
    explicit SmtpServer(const std::vector<std::string>& arguments = {"accept"});
    ~SmtpServer();
    SmtpServer(const SmtpServer&) = delete;
    SmtpServer& operator=(const SmtpServer&) = delete;

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string url(const std::string& scheme = "smtp") const;
    /// Waits for the next mail and returns its JSON line.
    [[nodiscard]] std::string next_mail();

  private:
    [[nodiscard]] std::string next_line();
    pid_t pid_ = -1;
    std::FILE* output_ = nullptr;
    int port_ = 0;
};

}  // namespace antin::kit
