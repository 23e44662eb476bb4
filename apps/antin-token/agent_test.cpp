#include "agent.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/bytes.hpp"
#include "http/websocket.hpp"
#include "kit/software_token.hpp"
#include "pairing.hpp"

namespace antin::agent {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr const char* portal = "https://portal.example";
const std::string secret(32, 's');

class AgentTest : public testing::Test {
  protected:
    AgentTest() : shim(folder), pairings(folder / "state", {portal}) {
        settings.module = {kit::Shim::library(), folder / "tokens", 3s};
        settings.so_pin = "so-12345678";
        settings.pairing_limit = 3s;
        const auto module = hsm::Module::open(settings.module).value();
        serial = module->initialise("blank-1", settings.so_pin, "12345678")->serial;
        std::ofstream(folder / "pairing") << json{{"origin", portal}, {"secret", secret}};
        EXPECT_TRUE(pairings.add_file(folder / "pairing"));
        agent.emplace(settings, pairings);
    }
    json ask(json question, std::string_view origin = portal) {
        if (!question.contains("protocol")) question["protocol"] = 1;
        if (!question.contains("pairing")) question["pairing"] = secret;
        return json::parse(agent->answer(origin, question.dump(), [](std::string_view) {}));
    }
    json on_device(const char* operation, json fields = json::object()) {
        fields["operation"] = operation;
        if (!fields.contains("serial")) fields["serial"] = serial;
        if (!fields.contains("pin")) fields["pin"] = "246810";
        return ask(std::move(fields));
    }
    static std::string code(const json& answer) {
        return answer["ok"].get<bool>() ? "" : answer["error"]["code"].get<std::string>();
    }

    kit::TemporaryFolder folder;
    kit::Shim shim;
    AgentSettings settings;
    Pairings pairings;
    std::optional<Agent> agent;
    std::string serial;
};

TEST_F(AgentTest, ADeviceGoesFromBlankToTried) {
    EXPECT_EQ(ask({{"operation", "tokens"}})["result"]["tokens"][0]["serial"], serial);
    EXPECT_EQ(code(on_device("prepare", {{"label", "Dòng 7"}})), "");
    EXPECT_EQ(ask({{"operation", "tokens"}})["result"]["tokens"][0]["serial"], serial)
        << "wiping keeps the number on the device";
    const auto made = on_device("generate", {{"key", "antin-7"}, {"kinds", {"rsa2048", "p256"}}});
    ASSERT_EQ(code(made), "");
    EXPECT_EQ(made["result"]["kind"], "rsa2048");
    const auto again = on_device("generate", {{"key", "antin-7"}, {"kinds", {"rsa2048", "p256"}}});
    EXPECT_EQ(made["result"]["public_key"], again["result"]["public_key"]);

    const auto request = from_base64(made["result"]["request"].get<std::string>()).value();
    const unsigned char* cursor = request.data();
    X509_REQ* parsed = d2i_X509_REQ(nullptr, &cursor, static_cast<long>(request.size()));
    ASSERT_NE(parsed, nullptr);
    EXPECT_EQ(X509_REQ_verify(parsed, X509_REQ_get0_pubkey(parsed)), 1);

    // A stand-in for the authority: a certificate over the same key.
    EVP_PKEY* issuer = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate), 7);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, X509_REQ_get0_pubkey(parsed));
    X509_sign(certificate, issuer, EVP_sha256());
    unsigned char* der = nullptr;
    const int size = i2d_X509(certificate, &der);
    const auto encoded = to_base64({der, static_cast<std::size_t>(size)});

    EXPECT_EQ(
        on_device("write", {{"key", "antin-7"}, {"certificate", encoded}})["result"]["read_back"],
        encoded);
    const auto challenge = to_bytes("an unforeseeable text");
    const auto tried =
        on_device("check", {{"key", "antin-7"}, {"challenge", to_base64(challenge)}});
    ASSERT_EQ(code(tried), "");
    EXPECT_EQ(tried["result"]["read_back"], encoded);
    const auto signature = from_base64(tried["result"]["signature"].get<std::string>()).value();
    const std::string signed_text = "antin-token check 1\nan unforeseeable text";
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    EVP_DigestVerifyInit(context, nullptr, EVP_sha256(), nullptr, X509_get0_pubkey(certificate));
    EXPECT_EQ(EVP_DigestVerify(context, signature.data(), signature.size(),
                               as_bytes(signed_text).data(), signed_text.size()),
              1);
    EVP_MD_CTX_free(context);
    OPENSSL_free(der);
    X509_free(certificate);
    EVP_PKEY_free(issuer);
    X509_REQ_free(parsed);

    const auto info = on_device("info");
    EXPECT_EQ(info["result"]["keys"][0]["has_certificate"], true);
    EXPECT_EQ(code(on_device("set_pin", {{"new_pin", "13579135"}})), "");
    EXPECT_EQ(code(on_device("info")), "token.pin_wrong");
    EXPECT_EQ(code(on_device("unlock", {{"new_pin", "246810"}})), "");
    EXPECT_EQ(code(on_device("info")), "");
}

