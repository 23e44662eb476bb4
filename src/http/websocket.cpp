#include "http/websocket.hpp"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "base/log.hpp"

namespace antin::http {

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using Stream = beast::websocket::stream<Tcp::socket>;
using ErrorCode = boost::system::error_code;

void limit_waiting(Tcp::socket& socket, std::chrono::seconds limit) {
    const timeval value{static_cast<time_t>(limit.count()), 0};
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &value, sizeof value);
    ::setsockopt(socket.native_handle(), SOL_SOCKET, SO_SNDTIMEO, &value, sizeof value);
}

class ThreadedServer final : public WebSocketServer {
  public:
    explicit ThreadedServer(WebSocketSettings settings)
        : settings_(std::move(settings)), acceptor_(context_) {}
    ~ThreadedServer() override { stop(std::chrono::milliseconds{0}); }
    ThreadedServer(const ThreadedServer&) = delete;
    ThreadedServer& operator=(const ThreadedServer&) = delete;

    Status start() {
        ErrorCode ec;
        const Tcp::endpoint endpoint(asio::ip::make_address(settings_.address, ec), settings_.port);
        if (!ec) acceptor_.open(endpoint.protocol(), ec);
        if (!ec) acceptor_.set_option(asio::socket_base::reuse_address(true), ec);
        if (!ec) acceptor_.bind(endpoint, ec);
        if (!ec) acceptor_.listen(16, ec);
        if (ec) {
            return fail(ErrorKind::Unavailable, "http.port_taken", ec.message(),
                        {{"port", std::to_string(settings_.port)}});
        }
        port_ = acceptor_.local_endpoint().port();
        thread_ = std::thread([this] { accept(); });
        return {};
    }
    std::uint16_t port() const override { return port_; }

    void stop(std::chrono::milliseconds grace) override {
        if (thread_.joinable()) {
            ::shutdown(acceptor_.native_handle(), SHUT_RDWR);  // wakes the blocking accept
            thread_.join();
        }
        std::unique_lock lock(shared_->mutex);
        shared_->idle.wait_for(lock, grace, [&] { return shared_->running == 0; });
    }

  private:
    /// Outlives the server: a connection may still be waiting for a device.
    struct Shared {
        std::mutex mutex;
        std::condition_variable idle;
        int running = 0;
    };

    void accept() {
        while (true) {
            ErrorCode ec;
            Tcp::socket socket(context_);
            acceptor_.accept(socket, ec);
            if (ec) return;
            {
                const std::lock_guard lock(shared_->mutex);
                if (shared_->running >= settings_.connections_max) continue;  // closes it
                ++shared_->running;
            }
            const int handle = socket.release(ec);
            std::thread([shared = shared_, settings = settings_, handle] {
                serve(settings, handle);
                // What OpenSSL keeps for this thread goes now: once `running` is down, the process
                // may end before the thread's own end would have freed it.
                OPENSSL_thread_stop();
                const std::lock_guard lock(shared->mutex);
                --shared->running;
                shared->idle.notify_all();
            }).detach();
        }
    }

    static void serve(const WebSocketSettings& settings, int handle) {
        try {
            asio::io_context context;
            converse(settings, Tcp::socket(context, Tcp::v4(), handle));
        } catch (const std::exception& e) {
            log(LogLevel::Warning, "websocket.ended", {{"detail", e.what()}});
        }
    }

    static void converse(const WebSocketSettings& settings, Tcp::socket socket) {
        limit_waiting(socket, settings.message_timeout);
        beast::flat_buffer buffer;
        beast::http::request_parser<beast::http::empty_body> parser;
        parser.header_limit(8 * 1024);
        beast::http::read_header(socket, buffer, parser);
        const auto& request = parser.get();
        const WebSocketOpening opening{std::string(request[beast::http::field::origin]),
                                       std::string(request[beast::http::field::host]),
                                       std::string(request.target())};
        const bool upgrade = beast::websocket::is_upgrade(request);
        if (!upgrade || !settings.admit(opening)) {
            beast::http::response<beast::http::string_body> no(
                upgrade ? beast::http::status::forbidden : beast::http::status::upgrade_required,
                11);
            no.set(beast::http::field::content_type, "text/plain; charset=utf-8");
            no.body() = upgrade ? "origin not allowed\n" : "WebSocket only\n";
            no.prepare_payload();
            beast::http::write(socket, no);
            return;
        }
        Stream stream(std::move(socket));
        stream.read_message_max(settings.message_bytes_max);
        stream.accept(request);
        stream.text(true);
        beast::flat_buffer question;
        stream.read(question);
        const auto answer = settings.answer(
            opening, beast::buffers_to_string(question.data()),
            [&](std::string_view text) { stream.write(asio::buffer(text.data(), text.size())); });
        stream.write(asio::buffer(answer));
        stream.close(beast::websocket::close_code::normal);
    }

    WebSocketSettings settings_;
    asio::io_context context_;
    Tcp::acceptor acceptor_;
    std::uint16_t port_ = 0;
    std::thread thread_;
    std::shared_ptr<Shared> shared_ = std::make_shared<Shared>();
};

}  // namespace

Result<std::unique_ptr<WebSocketServer>> WebSocketServer::start(WebSocketSettings settings) {
    auto server = std::make_unique<ThreadedServer>(std::move(settings));
    ANTIN_CHECK(server->start());
    return std::unique_ptr<WebSocketServer>(std::move(server));
}

Result<std::string> ask_websocket(const WebSocketQuestion& question) {
    try {
        asio::io_context context;
        Tcp::socket socket(context);
        socket.connect(Tcp::endpoint(asio::ip::make_address(question.address), question.port));
        limit_waiting(socket, question.timeout);
        Stream stream(std::move(socket));
        stream.read_message_max(256 * 1024);
        stream.set_option(
            beast::websocket::stream_base::decorator([&](beast::websocket::request_type& request) {
                if (!question.origin.empty()) {
                    request.set(beast::http::field::origin, question.origin);
                }
            }));
        const auto host = question.host.empty()
                              ? fmt::format("{}:{}", question.address, question.port)
                              : question.host;
        beast::websocket::response_type response;
        ErrorCode ec;
        stream.handshake(response, host, "/", ec);
        if (ec == beast::websocket::error::upgrade_declined) {
            return fail(ErrorKind::Forbidden, "http.websocket_refused",
                        fmt::format("status {}", response.result_int()));
        }
        if (ec) throw boost::system::system_error(ec);
        stream.text(true);
        stream.write(asio::buffer(question.text));
        std::string last;
        while (true) {
            beast::flat_buffer buffer;
            stream.read(buffer, ec);
            if (ec == beast::websocket::error::closed) break;
            if (ec) throw boost::system::system_error(ec);
            if (!last.empty() && question.progress) question.progress(last);
            last = beast::buffers_to_string(buffer.data());
        }
        if (last.empty()) {
            return fail(ErrorKind::Unavailable, "http.websocket_failed",
                        "closed without an answer");
        }
        return last;
    } catch (const std::exception& e) {
        return fail(ErrorKind::Unavailable, "http.websocket_failed", e.what());
    }
}

}  // namespace antin::http
