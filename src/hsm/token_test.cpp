#include "hsm/token.hpp"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <thread>

#include "hsm/certification_request.hpp"
#include "kit/software_token.hpp"

namespace antin::hsm {
namespace {

using namespace std::chrono_literals;
using pki::KeyKind;

/// A fresh software token behind the shim.
class TokenTest : public testing::Test {
  protected:
    TokenTest() : shim(folder) {
        module = Module::open({kit::Shim::library(), folder / "tokens", 2s}).value();
        EXPECT_TRUE(module->initialise("the-tin", "so-12345678", "123456"));
    }
    Result<std::shared_ptr<Token>> open(std::string pin = "123456",
                                        std::chrono::milliseconds limit = 5s) {
        TokenAccess access;
        access.label = "the-tin";
        access.pin = std::move(pin);
        access.limit = limit;
        return Token::open(module, access);
    }
    static Bytes digest(std::string_view text) {
        Bytes out(SHA256_DIGEST_LENGTH);
        SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(), out.data());
        return out;
    }
    static bool verifies(const pki::Signer& signer, const Bytes& hash, const Bytes& signature) {
        const auto& info = signer.public_key_info();
        const unsigned char* cursor = info.data();
        EVP_PKEY* key = d2i_PUBKEY(nullptr, &cursor, static_cast<long>(info.size()));
        EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key, nullptr);
        EVP_PKEY_verify_init(context);
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
        const int good =
            EVP_PKEY_verify(context, signature.data(), signature.size(), hash.data(), hash.size());
        EVP_PKEY_CTX_free(context);
        EVP_PKEY_free(key);
        return good == 1;
    }
    static std::string code(const auto& result) { return result ? "" : result.error().code; }

    kit::TemporaryFolder folder;
    kit::Shim shim;
    std::shared_ptr<Module> module;
};

TEST_F(TokenTest, KeysAreMadeOnTheTokenAndNeverLeaveIt) {
    const auto token = open().value();
    for (const auto kind : {KeyKind::Rsa2048, KeyKind::Rsa3072, KeyKind::P256}) {
        const auto label = "key-" + std::to_string(static_cast<int>(kind));
        const auto key = token->generate_key(label, kind);
        ASSERT_TRUE(key) << code(key);
        EXPECT_EQ(key->kind, kind);
        EXPECT_FALSE(key->extractable);
        const auto signer = token->signer(label).value();
        const auto hash = digest("Ấn Tín");
        const auto signature = signer->sign_digest_sha256(hash);
        ASSERT_TRUE(signature) << code(signature);
        EXPECT_TRUE(verifies(*signer, hash, *signature));
        EXPECT_FALSE(verifies(*signer, digest("khác"), *signature));
    }
    EXPECT_EQ(token->keys()->size(), 3U);
}

TEST_F(TokenTest, MakingTheSameKeyAgainReturnsTheFirst) {
    const auto token = open().value();
    const auto first = token->generate_key("row-1", KeyKind::P256).value();
    const auto again = token->generate_key("row-1", KeyKind::P256).value();
    EXPECT_EQ(first.public_key_info, again.public_key_info);
    EXPECT_EQ(code(token->generate_key("row-1", KeyKind::Rsa2048)), "token.key_other_kind");
}

TEST_F(TokenTest, TheRequestProvesPossession) {
    const auto token = open().value();
    for (const auto kind : {KeyKind::Rsa2048, KeyKind::P256}) {
        const auto label = "key-" + std::to_string(static_cast<int>(kind));
        ASSERT_TRUE(token->generate_key(label, kind));
        const auto der = make_certification_request(*token->signer(label).value(), "Dòng 12");
        ASSERT_TRUE(der) << code(der);
        const unsigned char* cursor = der->data();
        X509_REQ* request = d2i_X509_REQ(nullptr, &cursor, static_cast<long>(der->size()));
        ASSERT_NE(request, nullptr);
        EXPECT_EQ(X509_REQ_verify(request, X509_REQ_get0_pubkey(request)), 1);
        X509_REQ_free(request);
    }
}

TEST_F(TokenTest, TheCertificateReadBackIsTheOneWritten) {
    const auto token = open().value();
    ASSERT_TRUE(token->generate_key("row-1", KeyKind::P256));
    EXPECT_EQ(code(token->read_certificate("row-1")), "token.certificate_missing");
    const auto certificate =
        make_self_signed_placeholder(*token->signer("row-1").value(), "thử").value();
    ASSERT_TRUE(token->write_certificate("row-1", certificate));
    EXPECT_EQ(token->read_certificate("row-1").value(), certificate);
    const auto second =
        make_self_signed_placeholder(*token->signer("row-1").value(), "thử lại").value();
    ASSERT_TRUE(token->write_certificate("row-1", second));
    EXPECT_EQ(token->read_certificate("row-1").value(), second);
    EXPECT_TRUE(token->key("row-1")->has_certificate);
    EXPECT_EQ(code(token->write_certificate("row-1", Bytes{1, 2, 3})),
              "token.certificate_unreadable");
    ASSERT_TRUE(token->erase("row-1"));
    EXPECT_TRUE(token->keys()->empty());
    EXPECT_EQ(code(token->signer("row-1")), "token.key_missing");
}

