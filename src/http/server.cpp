// The only file that sees Boost.Beast and Asio: 15 to 25 seconds to compile, so keep the rest out.
#include "http/server.hpp"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <unistd.h>

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "http/gzip.hpp"

namespace antin::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;
using Deadline = std::chrono::steady_clock::time_point;
template <class T>
using Task = asio::awaitable<T>;

constexpr std::size_t read_bytes = 16 * 1024;
constexpr std::size_t joined_bytes_max = 32 * 1024;  // smaller answers travel with their head
constexpr std::size_t file_chunk_bytes = 64 * 1024;
/// Bodies held in memory at one time, over all connections: a flood of uploads gets 503.
constexpr std::size_t bodies_bytes_max = 192 * 1024 * 1024;
/// Requests waiting for a worker: beyond this the answer would come too late to be of use.
constexpr int waiting_max = 1000;

/// A connection's bytes, plain or TLS: one type, so that the session is compiled once.
class Stream {
  public:
    virtual ~Stream() = default;
    virtual Task<error_code> open() = 0;
    virtual Task<std::size_t> read(asio::mutable_buffer into, error_code& ec) = 0;
    virtual Task<error_code> write(asio::const_buffer bytes) = 0;
    virtual Task<void> close() = 0;
    virtual beast::tcp_stream& socket() = 0;
};

class PlainStream final : public Stream {
  public:
    explicit PlainStream(tcp::socket socket) : stream_(std::move(socket)) {}
    Task<error_code> open() override { co_return error_code{}; }
    Task<std::size_t> read(asio::mutable_buffer into, error_code& ec) override {
        co_return co_await stream_.async_read_some(into,
                                                   asio::redirect_error(asio::use_awaitable, ec));
    }
    Task<error_code> write(asio::const_buffer bytes) override {
        error_code ec;
        co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, ec));
        co_return ec;
    }
    Task<void> close() override {
        error_code ec;
        stream_.socket().shutdown(tcp::socket::shutdown_send, ec);
        co_return;
    }
    beast::tcp_stream& socket() override { return stream_; }

  private:
    beast::tcp_stream stream_;
};

class TlsStream final : public Stream {
  public:
    TlsStream(tcp::socket socket, asio::ssl::context& context)
        : stream_(std::move(socket), context) {}
    Task<error_code> open() override {
        error_code ec;
        co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                         asio::redirect_error(asio::use_awaitable, ec));
        co_return ec;
    }
    Task<std::size_t> read(asio::mutable_buffer into, error_code& ec) override {
        co_return co_await stream_.async_read_some(into,
                                                   asio::redirect_error(asio::use_awaitable, ec));
    }
    Task<error_code> write(asio::const_buffer bytes) override {
        error_code ec;
        co_await asio::async_write(stream_, bytes, asio::redirect_error(asio::use_awaitable, ec));
        co_return ec;
    }
    Task<void> close() override {
        error_code ec;
        socket().expires_after(std::chrono::seconds{2});
        co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, ec));
    }
    beast::tcp_stream& socket() override { return stream_.next_layer(); }

  private:
    asio::ssl::stream<beast::tcp_stream> stream_;
};

std::string http_date() {
    const std::time_t now = std::chrono::system_clock::to_time_t(SystemClock{}.now());
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[40];
    const auto size = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text, size};
}

std::string_view reason(int status) {
    return bhttp::obsolete_reason(static_cast<bhttp::status>(status));
}

void compress(Response& response, const Request& request) {
    constexpr std::size_t smallest = 1024;  // below this gzip saves no packet
    if (response.shared_body || !response.file_path.empty() || response.body.size() < smallest) {
        return;
    }
    std::string_view type;
    for (const auto& [name, value] : response.headers) {
        if (name == "Content-Type") type = value;
        if (name == "Content-Encoding" || name == "Content-Range") return;
    }
    if (!is_compressible(type)) return;
    response.set("Vary", "Accept-Encoding");
    if (!accepts_gzip(request.header("accept-encoding"))) return;
    response.body = gzip(response.body, 4);
    response.set("Content-Encoding", "gzip");
}