TEST_F(AgentTest, StrangersGetNothing) {
    const json tokens{{"operation", "tokens"}};
    auto wrong = tokens;
    wrong["pairing"] = std::string(32, 'x');
    EXPECT_EQ(code(ask(wrong)), "agent.not_paired");
    EXPECT_EQ(code(ask(tokens, "https://other.example")), "agent.not_paired");
    wrong["pairing"] = 7;
    EXPECT_EQ(code(ask(wrong)), "agent.field_missing");
    EXPECT_FALSE(pairings.is_allowed("https://other.example"));
    EXPECT_FALSE(pairings.is_allowed("https://portal.example.evil"));
    EXPECT_TRUE(pairings.is_allowed(portal));
}

TEST_F(AgentTest, PairingIsAskedOfThePersonOnce) {
    const json question{{"operation", "pair"}, {"code", "482913"}};
    pairings.show = [&](std::string_view origin, std::string_view shown) {
        EXPECT_EQ(origin, portal);
        EXPECT_TRUE(Pairings::approve(folder / "state", shown));
    };
    const auto answer = ask(question);
    ASSERT_EQ(code(answer), "");
    const auto given = answer["result"]["pairing"].get<std::string>();
    EXPECT_TRUE(pairings.is_paired(portal, given));
    // It holds after a restart, and no secret lies on the disk.
    const Pairings later(folder / "state", {portal});
    EXPECT_TRUE(later.is_paired(portal, given));
    std::ifstream in(folder / "state/pairings.json");
    const std::string kept((std::istreambuf_iterator<char>(in)), {});
    EXPECT_EQ(kept.find(given), std::string::npos);

    pairings.show = nullptr;
    pairings.terminal_answer = [] { return std::optional<bool>{false}; };
    EXPECT_EQ(code(ask(question)), "agent.pairing_refused");
    pairings.terminal_answer = nullptr;
    settings.pairing_limit = 150ms;
    agent.emplace(settings, pairings);
    EXPECT_EQ(code(ask(question)), "agent.pairing_timeout");
    EXPECT_EQ(code(ask({{"operation", "pair"}, {"code", "../../x"}})), "agent.pairing_code");
}

TEST_F(AgentTest, AnApprovalGivenBeforehandDoesNotCount) {
    ASSERT_TRUE(Pairings::approve(folder / "state", "111111"));
    settings.pairing_limit = 150ms;
    agent.emplace(settings, pairings);
    EXPECT_EQ(code(ask({{"operation", "pair"}, {"code", "111111"}})), "agent.pairing_timeout");
}

TEST_F(AgentTest, EveryInputHasAnAnswer) {
    for (const char* text : {"", "7", "[]", "{", "{\"operation\":7}", "\xff\xfe", "null"}) {
        const auto answer = json::parse(agent->answer(portal, text, [](std::string_view) {}));
        EXPECT_FALSE(answer["ok"].get<bool>()) << text;
    }
    EXPECT_EQ(code(ask({{"operation", "dance"}})), "agent.operation_unknown");
    EXPECT_EQ(code(ask({{"operation", "tokens"}, {"protocol", 2}})), "agent.protocol");
    EXPECT_EQ(code(ask({{"operation", "version"}, {"protocol", 9}})), "");
    EXPECT_EQ(code(on_device("write", {{"key", "k"}, {"certificate", "%%%"}})),
              "agent.field_length");
    EXPECT_EQ(code(on_device("info", {{"serial", "nobody"}})), "token.missing");
    EXPECT_EQ(code(on_device("info", {{"pin", std::string(500, '1')}})), "agent.field_length");
}

TEST_F(AgentTest, TheLastPinTryNeedsThePersonsWord) {
    shim.say({"pin_limit 2"});
    EXPECT_EQ(code(on_device("info", {{"pin", "999999"}})), "token.pin_wrong_final");
    EXPECT_EQ(code(on_device("info", {{"pin", "12345678"}})), "token.pin_final_try");
    EXPECT_EQ(shim.count("login wrong"), 1);
    EXPECT_EQ(code(on_device("info", {{"pin", "12345678"}, {"final_try", true}})), "");
}