TEST_F(TokenTest, AWrongPinIsTriedOnceAndNeverAgainByItself) {
    shim.say({"pin_limit 3"});
    EXPECT_EQ(code(open("000000")), "token.pin_wrong");
    EXPECT_EQ(shim.count("login wrong"), 1);

    const auto token = open().value();  // the right one sets the count back
    EXPECT_EQ(module->tokens()->at(0).pin_tried_before, false);
    // The stored PIN is not the token's any more and the session is lost: one try, then silence.
    token->use_pin("000000");
    shim.say({"pin_limit 3", "fail C_FindObjectsInit 0xB3 0 1"});
    EXPECT_EQ(code(token->keys()), "token.pin_wrong");
    EXPECT_EQ(code(token->keys()), "token.pin_not_retried");
    EXPECT_EQ(code(token->keys()), "token.pin_not_retried");
    EXPECT_EQ(shim.count("login wrong"), 2);
    token->use_pin("123456");
    EXPECT_TRUE(token->keys());
}

TEST_F(TokenTest, TheLastTryIsNeverRiskedByTheServer) {
    shim.say({"pin_limit 3"});
    EXPECT_EQ(code(open("000000")), "token.pin_wrong");
    EXPECT_EQ(code(open("000000")), "token.pin_wrong_final");
    EXPECT_EQ(code(open("123456")), "token.pin_final_try");
    EXPECT_EQ(shim.count("login wrong"), 2);
    TokenAccess person{.label = "the-tin", .serial = {}, .pin = "000000"};
    person.allow_final_try = true;
    EXPECT_EQ(code(Token::open(module, person)), "token.pin_locked");
    EXPECT_EQ(code(open("123456")), "token.pin_locked");
    EXPECT_EQ(shim.count("login wrong"), 3);
    // The SO-PIN brings it back.
    const auto serial = module->tokens()->at(0).serial;
    EXPECT_EQ(code(module->set_pin_by_so(serial, "wrong-so-pin", "222222")), "token.so_pin_wrong");
    ASSERT_TRUE(module->set_pin_by_so(serial, "so-12345678", "222222"));
    EXPECT_TRUE(open("222222"));
}

TEST_F(TokenTest, ThePinIsChangedAndTheOldOneIsDead) {
    auto token = open().value();
    ASSERT_TRUE(token->change_pin("778899"));
    ASSERT_TRUE(token->generate_key("after", KeyKind::P256));
    token.reset();
    EXPECT_EQ(code(open("123456")), "token.pin_wrong");
    EXPECT_TRUE(open("778899"));
}

TEST_F(TokenTest, ATokenPulledOutIsFoundAgainByItself) {
    const auto token = open().value();
    ASSERT_TRUE(token->generate_key("row-1", KeyKind::P256));
    const auto signer = token->signer("row-1").value();
    ASSERT_TRUE(signer->sign_digest_sha256(digest("a")));
    shim.say({"vanish"});
    EXPECT_EQ(code(signer->sign_digest_sha256(digest("a"))), "token.missing");
    EXPECT_EQ(code(open()), "token.missing");
    shim.heal();
    const auto signature = signer->sign_digest_sha256(digest("a"));
    ASSERT_TRUE(signature) << code(signature);
    EXPECT_TRUE(verifies(*signer, digest("a"), *signature));
}

TEST_F(TokenTest, AnHsmThatIsGoneIsAnErrorAndThenWorksAgain) {
    const auto token = open().value();
    ASSERT_TRUE(token->generate_key("row-1", KeyKind::P256));
    const auto signer = token->signer("row-1").value();
    shim.say({"gone"});
    EXPECT_EQ(code(signer->sign_digest_sha256(digest("a"))), "token.gone");
    shim.heal();
    EXPECT_TRUE(signer->sign_digest_sha256(digest("a")));
}

TEST_F(TokenTest, OneLostSessionIsNotNoticed) {
    const auto token = open().value();
    ASSERT_TRUE(token->generate_key("row-1", KeyKind::P256));
    const auto signer = token->signer("row-1").value();
    for (const char* line :
         {"fail C_SignInit 0xB3 0 1", "fail C_Sign 0x101 0 1", "fail C_SignInit 0x60 0 1"}) {
        shim.say({line});
        EXPECT_TRUE(signer->sign_digest_sha256(digest("a"))) << line;
    }
}

TEST_F(TokenTest, AStalledLibraryCostsNoMoreThanTheLimit) {
    auto token = open("123456", 200ms).value();
    ASSERT_TRUE(token->generate_key("row-1", KeyKind::P256));
    const auto signer = token->signer("row-1").value();
    shim.say({"stall C_Sign"});
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(code(signer->sign_digest_sha256(digest("a"))), "token.stalled");
    EXPECT_EQ(code(signer->sign_digest_sha256(digest("a"))), "token.stalled");
    // Both sessions are kept by the library now: the next caller is told at once.
    const auto before = std::chrono::steady_clock::now();
    EXPECT_EQ(code(signer->sign_digest_sha256(digest("a"))), "token.stalled");
    EXPECT_LT(std::chrono::steady_clock::now() - before, 150ms);
    EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
    shim.heal();
    Result<Bytes> signature = fail(ErrorKind::Internal, "not yet");
    while (!signature) signature = signer->sign_digest_sha256(digest("a"));
    EXPECT_TRUE(verifies(*signer, digest("a"), *signature));
}

