#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace antin::http {

/// What a stranger said when opening a WebSocket. All of it is claimed by the browser; the Origin
/// of a page cannot be forged by the page itself.
struct WebSocketOpening {
    std::string origin;  // "https://portal.example", "" when none was sent
    std::string host;    // "127.0.0.1:8765"
    std::string target;
};

struct WebSocketSettings {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;  // 0: any free one
    std::size_t message_bytes_max = 64 * 1024;
    int connections_max = 8;
    std::chrono::seconds message_timeout{15};  // from opening to the one question
    /// Answers whether a page of this origin may come in at all; otherwise HTTP 403.
    std::function<bool(const WebSocketOpening&)> admit;
    /// One text message in, one text message out, then the connection ends. `progress` sends a
    /// message before that. Runs on a thread of the connection.
    using Progress = std::function<void(std::string_view)>;
    std::function<std::string(const WebSocketOpening&, std::string question, const Progress&)>
        answer;
};

/// A small WebSocket server (RFC 6455) for one question and one answer a connection, each on a
/// thread of its own: for the agent on a desk, not for the open network.
class WebSocketServer {
  public:
    virtual ~WebSocketServer() = default;
    /// Errors: Unavailable "http.port_taken".
    [[nodiscard]] static Result<std::unique_ptr<WebSocketServer>> start(WebSocketSettings settings);
    [[nodiscard]] virtual std::uint16_t port() const = 0;
    /// Stops accepting and waits up to `grace` for running answers.
    virtual void stop(std::chrono::milliseconds grace) = 0;
};

struct WebSocketQuestion {
    std::string address = "127.0.0.1";
    std::uint16_t port = 0;
    std::string host;    // empty: address:port
    std::string origin;  // of the page that a browser would name
    std::string text;
    std::chrono::seconds timeout{200};
    std::function<void(std::string_view)> progress;  // may be empty
};
/// Opens, asks, reads until the other side closes; the last message is the answer.
/// Errors: Unavailable "http.websocket_failed"; Forbidden "http.websocket_refused".
[[nodiscard]] Result<std::string> ask_websocket(const WebSocketQuestion& question);

}  // namespace antin::http
