#include "http/client.hpp"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <stdexcept>

#include "base/random.hpp"

namespace antin::http {
namespace {

/// Inside this file only: turned into an Error by the public calls.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

std::string lower(std::string_view text) {
    std::string out{text};
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string encode_form(const Fields& form) {
    std::string body;
    for (const auto& [name, value] : form.items) {
        if (!body.empty()) body += '&';
        body += url_encode(name) + "=" + url_encode(value);
    }
    return body;
}

/// OpenSSL writes with write(): to a server that is gone that is a SIGPIPE, which would end the
/// program. Kept away from this thread for so long, and taken back if it came.
class WithoutPipeSignal {
  public:
    WithoutPipeSignal() {
        sigemptyset(&pipe_);
        sigaddset(&pipe_, SIGPIPE);
        sigset_t pending;
        sigpending(&pending);
        was_pending_ = sigismember(&pending, SIGPIPE) == 1;
        pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
    }
    ~WithoutPipeSignal() {
        const timespec at_once{};
        if (!was_pending_) sigtimedwait(&pipe_, nullptr, &at_once);
        pthread_sigmask(SIG_SETMASK, &before_, nullptr);
    }
    WithoutPipeSignal(const WithoutPipeSignal&) = delete;
    WithoutPipeSignal& operator=(const WithoutPipeSignal&) = delete;

  private:
    sigset_t pipe_{}, before_{};
    bool was_pending_ = false;
};

}  // namespace

std::string Answer::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (key == name) return value;
    }
    return {};
}

struct Client::Connection {
    int socket = -1;
    SSL_CTX* context = nullptr;
    SSL* ssl = nullptr;
    std::string pending;  // read, not yet used

    Connection() = default;
    /// By way of the other one, so that the destructor runs for a connection that opens by half.
    explicit Connection(const ClientSettings& settings) : Connection() {
        open_socket(settings);
        if (settings.tls) open_tls(settings);
    }
    ~Connection() {
        if (ssl != nullptr) {
            const WithoutPipeSignal guard;
            SSL_shutdown(ssl);
            SSL_free(ssl);
        }
        SSL_CTX_free(context);
        if (socket >= 0) ::close(socket);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void open_socket(const ClientSettings& settings) {
        addrinfo hints{};
        hints.ai_socktype = SOCK_STREAM;
        addrinfo* found = nullptr;
        const auto port = std::to_string(settings.port);
        if (::getaddrinfo(settings.address.c_str(), port.c_str(), &hints, &found) != 0) {
            throw Broken{"no such address"};
        }
        for (const auto* one = found; one != nullptr && socket < 0; one = one->ai_next) {
            socket = ::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC, one->ai_protocol);
            if (socket >= 0 && ::connect(socket, one->ai_addr, one->ai_addrlen) != 0) {
                ::close(socket);
                socket = -1;
            }
        }
        ::freeaddrinfo(found);
        if (socket < 0) throw Broken{"connection refused"};
        timeval limit{};
        limit.tv_sec = settings.timeout.count();
        ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        const int yes = 1;
        ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    }

    void open_tls(const ClientSettings& settings) {
        context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
        if (!settings.trusted_certificate_file.empty()) {
            SSL_CTX_load_verify_locations(context, settings.trusted_certificate_file.c_str(),
                                          nullptr);
            SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
        }
        ssl = SSL_new(context);
        SSL_set_fd(ssl, socket);
        const auto& host = settings.host.empty() ? settings.address : settings.host;
        SSL_set_tlsext_host_name(ssl, host.c_str());
        const WithoutPipeSignal guard;
        if (SSL_connect(ssl) != 1) {
            ERR_clear_error();
            throw Broken{"TLS handshake failed"};
        }
    }

    void write(std::string_view bytes) {
        const WithoutPipeSignal guard;
        while (!bytes.empty()) {
            const auto done =
                ssl != nullptr
                    ? SSL_write(ssl, bytes.data(),
                                static_cast<int>(std::min<std::size_t>(bytes.size(), 1 << 20)))
                    : static_cast<int>(::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL));
            if (done <= 0) {
                ERR_clear_error();
                throw Broken{"the server broke off"};
            }
            bytes.remove_prefix(static_cast<std::size_t>(done));
        }
    }

    /// False at the end.
    bool read_more() {
        char chunk[16 * 1024];
        const WithoutPipeSignal guard;  // TLS may have to answer while it reads
        const auto got = ssl != nullptr ? SSL_read(ssl, chunk, sizeof chunk)
                                        : static_cast<int>(::recv(socket, chunk, sizeof chunk, 0));
        if (got <= 0) {
            ERR_clear_error();
            return false;
        }
        pending.append(chunk, static_cast<std::size_t>(got));
        return true;
    }

    std::string take(std::size_t size) {
        while (pending.size() < size) {
            if (!read_more()) throw Broken{"the answer was cut off"};
        }
        std::string out = pending.substr(0, size);
        pending.erase(0, size);
        return out;
    }

    std::string take_line() {
        std::size_t end;
        while ((end = pending.find("\r\n")) == std::string::npos) {
            if (!read_more()) throw Broken{"the answer was cut off"};
        }
        std::string line = pending.substr(0, end);
        pending.erase(0, end + 2);
        return line;
    }

    Answer read_head() {
        Answer answer;
        const auto status_line = take_line();
        if (status_line.size() < 12) throw Broken{"not an HTTP answer"};
        std::from_chars(status_line.data() + 9, status_line.data() + 12, answer.status);
        for (auto line = take_line(); !line.empty(); line = take_line()) {
            const auto colon = line.find(':');
            if (colon == std::string::npos) continue;
            auto value = line.substr(colon + 1);
            value.erase(0, value.find_first_not_of(' '));
            answer.headers.emplace_back(lower(line.substr(0, colon)), std::move(value));
        }
        return answer;
    }

    void read_body(Answer& answer) {
        if (answer.header("transfer-encoding") == "chunked") {
            while (true) {
                const auto line = take_line();
                std::size_t size = 0;
                std::from_chars(line.data(), line.data() + line.size(), size, 16);
                answer.body += take(size);
                take_line();
                if (size == 0) return;
            }
        }
        const auto length = answer.header("content-length");
        std::size_t size = 0;
        std::from_chars(length.data(), length.data() + length.size(), size);
        answer.body = take(size);
    }
};