TEST_F(TokenTest, AStalledTokenCanBeLeftBehind) {
    {
        auto token = open("123456", 100ms).value();
        shim.say({"stall C_FindObjectsInit"});
        EXPECT_EQ(code(token->keys()), "token.stalled");
    }
    shim.heal();
    EXPECT_TRUE(open());
}

TEST_F(TokenTest, AFullOrFailingDeviceSaysSo) {
    const auto token = open().value();
    shim.say({"fail C_GenerateKeyPair 0x31 0 1"});
    EXPECT_EQ(code(token->generate_key("row-1", KeyKind::P256)), "token.full");
    shim.say({"fail C_GenerateKeyPair 0x5 0 1"});
    EXPECT_EQ(code(token->generate_key("row-1", KeyKind::P256)), "token.failed");
    shim.say({"fail C_CreateObject 0x31 0 1"});
    ASSERT_TRUE(token->generate_key("row-1", KeyKind::P256));
    const auto certificate =
        make_self_signed_placeholder(*token->signer("row-1").value(), "thử").value();
    EXPECT_EQ(code(token->write_certificate("row-1", certificate)), "token.full");
    EXPECT_TRUE(token->write_certificate("row-1", certificate));
}

TEST_F(TokenTest, ADeviceSaysWhichKeysItCanMake) {
    const auto token = open().value();
    EXPECT_EQ(token->kinds()->front(), KeyKind::Rsa4096);
    shim.say({"rsa_max 2048"});
    EXPECT_EQ(token->kinds().value(), (std::vector{KeyKind::Rsa2048, KeyKind::P256}));
}

TEST_F(TokenTest, ManyThreadsSignAtOnce) {
    const auto token = open().value();
    ASSERT_TRUE(token->generate_key("row-1", KeyKind::P256));
    const auto signer = token->signer("row-1").value();
    std::atomic<int> good{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 6; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 20; ++i) {
                const auto hash = digest(std::to_string(t * 100 + i));
                const auto signature = signer->sign_digest_sha256(hash);
                if (signature && verifies(*signer, hash, *signature)) ++good;
            }
        });
    }
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(good, 120);
}

TEST_F(TokenTest, TwoFoldersAreTwoWorlds) {
    const auto root = Module::open({kit::Shim::library(), folder / "root", 2s});
    ASSERT_TRUE(root) << code(root);
    EXPECT_NE(*root, module);
    ASSERT_TRUE((*root)->initialise("root", "so-12345678", "999999"));
    const auto labels = [](Module& of) {
        std::vector<std::string> out;
        const auto tokens = of.tokens().value();
        for (const auto& token : tokens) {
            if (token.initialised) out.push_back(token.label);
        }
        return out;
    };
    EXPECT_EQ(labels(**root), std::vector<std::string>{"root"});
    EXPECT_EQ(labels(*module), std::vector<std::string>{"the-tin"});
    EXPECT_EQ(Module::open({kit::Shim::library(), folder / "tokens", 2s}).value(), module);
}

TEST_F(TokenTest, AFolderThatWasMovedStillOpens) {
    ASSERT_TRUE(open().value()->generate_key("row-1", KeyKind::P256));
    module.reset();
    std::filesystem::rename(folder / "tokens", folder / "elsewhere");
    module = Module::open({kit::Shim::library(), folder / "elsewhere", 2s}).value();
    EXPECT_TRUE(open().value()->key("row-1"));
}

TEST_F(TokenTest, NamesAndPinsOfTokensAreChecked) {
    EXPECT_EQ(code(module->initialise("the-tin", "so-12345678", "123456")), "token.label_taken");
    EXPECT_EQ(code(module->initialise(std::string(33, 'x'), "so-12345678", "123456")),
              "token.label_length");
    EXPECT_EQ(code(module->initialise("other", "so-12345678", "1")), "token.pin_length");
    EXPECT_EQ(code(Module::open({"/nowhere/lib.so", "", 1s})), "token.module_missing");
}

TEST(SoftHsm, WorksWithoutTheShimToo) {
    const kit::TemporaryFolder folder;
    ASSERT_FALSE(find_softhsm().empty());
    const auto module = Module::open({find_softhsm(), folder / "tokens"}).value();
    ASSERT_TRUE(module->initialise("thẻ của tôi", "so-12345678", "123456"));
    const auto token =
        Token::open(module, {.label = "thẻ của tôi", .serial = {}, .pin = "123456"}).value();
    EXPECT_TRUE(token->generate_key("k", KeyKind::P256));
    EXPECT_FALSE(token->info()->serial.empty());
}

}  // namespace
}  // namespace antin::hsm
