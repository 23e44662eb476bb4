#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"
#include "http/message.hpp"

namespace antin::http {

struct ServerSettings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;                  // 0: any free one, read it back from Server::port()
    std::string certificate_file, key_file;  // PEM; both empty: plain HTTP
    int worker_threads = 4;                  // handlers run here, never on the I/O thread
    /// Answers that need no worker (cached OCSP): asked first, on the I/O thread; nullptr or an
    /// empty optional hands the request to a worker.
    std::function<std::optional<Response>(const Request&)> quick;
    std::size_t header_bytes_max = 16 * 1024;
    std::size_t body_bytes_max = 12 * 1024 * 1024;
    std::size_t connections_max = 2000;
    std::chrono::seconds idle_timeout{60};
    std::chrono::seconds request_timeout{120};
    bool compress = true;
};

/// HTTP/1.1 with keep-alive on one I/O thread and a pool of workers. TLS 1.2+.
class Server {
  public:
    virtual ~Server() = default;
    [[nodiscard]] static Result<std::unique_ptr<Server>> start(
        const ServerSettings& settings, std::function<Response(Request&)> handler);
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// Stops accepting, lets running requests end (at most `grace`), then closes.
    virtual void stop(std::chrono::milliseconds grace) = 0;
};

}  // namespace antin::http