Client::Client(ClientSettings settings) : settings_(std::move(settings)) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;

Result<Answer> Client::get(std::string_view target, const Headers& headers) {
    return send("GET", target, {}, headers);
}

Result<Answer> Client::post_form(std::string_view target, const Fields& form,
                                 const Headers& headers) {
    auto all = headers;
    all.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return send("POST", target, encode_form(form), all);
}

Result<Answer> Client::post_multipart(std::string_view target, const Fields& form,
                                      const std::vector<Upload>& files, const Headers& headers) {
    const std::string boundary = "antin" + random_token(12);
    std::string body;
    const auto begin = [&](std::string_view name) {
        body += "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" +
                std::string{name} + "\"";
    };
    for (const auto& [name, value] : form.items) {
        begin(name);
        body += "\r\n\r\n" + value + "\r\n";
    }
    for (const auto& file : files) {
        begin(file.field);
        body += "; filename=\"" + file.file_name + "\"\r\nContent-Type: " + file.media_type +
                "\r\n\r\n" + file.content + "\r\n";
    }
    body += "--" + boundary + "--\r\n";
    auto all = headers;
    all.emplace_back("Content-Type", "multipart/form-data; boundary=" + boundary);
    return send("POST", target, body, all);
}

Result<Answer> Client::send(std::string_view method, std::string_view target, std::string_view body,
                            const Headers& headers) {
    const auto& host = settings_.host.empty() ? settings_.address : settings_.host;
    std::string request{method};
    request += " " + std::string{target} + " HTTP/1.1\r\nHost: " + host + ":" +
               std::to_string(settings_.port) + "\r\n";
    if (!cookies.empty()) {
        request += "Cookie: ";
        bool first = true;
        for (const auto& [name, value] : cookies) {
            request += (first ? "" : "; ") + name + "=" + value;
            first = false;
        }
        request += "\r\n";
    }
    for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
    if (!body.empty() || method != "GET") {
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    request += "\r\n";
    request += body;
    auto answer = exchange(request, method == "HEAD");
    if (answer) keep_cookies(*answer);
    return answer;
}

Result<Answer> Client::exchange(const std::string& request, bool head_only) {
    // A kept connection may have been closed by the server meanwhile: then once more, on a new one.
    for (int attempt = 0;; ++attempt) {
        const bool fresh = !connection_;
        bool begun = false;
        try {
            if (fresh) connection_ = std::make_unique<Connection>(settings_);
            connection_->write(request);
            if (connection_->pending.empty() && !connection_->read_more()) {
                throw Broken{"the server closed the connection"};
            }
            begun = true;
            Answer answer = connection_->read_head();
            while (answer.status == 100) answer = connection_->read_head();
            if (!head_only && answer.status != 204 && answer.status != 304) {
                connection_->read_body(answer);
            }
            if (lower(answer.header("connection")) == "close") connection_.reset();
            return answer;
        } catch (const Broken& broken) {
            connection_.reset();
            if (fresh || begun || attempt > 0) {
                return fail(ErrorKind::Unavailable, "http.client_failed", broken.what());
            }
        }
    }
}

Result<std::string> Client::send_raw(std::string_view bytes) {
    try {
        Connection connection{settings_};
        connection.write(bytes);
        while (connection.read_more()) {
        }
        return std::move(connection.pending);
    } catch (const Broken& broken) {
        return fail(ErrorKind::Unavailable, "http.client_failed", broken.what());
    }
}

void Client::keep_cookies(const Answer& answer) {
    for (const auto& [name, value] : answer.headers) {
        if (name != "set-cookie") continue;
        const auto pair = value.substr(0, value.find(';'));
        const auto equals = pair.find('=');
        if (equals == std::string::npos) continue;
        const auto key = pair.substr(0, equals);
        if (lower(value).find("max-age=0") != std::string::npos)
            cookies.erase(key);
        else
            cookies[key] = pair.substr(equals + 1);
    }
}

}  // namespace antin::http
