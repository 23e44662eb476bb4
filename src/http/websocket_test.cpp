#include "http/websocket.hpp"

#include <gtest/gtest.h>

#include "http/client.hpp"

namespace antin::http {
namespace {

std::unique_ptr<WebSocketServer> echo_server() {
    WebSocketSettings settings;
    settings.message_bytes_max = 1024;
    settings.message_timeout = std::chrono::seconds{2};
    settings.admit = [](const WebSocketOpening& opening) {
        return opening.origin == "https://portal.example";
    };
    settings.answer = [](const WebSocketOpening&, std::string question,
                         const WebSocketSettings::Progress& progress) {
        progress("một");
        progress("hai");
        return "đáp: " + question;
    };
    return WebSocketServer::start(settings).value();
}

TEST(WebSocket, OneQuestionOneAnswer) {
    const auto server = echo_server();
    WebSocketQuestion question;
    question.port = server->port();
    question.origin = "https://portal.example";
    question.text = "chào";
    std::vector<std::string> before;
    question.progress = [&](std::string_view text) { before.emplace_back(text); };
    EXPECT_EQ(ask_websocket(question).value(), "đáp: chào");
    EXPECT_EQ(before, (std::vector<std::string>{"một", "hai"}));
}

TEST(WebSocket, AnotherOriginIsTurnedAwayBeforeItCanSpeak) {
    const auto server = echo_server();
    WebSocketQuestion question;
    question.port = server->port();
    for (const char* origin : {"", "https://evil.example", "null"}) {
        question.origin = origin;
        const auto answer = ask_websocket(question);
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().code, "http.websocket_refused");
    }
}

TEST(WebSocket, TooLongAMessageEndsTheConnection) {
    const auto server = echo_server();
    WebSocketQuestion question;
    question.port = server->port();
    question.origin = "https://portal.example";
    question.text = std::string(2000, 'x');
    EXPECT_EQ(ask_websocket(question).error().code, "http.websocket_failed");
}

TEST(WebSocket, APlainRequestIsToldSo) {
    const auto server = echo_server();
    Client client({.port = server->port()});
    EXPECT_EQ(client.get("/")->status, 426);
}

TEST(WebSocket, StopsWhileNobodyTalks) {
    auto server = echo_server();
    const auto port = server->port();
    server->stop(std::chrono::milliseconds{100});
    WebSocketQuestion question;
    question.port = port;
    EXPECT_EQ(ask_websocket(question).error().code, "http.websocket_failed");
}

}  // namespace
}  // namespace antin::http