/// Names in lower case, the path decoded. Empty when the address is not one we can read.
std::optional<Request> to_request(bhttp::request_parser<bhttp::string_body>& parser) {
    auto& message = parser.get();
    Request request;
    request.method = std::string{message.method_string()};
    request.target = std::string{message.target()};
    const std::string_view target = request.target;
    auto path = url_decode(target.substr(0, target.find_first_of("?#")), false);
    // An address that is no text could not be written down when somebody is refused there.
    if (!path || !path->starts_with('/') || path->find('\0') != std::string::npos ||
        !is_valid_utf8(*path)) {
        return std::nullopt;
    }
    request.path = std::move(*path);
    for (const auto& field : message) {
        std::string name{field.name_string()};
        for (char& c : name) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        }
        request.headers.emplace_back(std::move(name), std::string{field.value()});
    }
    request.body = std::move(message.body());
    return request;
}

/// An open file, closed at the end of the answer.
struct File {
    int descriptor = -1;
    std::uint64_t size = 0;
    explicit File(const std::string& path)
        : descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (descriptor >= 0) size = static_cast<std::uint64_t>(::lseek(descriptor, 0, SEEK_END));
    }
    ~File() {
        if (descriptor >= 0) ::close(descriptor);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
};

class BeastServer final : public Server {
  public:
    BeastServer(const ServerSettings& settings, std::function<Response(Request&)> handler)
        : settings_(settings),
          handler_(std::move(handler)),
          acceptor_(io_),
          workers_(static_cast<std::size_t>(std::max(1, settings.worker_threads))) {}

    ~BeastServer() override { stop(std::chrono::milliseconds{0}); }

    Status open();
    [[nodiscard]] std::uint16_t port() const override { return port_; }
    void stop(std::chrono::milliseconds grace) override;

  private:
    /// One connection, as stop() sees it.
    struct Connection {
        std::unique_ptr<Stream> stream;
        bool idle = true;  // no request begun: may be closed at once
        /// Since when we have been waiting for a whole request; nothing while one is answered.
        std::optional<Deadline> waiting_since = std::chrono::steady_clock::now();
        bool given_up = false;      // closed to make room for somebody else
        std::size_t body_held = 0;  // its share of bodies_held_
    };
    using Place = std::list<Connection>::iterator;
    enum class Reading { Complete, Closed, Bad, HeaderTooLarge, BodyTooLarge, Busy };

    Status use_tls();
    Task<void> accept_all();
    Task<void> serve(Place connection, std::string remote);
    Task<void> answer_requests(Connection& connection, const std::string& remote);
    Task<Reading> read_request(Connection& connection, beast::flat_buffer& buffer,
                               bhttp::request_parser<bhttp::string_body>& parser);
    Reading after_header(Connection& connection, bhttp::request_parser<bhttp::string_body>& parser);
    void make_room();
    Task<Response> answer(Request& request);
    Response run_handler(Request& request) const;
    Task<bool> write(Stream& stream, const Response& response, bool head_only, bool keep_alive);
    Task<bool> write_file(Stream& stream, std::string head, const File& file);
    void extend(Stream& stream) { stream.socket().expires_after(settings_.request_timeout); }

    ServerSettings settings_;
    std::function<Response(Request&)> handler_;
    asio::io_context io_{1};
    std::optional<asio::ssl::context> tls_;
    tcp::acceptor acceptor_;
    asio::thread_pool workers_;
    std::thread thread_;
    std::uint16_t port_ = 0;

    // Touched on the I/O thread only.
    std::list<Connection> connections_;
    std::size_t bodies_held_ = 0;
    int waiting_ = 0;
    bool stopping_ = false;

    std::mutex mutex_;  // guards open_count_ for stop(), which waits on another thread
    std::condition_variable changed_;
    std::size_t open_count_ = 0;
};

