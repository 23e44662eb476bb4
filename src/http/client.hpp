#pragma once
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace antin::http {

struct ClientSettings {
    std::string address = "127.0.0.1";  // an IP address or a name of this machine's resolver
    std::uint16_t port = 0;
    bool tls = false;
    /// PEM of the certificate to trust; empty: the server's certificate is NOT checked, which is
    /// right only for loopback (tests, `antin demo` against its own machine).
    std::string trusted_certificate_file;
    std::string host;  // for the Host header and SNI; empty: `address`
    std::chrono::seconds timeout{60};
};

/// What came back; header names in lower case.
struct Answer {
    int status = 0;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    [[nodiscard]] std::string header(std::string_view name) const;
};

/// A small blocking HTTP/1.1 client with keep-alive and a cookie jar, for tests, the demo and the
/// bench: one user's browser without a screen. Not for strangers' servers. One thread at a time.
/// Errors: Unavailable "http.client_failed" when the server cannot be reached or breaks off.
class Client {
  public:
    explicit Client(ClientSettings settings);
    ~Client();
    Client(Client&&) noexcept;
    Client& operator=(Client&&) noexcept;

    using Headers = std::vector<std::pair<std::string, std::string>>;
    Result<Answer> get(std::string_view target, const Headers& headers = {});
    Result<Answer> post_form(std::string_view target, const Fields& form,
                             const Headers& headers = {});
    Result<Answer> post_multipart(std::string_view target, const Fields& form,
                                  const std::vector<Upload>& files, const Headers& headers = {});
    Result<Answer> send(std::string_view method, std::string_view target, std::string_view body,
                        const Headers& headers = {});
    /// Bytes as they are, for tests of malformed requests; reads until the server closes.
    Result<std::string> send_raw(std::string_view bytes);

    std::map<std::string, std::string> cookies;

  private:
    struct Connection;
    Result<Answer> exchange(const std::string& request, bool head_only);
    void keep_cookies(const Answer& answer);
    ClientSettings settings_;
    std::unique_ptr<Connection> connection_;
};

}  // namespace antin::http
