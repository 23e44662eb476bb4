#include "ca/key_store.hpp"

#include <mutex>
#include <optional>

#include "hsm/token.hpp"

namespace antin::ca {
namespace {

class TokenKeys final : public KeyStore {
  public:
    explicit TokenKeys(std::shared_ptr<hsm::Token> token) : token_(std::move(token)) {}
    explicit TokenKeys(std::function<Result<std::shared_ptr<hsm::Token>>()> open)
        : open_(std::move(open)) {}

    Result<std::shared_ptr<pki::Signer>> signer(std::string_view label) override {
        ANTIN_TRY(token, open());
        return token->signer(label);
    }
    Result<std::shared_ptr<pki::Signer>> generate(std::string_view label,
                                                  pki::KeyKind kind) override {
        ANTIN_TRY(token, open());
        ANTIN_TRY(made, token->generate_key(label, kind));
        return token->signer(made.label);
    }

  private:
    Result<std::shared_ptr<hsm::Token>> open() {
        const std::lock_guard lock{mutex_};
        if (token_ != nullptr) return token_;
        if (refused_) return fail(*refused_);
        auto token = open_();
        if (!token) {
            if (token.error().code.starts_with("token.pin")) refused_ = token.error();
            return fail(token.error());
        }
        token_ = std::move(*token);
        return token_;
    }

    std::mutex mutex_;
    std::function<Result<std::shared_ptr<hsm::Token>>()> open_;
    std::shared_ptr<hsm::Token> token_;
    std::optional<Error> refused_;
};

}  // namespace

std::unique_ptr<KeyStore> keys_in(std::shared_ptr<hsm::Token> token) {
    return std::make_unique<TokenKeys>(std::move(token));
}

std::unique_ptr<KeyStore> keys_in(std::function<Result<std::shared_ptr<hsm::Token>>()> open) {
    return std::make_unique<TokenKeys>(std::move(open));
}

}  // namespace antin::ca