Status BeastServer::use_tls() {
    try {
        tls_.emplace(asio::ssl::context::tls_server);
        SSL_CTX* raw = tls_->native_handle();
        SSL_CTX_set_min_proto_version(raw, TLS1_2_VERSION);
        SSL_CTX_set_options(
            raw, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_CIPHER_SERVER_PREFERENCE);
        SSL_CTX_set_cipher_list(raw, "ECDHE+AESGCM:ECDHE+CHACHA20");
        SSL_CTX_set_mode(raw, SSL_MODE_RELEASE_BUFFERS);  // 34 KB less for each idle connection
        SSL_CTX_set_alpn_select_cb(
            raw,
            [](SSL*, const unsigned char** out, unsigned char* size, const unsigned char* offered,
               unsigned int offered_size, void*) {
                static constexpr unsigned char ours[] = "\x08http/1.1";
                auto* chosen = const_cast<unsigned char*>(*out);
                const int found = SSL_select_next_proto(&chosen, size, ours, sizeof ours - 1,
                                                        offered, offered_size);
                *out = chosen;
                return found == OPENSSL_NPN_NEGOTIATED ? SSL_TLSEXT_ERR_OK : SSL_TLSEXT_ERR_NOACK;
            },
            nullptr);
        tls_->use_certificate_chain_file(settings_.certificate_file);
        tls_->use_private_key_file(settings_.key_file, asio::ssl::context::pem);
    } catch (const std::exception& failure) {
        return fail(ErrorKind::Unavailable, "http.tls_files", failure.what(),
                    {{"file", settings_.certificate_file}});
    }
    return {};
}

Status BeastServer::open() {
    if (!settings_.certificate_file.empty()) ANTIN_CHECK(use_tls());
    error_code ec;
    const auto address = asio::ip::make_address(settings_.address, ec);
    if (ec) {
        return fail(ErrorKind::Invalid, "http.address", ec.message(),
                    {{"address", settings_.address}});
    }
    const tcp::endpoint endpoint{address, settings_.port};
    acceptor_.open(endpoint.protocol(), ec);
    if (!ec) acceptor_.set_option(tcp::acceptor::reuse_address(true), ec);
    if (!ec) acceptor_.bind(endpoint, ec);
    if (!ec) acceptor_.listen(asio::socket_base::max_listen_connections, ec);
    if (ec) {
        return fail(ErrorKind::Unavailable, "http.port_taken", ec.message(),
                    {{"address", settings_.address}, {"port", std::to_string(settings_.port)}});
    }
    port_ = acceptor_.local_endpoint().port();
    asio::co_spawn(io_, accept_all(), asio::detached);
    thread_ = std::thread{[this] { io_.run(); }};
    return {};
}

void BeastServer::stop(std::chrono::milliseconds grace) {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] {
        stopping_ = true;
        error_code ec;
        acceptor_.close(ec);
        for (auto& connection : connections_) {
            if (connection.idle) connection.stream->socket().cancel();
        }
    });
    {
        std::unique_lock lock{mutex_};
        changed_.wait_for(lock, grace, [this] { return open_count_ == 0; });
    }
    workers_.join();  // running handlers end: what they acknowledge is done
    io_.stop();
    thread_.join();
}

Task<void> BeastServer::accept_all() {
    while (acceptor_.is_open()) {
        error_code ec;
        tcp::socket socket{io_};
        co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, ec));
        if (ec == asio::error::operation_aborted) co_return;
        if (ec) {  // out of descriptors: a pause, else this loop would eat a core
            asio::steady_timer pause{io_, std::chrono::milliseconds{50}};
            co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, ec));
            continue;
        }
        if (connections_.size() >= settings_.connections_max) make_room();
        // One more for each place that is being made; beyond that: closed by its destructor.
        if (connections_.size() >= 2 * settings_.connections_max) continue;
        const auto endpoint = socket.remote_endpoint(ec);
        if (ec) continue;
        socket.set_option(tcp::no_delay(true), ec);
        auto& connection = connections_.emplace_back();
        if (tls_)
            connection.stream = std::make_unique<TlsStream>(std::move(socket), *tls_);
        else
            connection.stream = std::make_unique<PlainStream>(std::move(socket));
        {
            const std::lock_guard lock{mutex_};
            ++open_count_;
        }
        asio::co_spawn(io_, serve(std::prev(connections_.end()), endpoint.address().to_string()),
                       asio::detached);
    }
}

/// Full: whoever has kept us waiting for a request for the longest time gives way. Connections that
/// send nothing, or a letter now and then, cannot lock anybody out.
void BeastServer::make_room() {
    Connection* longest = nullptr;
    for (Connection& connection : connections_) {
        if (!connection.waiting_since || connection.given_up) continue;
        if (longest == nullptr || connection.waiting_since < longest->waiting_since) {
            longest = &connection;
        }
    }
    if (longest == nullptr) return;
    longest->given_up = true;
    longest->stream->socket().close();
}