TEST_F(AgentTest, APulledDeviceIsNamedAndWorksAfterwards) {
    ASSERT_EQ(code(on_device("prepare", {{"label", "Dòng 7"}})), "");
    shim.say({"vanish"});
    EXPECT_EQ(code(on_device("generate", {{"key", "a"}, {"kinds", {"p256"}}})), "token.missing");
    shim.heal();
    EXPECT_EQ(code(on_device("generate", {{"key", "a"}, {"kinds", {"p256"}}})), "");
    shim.say({"rsa_max 2048"});
    const auto smaller = on_device("generate", {{"key", "b"}, {"kinds", {"rsa3072", "rsa2048"}}});
    EXPECT_EQ(smaller["result"]["kind"], "rsa2048") << "the device can no more";
}

TEST_F(AgentTest, WithoutTheAdministrationCodeNothingIsWiped) {
    settings.so_pin.clear();
    agent.emplace(settings, pairings);
    EXPECT_EQ(code(on_device("prepare", {{"label", "x"}})), "agent.no_so_pin");
    EXPECT_EQ(code(on_device("unlock", {{"new_pin", "246810"}})), "agent.no_so_pin");
    settings.so_pin = "a wrong one";
    agent.emplace(settings, pairings);
    EXPECT_EQ(code(on_device("prepare", {{"label", "x"}})), "token.so_pin_wrong");
}

/// The program itself, as the officer starts it.
class AgentProgram : public testing::Test {
  protected:
    void SetUp() override {
        std::ofstream(folder / "so-pin") << "so-12345678\n";
        std::ofstream(folder / "pairing") << json{{"origin", portal}, {"secret", secret}};
        const auto made = run("make-software-tokens --count 2");
        ASSERT_EQ(std::count(made.begin(), made.end(), '\n'), 2) << made;
        serial = made.substr(0, made.find('\n'));
    }
    void TearDown() override {
        if (child > 0) {
            ::kill(child, SIGTERM);
            int status = 0;
            ::waitpid(child, &status, 0);
            EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        }
    }
    std::string options() const {
        return " --folder " + (folder / "tokens") + " --so-pin-file " + (folder / "so-pin") +
               " --state " + (folder / "state");
    }
    std::string run(const std::string& words) const {
        const auto command = std::string(ANTIN_TOKEN_BINARY) + options() + " " + words;
        FILE* pipe = ::popen(command.c_str(), "r");
        std::string out;
        char buffer[256];
        while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) out += buffer;
        ::pclose(pipe);
        return out;
    }
    void start() {
        int ends[2];
        ASSERT_EQ(::pipe(ends), 0);
        child = ::fork();
        if (child == 0) {
            ::dup2(ends[1], STDOUT_FILENO);
            const auto tokens = folder / "tokens", pin = folder / "so-pin",
                       pairing = folder / "pairing", state = folder / "state";
            ::execl(ANTIN_TOKEN_BINARY, "antin-token", "--port", "0", "--folder", tokens.c_str(),
                    "--so-pin-file", pin.c_str(), "--pairing-file", pairing.c_str(), "--state",
                    state.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(ends[1]);
        std::string line;
        for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) line += c;
        ::close(ends[0]);
        port = static_cast<std::uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
    }
    Result<json> ask(json question, const std::string& origin = portal, std::string host = {}) {
        question["protocol"] = 1;
        question["pairing"] = secret;
        http::WebSocketQuestion asked;
        asked.port = port;
        asked.origin = origin;
        asked.host = std::move(host);
        asked.text = question.dump();
        ANTIN_TRY(text, http::ask_websocket(asked));
        return json::parse(text);
    }
    kit::TemporaryFolder folder;
    std::string serial;
    std::uint16_t port = 0;
    pid_t child = 0;
};

TEST_F(AgentProgram, AnswersAPairedPageOverLoopback) {
    start();
    EXPECT_EQ(ask({{"operation", "tokens"}})->at("result")["tokens"].size(), 2U);
    const auto prepared =
        ask({{"operation", "prepare"}, {"serial", serial}, {"label", "x"}, {"pin", "246810"}});
    EXPECT_TRUE(prepared->at("ok").get<bool>());
    const auto made = ask({{"operation", "generate"},
                           {"serial", serial},
                           {"pin", "246810"},
                           {"key", "antin-1"},
                           {"kinds", {"p256"}}});
    EXPECT_EQ(made->at("result")["kind"], "p256");
}

TEST_F(AgentProgram, TurnsAwayOtherOriginsAndOtherNames) {
    start();
    const json tokens{{"operation", "tokens"}};
    EXPECT_EQ(ask(tokens, "https://other.example").error().code, "http.websocket_refused");
    EXPECT_EQ(ask(tokens, "").error().code, "http.websocket_refused");
    EXPECT_EQ(ask(tokens, portal, "rebound.example:" + std::to_string(port)).error().code,
              "http.websocket_refused");
    EXPECT_TRUE(ask(tokens, portal, "localhost:" + std::to_string(port)));
}

}  // namespace
}  // namespace antin::agent
