#include "http/server.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <latch>
#include <list>
#include <thread>

#include "http/client.hpp"
#include "http/gzip.hpp"

namespace antin::http {
namespace {

struct Folder {
    std::filesystem::path path;
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "antin-http-XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

std::unique_ptr<Server> serve(std::function<Response(Request&)> handler,
                              ServerSettings settings = {}) {
    auto server = Server::start(settings, std::move(handler));
    EXPECT_TRUE(server);
    return std::move(*server);
}

Client client_of(const Server& server, bool tls = false) {
    return Client{{.port = server.port(), .tls = tls, .timeout = std::chrono::seconds{20}}};
}

Response echo(Request& request) {
    return plain_text(200, request.method + " " + request.path + " " + request.body);
}

TEST(Server, AnswersOnOneConnectionManyTimes) {
    const auto server = serve(echo);
    auto client = client_of(*server);
    for (int i = 0; i < 5; ++i) {
        const auto answer = client.get("/h%E1%BB%93-s%C6%A1?a=1");
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 200);
        EXPECT_EQ(answer->body, "GET /hồ-sơ ");
    }
    EXPECT_EQ(client.post_form("/x", {{{"ten", "An & Bình"}}})->body,
              "POST /x ten=An%20%26%20B%C3%ACnh");
}

TEST(Server, HeadHasTheLengthButNoBody) {
    const auto server = serve(echo);
    auto client = client_of(*server);
    const auto answer = client.send("HEAD", "/abc", "");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->header("content-length"), "10");
    EXPECT_EQ(client.get("/abc")->body, "GET /abc ");
}

TEST(Server, MalformedRequestsAreRefusedAndTheNextUserNoticesNothing) {
    const auto server = serve(echo);
    auto client = client_of(*server);
    const std::vector<std::pair<std::string, std::string>> bad = {
        {"nonsense\r\n\r\n", "400"},
        {std::string("\0\1\2\3\r\n\r\n", 8), "400"},
        {"GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"GET /a%ff%fe HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"GET http://other/ HTTP/1.1\r\nHost: a\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "400"},
        {"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", "400"},
        {"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
         "400"},
        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"},
        {"GET / HTTP/1.1\r\nA B: c\r\n\r\n", "400"},
        {"GET / HTTP/1.1\r\nX: " + std::string(40'000, 'a') + "\r\n\r\n", "431"},
        {"POST / HTTP/1.1\r\nContent-Length: 99999999999\r\n\r\n", "413"},
    };
    for (const auto& [bytes, status] : bad) {
        const auto answer = client.send_raw(bytes);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->substr(0, 12), "HTTP/1.1 " + status) << bytes.substr(0, 60);
    }
    EXPECT_EQ(client.get("/")->status, 200);
}

TEST(Server, BodyLimitHoldsForChunkedBodiesToo) {
    ServerSettings settings;
    settings.body_bytes_max = 1000;
    const auto server = serve(echo, settings);
    auto client = client_of(*server);
    const auto chunk = "400\r\n" + std::string(0x400, 'x') + "\r\n0\r\n\r\n";
    const auto answer =
        client.send_raw("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk);
    EXPECT_EQ(answer->substr(0, 12), "HTTP/1.1 413");
    EXPECT_EQ(client.send("POST", "/", std::string(1000, 'x'))->status, 200);
}

TEST(Server, AHandlerThatThrowsIsOur500) {
    const auto server = serve([](Request&) -> Response { throw std::runtime_error("planted"); });
    auto client = client_of(*server);
    EXPECT_EQ(client.get("/")->status, 500);
    EXPECT_EQ(client.get("/")->status, 500);
}

TEST(Server, CompressesTextForThoseWhoAskAndSaysSo) {
    const std::string text(20'000, 'a');
    const auto server = serve([&](Request&) { return html_page(200, text); });
    auto client = client_of(*server);
    const auto plain = client.get("/");
    EXPECT_EQ(plain->body, text);
    EXPECT_EQ(plain->header("vary"), "Accept-Encoding");
    const auto small = client.get("/", {{"Accept-Encoding", "br, gzip;q=0.8"}});
    EXPECT_EQ(small->header("content-encoding"), "gzip");
    EXPECT_LT(small->body.size(), 200u);
    EXPECT_EQ(client.get("/", {{"Accept-Encoding", "gzip;q=0"}})->body, text);
}

TEST(Server, StreamsFilesFromDisk) {
    const Folder folder;
    std::string content;
    for (int i = 0; i < 50'000; ++i) content += std::to_string(i) + "\n";
    std::ofstream{folder.path / "a.bin", std::ios::binary} << content;
    const auto server = serve([&](Request&) {
        Response response = bytes_body("application/octet-stream", "");
        response.file_path = folder.path / "a.bin";
        return response;
    });
    auto client = client_of(*server);
    EXPECT_EQ(client.get("/")->body, content);
    EXPECT_EQ(client.get("/")->body, content);
}

TEST(Server, HeaderValuesCannotStartANewHeader) {
    const auto server = serve([](Request&) {
        Response response = plain_text(200, "x");
        response.set("X-Name", "a\r\nSet-Cookie: phien=1");
        return response;
    });
    EXPECT_EQ(client_of(*server).get("/")->header("set-cookie"), "");
}

TEST(Server, QuickAnswersNeedNoWorker) {
    ServerSettings settings;
    settings.quick = [](const Request& request) -> std::optional<Response> {
        if (request.path != "/quick") return std::nullopt;
        return plain_text(200, "quick");
    };
    const auto server = serve(echo, settings);
    auto client = client_of(*server);
    EXPECT_EQ(client.get("/quick")->body, "quick");
    EXPECT_EQ(client.get("/slow")->body, "GET /slow ");
}

TEST(Server, StopLetsARunningRequestEnd) {
    std::latch begun{1}, go_on{1};
    auto server = serve([&](Request&) {
        begun.count_down();
        go_on.wait();
        return plain_text(200, "done");
    });
    auto client = client_of(*server);
    std::string body;
    std::thread asker{[&] { body = client.get("/")->body; }};
    begun.wait();
    std::thread stopper{[&] { server->stop(std::chrono::seconds{10}); }};
    go_on.count_down();
    asker.join();
    stopper.join();
    EXPECT_EQ(body, "done");
    EXPECT_FALSE(client.get("/"));
}

TEST(Server, StopClosesIdleConnectionsAtOnce) {
    auto server = serve(echo);
    auto client = client_of(*server);
    ASSERT_TRUE(client.get("/"));
    const auto before = std::chrono::steady_clock::now();
    server->stop(std::chrono::seconds{30});
    EXPECT_LT(std::chrono::steady_clock::now() - before, std::chrono::seconds{10});
}

TEST(Server, SilentConnectionsAreClosed) {
    ServerSettings settings;
    settings.idle_timeout = std::chrono::seconds{1};
    const auto server = serve(echo, settings);
    auto client = client_of(*server);
    EXPECT_EQ(client.send_raw("GET / HTTP/1.1\r\nHos").value(), "");  // ends by itself
}

/// A client that has begun a request and does not go on with it, until it is let go.
class Dawdler {
  public:
    explicit Dawdler(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
        EXPECT_EQ(::send(socket_, "GET / HTTP/1.1\r\nX", 17, MSG_NOSIGNAL), 17);
    }
    ~Dawdler() { ::close(socket_); }
    Dawdler(const Dawdler&) = delete;
    Dawdler& operator=(const Dawdler&) = delete;

  private:
    int socket_;
};

TEST(Server, ThoseWhoSendNothingGiveWayToThoseWhoAsk) {
    ServerSettings settings;
    settings.connections_max = 8;
    const auto server = serve(echo, settings);
    std::list<Dawdler> dawdlers;
    for (int i = 0; i < 40; ++i) {
        dawdlers.emplace_back(server->port());
        auto client = client_of(*server);
        const auto answer = client.get("/");
        ASSERT_TRUE(answer) << i << answer.error().detail;
        EXPECT_EQ(answer->status, 200);
    }
}

TEST(Server, RequestsSentTogetherAreAnsweredInTheirOrder) {
    const auto server = serve(echo);
    auto client = client_of(*server);
    const auto answers = client.send_raw(
        "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n"
        "xyzGET /c HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    ASSERT_TRUE(answers);
    const auto a = answers->find("GET /a "), b = answers->find("POST /b xyz"),
               c = answers->find("GET /c ");
    EXPECT_LT(a, b);
    EXPECT_LT(b, c);
    EXPECT_NE(c, std::string::npos);
}

TEST(Server, APortInUseIsSaid) {
    const auto server = serve(echo);
    ServerSettings settings;
    settings.port = server->port();
    const auto second = Server::start(settings, echo);
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "http.port_taken");
}

void make_certificate(const Folder& folder) {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("127.0.0.1"), -1, -1, 0);
    X509_set_issuer_name(certificate, X509_get_subject_name(certificate));
    X509_sign(certificate, key, EVP_sha256());
    FILE* file = std::fopen((folder.path / "cert.pem").c_str(), "w");
    PEM_write_X509(file, certificate);
    std::fclose(file);
    file = std::fopen((folder.path / "key.pem").c_str(), "w");
    PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
    std::fclose(file);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

TEST(Server, SpeaksTls) {
    const Folder folder;
    make_certificate(folder);
    ServerSettings settings;
    settings.certificate_file = folder.path / "cert.pem";
    settings.key_file = folder.path / "key.pem";
    const auto server = serve(
        [](Request& r) { return plain_text(200, r.tls ? "tls " + r.body : "plain"); }, settings);
    auto client = client_of(*server, true);
    EXPECT_EQ(client.get("/")->body, "tls ");
    const std::string large(3'000'000, 'x');
    const auto echoed = client.send("POST", "/", large);
    ASSERT_TRUE(echoed) << echoed.error().detail;
    EXPECT_TRUE(echoed->body == "tls " + large);
    // Plain HTTP on the TLS port ends without an answer, and harms nobody.
    EXPECT_FALSE(client_of(*server).get("/"));
    EXPECT_EQ(client.get("/")->body, "tls ");
}

TEST(Server, AClientWhoseTlsServerIsGoneHearsAnErrorAndIsNotEndedByASignal) {
    const Folder folder;
    make_certificate(folder);
    ServerSettings settings;
    settings.certificate_file = folder.path / "cert.pem";
    settings.key_file = folder.path / "key.pem";
    auto server = serve(echo, settings);
    auto client = client_of(*server, true);
    ASSERT_TRUE(client.get("/"));
    const auto before = std::signal(SIGPIPE, SIG_DFL);
    server.reset();
    // Larger than what the kernel takes before it says that nobody is there.
    EXPECT_EQ(client.send("POST", "/", std::string(8'000'000, 'x')).error().code,
              "http.client_failed");
    std::signal(SIGPIPE, before);
}

TEST(Server, OldTlsIsRefused) {
    const Folder folder;
    make_certificate(folder);
    ServerSettings settings;
    settings.certificate_file = folder.path / "cert.pem";
    settings.key_file = folder.path / "key.pem";
    const auto server = serve(echo, settings);
    const auto shakes_hands = [&](int highest) {
        SSL_CTX* context = SSL_CTX_new(TLS_client_method());
        SSL_CTX_set_security_level(context, 0);  // else OpenSSL itself would not try
        SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(context, highest);
        BIO* line = BIO_new_ssl_connect(context);
        BIO_set_conn_hostname(line, ("127.0.0.1:" + std::to_string(server->port())).c_str());
        const bool done = BIO_do_handshake(line) == 1;
        BIO_free_all(line);
        SSL_CTX_free(context);
        return done;
    };
    EXPECT_FALSE(shakes_hands(TLS1_1_VERSION));
    EXPECT_TRUE(shakes_hands(TLS1_2_VERSION));
    EXPECT_TRUE(shakes_hands(TLS1_3_VERSION));
}

TEST(Server, MissingTlsFilesAreSaid) {
    ServerSettings settings;
    settings.certificate_file = "/nonexistent/cert.pem";
    settings.key_file = "/nonexistent/key.pem";
    const auto server = Server::start(settings, echo);
    ASSERT_FALSE(server);
    EXPECT_EQ(server.error().code, "http.tls_files");
}

TEST(Server, ManyClientsAtOnce) {
    std::atomic<int> handled{0};
    const auto server = serve([&](Request&) {
        ++handled;
        return html_page(200, std::string(5000, 'b'));
    });
    std::vector<std::thread> users;
    std::atomic<int> good{0};
    for (int u = 0; u < 16; ++u) {
        users.emplace_back([&] {
            auto client = client_of(*server);
            for (int i = 0; i < 25; ++i) {
                const auto answer = client.get("/", {{"Accept-Encoding", "gzip"}});
                if (answer && answer->status == 200) ++good;
            }
        });
    }
    for (auto& user : users) user.join();
    EXPECT_EQ(good, 400);
    EXPECT_EQ(handled, 400);
}

}  // namespace
}  // namespace antin::http