Task<void> BeastServer::serve(Place connection, std::string remote) {
    try {
        connection->stream->socket().expires_after(std::chrono::seconds{20});
        if (!co_await connection->stream->open()) {
            co_await answer_requests(*connection, remote);
            if (!connection->given_up) co_await connection->stream->close();
        }
    } catch (const std::exception& failure) {
        log(LogLevel::Error, "http.connection_failed", {{"what", failure.what()}});
    }
    bodies_held_ -= connection->body_held;
    connections_.erase(connection);
    {
        const std::lock_guard lock{mutex_};
        --open_count_;
    }
    changed_.notify_all();
}

Task<void> BeastServer::answer_requests(Connection& connection, const std::string& remote) {
    beast::flat_buffer buffer;
    Stream& stream = *connection.stream;
    while (!stopping_) {
        bhttp::request_parser<bhttp::string_body> parser;
        parser.header_limit(static_cast<std::uint32_t>(settings_.header_bytes_max));
        parser.body_limit(settings_.body_bytes_max);
        parser.eager(true);
        connection.idle = true;
        connection.waiting_since = std::chrono::steady_clock::now();
        const Reading reading = co_await read_request(connection, buffer, parser);
        if (reading == Reading::Closed || connection.given_up) co_return;
        connection.idle = false;
        connection.waiting_since.reset();
        extend(stream);
        std::optional<Request> request;
        if (reading == Reading::Complete) request = to_request(parser);
        if (!request) {
            const int status = reading == Reading::HeaderTooLarge ? 431
                               : reading == Reading::BodyTooLarge ? 413
                               : reading == Reading::Busy         ? 503
                                                                  : 400;
            Response refusal = plain_text(status, std::to_string(status) + "\n");
            co_await write(stream, refusal, false, false);
            co_return;
        }
        request->remote_address = remote;
        request->tls = tls_.has_value();
        const bool keep_alive = parser.get().keep_alive();
        const bool head_only = request->method == "HEAD";
        const Response response = co_await answer(*request);
        bodies_held_ -= connection.body_held;
        connection.body_held = 0;
        extend(stream);
        const bool go_on = keep_alive && !stopping_;
        if (!co_await write(stream, response, head_only, go_on) || !go_on) co_return;
    }
}

BeastServer::Reading BeastServer::after_header(Connection& connection,
                                               bhttp::request_parser<bhttp::string_body>& parser) {
    const auto length = parser.content_length();
    const std::size_t share = length             ? static_cast<std::size_t>(*length)
                              : parser.chunked() ? settings_.body_bytes_max
                                                 : 0;
    if (share > settings_.body_bytes_max) return Reading::BodyTooLarge;
    if (bodies_held_ + share > bodies_bytes_max) return Reading::Busy;
    bodies_held_ += share;
    connection.body_held = share;
    return Reading::Complete;
}

Task<BeastServer::Reading> BeastServer::read_request(
    Connection& connection, beast::flat_buffer& buffer,
    bhttp::request_parser<bhttp::string_body>& parser) {
    Stream& stream = *connection.stream;
    std::optional<Deadline> deadline;  // for the whole request, from its first byte on
    bool header_seen = false;
    while (true) {
        if (buffer.size() > 0) {
            error_code ec;
            const auto used = parser.put(buffer.data(), ec);
            buffer.consume(used);
            if (ec == bhttp::error::header_limit) co_return Reading::HeaderTooLarge;
            if (ec == bhttp::error::body_limit) co_return Reading::BodyTooLarge;
            if (ec && ec != bhttp::error::need_more) co_return Reading::Bad;
            if (parser.is_header_done() && !header_seen) {
                header_seen = true;
                const Reading checked = after_header(connection, parser);
                if (checked != Reading::Complete) co_return checked;
                if (!parser.is_done() && parser.get()[bhttp::field::expect] == "100-continue") {
                    static constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
                    if (co_await stream.write(asio::buffer(go_on))) {
                        co_return Reading::Closed;
                    }
                }
            }
            if (parser.is_done()) co_return Reading::Complete;
            if (!deadline) {
                deadline = std::chrono::steady_clock::now() + settings_.request_timeout;
                connection.idle = false;
            }
        }
        const auto idle_until = std::chrono::steady_clock::now() + settings_.idle_timeout;
        stream.socket().expires_at(deadline ? std::min(*deadline, idle_until) : idle_until);
        error_code ec;
        const auto got = co_await stream.read(buffer.prepare(read_bytes), ec);
        if (ec) co_return Reading::Closed;
        buffer.commit(got);
    }
}

