#include "hsm/token.hpp"

#include <openssl/crypto.h>

#include <utility>

#include "hsm/objects.hpp"
#include "hsm/sessions.hpp"

namespace antin::hsm {

namespace {

class SessionToken;

class TokenSigner final : public pki::Signer {
  public:
    TokenSigner(std::shared_ptr<SessionToken> token, KeyInfo key)
        : token_(std::move(token)), key_(std::move(key)) {}
    Result<Bytes> sign_digest_sha256(BytesView digest) override;
    const Bytes& public_key_info() const override { return key_.public_key_info; }
    pki::KeyKind kind() const override { return key_.kind; }

  private:
    std::shared_ptr<SessionToken> token_;
    KeyInfo key_;
};

class SessionToken final : public Token, public std::enable_shared_from_this<SessionToken> {
  public:
    explicit SessionToken(std::shared_ptr<Sessions> sessions) : sessions_(std::move(sessions)) {}
    ~SessionToken() override { sessions_->stop(); }
    SessionToken(const SessionToken&) = delete;
    SessionToken& operator=(const SessionToken&) = delete;

    /// Runs `work` in a session; `work` holds by value, for it may outlive the call.
    template <class Work>
    auto in_session(Work work, Repeat repeat = Repeat::AfterReconnect, bool generating = false)
        -> Result<std::invoke_result_t<Work, Session&>> {
        using Answer = std::invoke_result_t<Work, Session&>;
        const auto& access = sessions_->access();
        const auto limit = generating ? access.generate_limit : access.limit;
        if constexpr (std::is_void_v<Answer>) {
            return sessions_->run(std::move(work), limit, repeat);
        } else {
            auto answer = std::make_shared<Answer>();
            ANTIN_CHECK(sessions_->run([answer, work = std::move(work)](
                                           Session& session) mutable { *answer = work(session); },
                                       limit, repeat));
            return std::move(*answer);
        }
    }

    Result<TokenInfo> info() override {
        return in_session([sessions = sessions_.get()](Session& session) {
            return sessions->module().describe(session.slot);
        });
    }
    Result<std::vector<pki::KeyKind>> kinds() override {
        return in_session([](Session& session) { return supported_kinds(session); });
    }
    Result<KeyInfo> generate_key(std::string_view label, pki::KeyKind kind) override {
        return in_session([label = std::string(label),
                           kind](Session& session) { return make_key(session, label, kind); },
                          Repeat::AfterReconnect, true);
    }
    Result<std::vector<KeyInfo>> keys() override {
        return in_session([](Session& session) { return list_keys(session); });
    }
    Result<KeyInfo> key(std::string_view label) override {
        return in_session([label = std::string(label)](Session& session) {
            auto found = find_key(session, label);
            if (!found) give_up(ErrorKind::NotFound, "token.key_missing", label);
            return std::move(*found);
        });
    }
    Result<std::shared_ptr<pki::Signer>> signer(std::string_view label) override {
        ANTIN_TRY(found, key(label));
        return std::make_shared<TokenSigner>(shared_from_this(), std::move(found));
    }
    Status write_certificate(std::string_view label, BytesView der) override {
        return in_session([label = std::string(label), der = Bytes(der.begin(), der.end())](
                              Session& session) { store_certificate(session, label, der); });
    }
    Result<Bytes> read_certificate(std::string_view label) override {
        return in_session([label = std::string(label)](Session& session) {
            return load_certificate(session, label);
        });
    }
    Status erase(std::string_view label) override {
        return in_session(
            [label = std::string(label)](Session& session) { erase_objects(session, label); });
    }
    Status change_pin(std::string_view new_pin) override {
        auto status = in_session(
            [former = sessions_->access().pin, next = std::string(new_pin)](Session& session) {
                check(session.call->C_SetPIN(session.handle, as_pin(former), former.size(),
                                             as_pin(next), next.size()),
                      "C_SetPIN");
            },
            Repeat::Once);
        if (status) sessions_->use_pin(new_pin, true);
        return status;
    }
    void use_pin(std::string_view pin) override { sessions_->use_pin(pin, false); }

    Status login() {
        return in_session([](Session&) {});
    }

  private:
    std::shared_ptr<Sessions> sessions_;
};

Result<Bytes> TokenSigner::sign_digest_sha256(BytesView digest) {
    if (digest.size() != 32) return fail(ErrorKind::Internal, "internal", "digest of 32 bytes");
    ANTIN_TRY(signature,
              token_->in_session([label = key_.label, kind = key_.kind,
                                  digest = Bytes(digest.begin(), digest.end())](Session& session) {
                  return sign_digest(session, label, kind, digest);
              }));
    if (signature.empty()) return fail(ErrorKind::Unavailable, "token.failed", "no signature");
    return signature;
}

}  // namespace

Result<std::shared_ptr<Token>> Token::open(std::shared_ptr<Module> module, TokenAccess access) {
    auto loaded = std::dynamic_pointer_cast<LoadedModule>(module);
    if (loaded == nullptr) return fail(ErrorKind::Internal, "internal", "a foreign module");
    auto token = std::make_shared<SessionToken>(
        std::make_shared<Sessions>(std::move(loaded), std::move(access)));
    ANTIN_CHECK(token->login());
    return std::shared_ptr<Token>(std::move(token));
}

}  // namespace antin::hsm