Response BeastServer::run_handler(Request& request) const {
    Response response;
    try {
        response = handler_(request);
        if (settings_.compress) compress(response, request);
    } catch (const std::exception& failure) {
        log(LogLevel::Error, "http.handler_failed", {{"what", failure.what()}});
        response = plain_text(500, "500\n");
    }
    return response;
}

Task<Response> BeastServer::answer(Request& request) {
    if (settings_.quick) {
        if (auto quick = settings_.quick(request)) co_return std::move(*quick);
    }
    if (waiting_ >= waiting_max) {
        Response busy = plain_text(503, "503\n");
        busy.set("Retry-After", "5");
        co_return busy;
    }
    ++waiting_;
    auto work = [](const BeastServer& server, Request& asked) -> Task<Response> {
        co_return server.run_handler(asked);
    };
    Response response =
        co_await asio::co_spawn(workers_.get_executor(), work(*this, request), asio::use_awaitable);
    --waiting_;
    co_return response;
}

Task<bool> BeastServer::write(Stream& stream, const Response& response, bool head_only,
                              bool keep_alive) {
    std::optional<File> file;
    const std::string& body = response.shared_body ? *response.shared_body : response.body;
    std::uint64_t size = body.size();
    int status = response.status;
    if (!response.file_path.empty()) {
        file.emplace(response.file_path);
        if (file->descriptor < 0) {
            log(LogLevel::Error, "http.file_missing");
            status = 500;
        }
        size = file->size;
    }
    std::string head = "HTTP/1.1 " + std::to_string(status) + " ";
    head += reason(status);
    head += "\r\nDate: " + http_date() + "\r\n";
    for (const auto& [name, value] : response.headers) {
        head += name + ": ";
        // A line break inside a value would let its author write headers of their own.
        for (const char c : value) head += c == '\r' || c == '\n' || c == '\0' ? ' ' : c;
        head += "\r\n";
    }
    const bool bodiless = status == 204 || status == 304;
    if (!bodiless) head += "Content-Length: " + std::to_string(size) + "\r\n";
    if (!keep_alive) head += "Connection: close\r\n";
    head += "\r\n";
    if (head_only || bodiless) {
        co_return !co_await stream.write(asio::buffer(head));
    }
    if (file) co_return co_await write_file(stream, std::move(head), *file);
    if (body.size() <= joined_bytes_max) {  // one TLS record, one packet where it fits
        head += body;
        co_return !co_await stream.write(asio::buffer(head));
    }
    if (co_await stream.write(asio::buffer(head))) co_return false;
    co_return !co_await stream.write(asio::buffer(body));
}

Task<bool> BeastServer::write_file(Stream& stream, std::string head, const File& file) {
    if (co_await stream.write(asio::buffer(head))) co_return false;
    std::string chunk;
    auto read_chunk = [](const File& from, std::uint64_t at, std::string& into) -> Task<void> {
        into.resize(file_chunk_bytes);
        const auto got = ::pread(from.descriptor, into.data(), into.size(), static_cast<off_t>(at));
        into.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
        co_return;
    };
    for (std::uint64_t at = 0; at < file.size; at += chunk.size()) {
        // The disk may be slow: never on the I/O thread.
        co_await asio::co_spawn(workers_.get_executor(), read_chunk(file, at, chunk),
                                asio::use_awaitable);
        if (chunk.empty()) co_return false;  // shorter than promised: the client must see a break
        extend(stream);
        if (co_await stream.write(asio::buffer(chunk))) co_return false;
    }
    co_return true;
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerSettings& settings,
                                              std::function<Response(Request&)> handler) {
    auto server = std::make_unique<BeastServer>(settings, std::move(handler));
    ANTIN_CHECK(server->open());
    return std::unique_ptr<Server>{std::move(server)};
}

}  // namespace antin::http
