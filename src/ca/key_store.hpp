#pragma once
#include <functional>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "pki/signer.hpp"

namespace antin::hsm {
class Token;
}

namespace antin::ca {

/// Where the authority's own keys lie. In the product always a PKCS#11 token; tests also use
/// software keys (tests/kit/software_signer.hpp).
class KeyStore {
  public:
    virtual ~KeyStore() = default;
    /// NotFound "token.key_missing"; Unavailable "token.…".
    [[nodiscard]] virtual Result<std::shared_ptr<pki::Signer>> signer(std::string_view label) = 0;
    /// Makes the key pair, or finds the one of that label and kind that is there already.
    [[nodiscard]] virtual Result<std::shared_ptr<pki::Signer>> generate(std::string_view label,
                                                                        pki::KeyKind kind) = 0;
};

[[nodiscard]] std::unique_ptr<KeyStore> keys_in(std::shared_ptr<hsm::Token> token);
/// The same for a token that need not be there yet: `open` is called at the first use and again at
/// each use until it succeeds, so that a server starts (and answers with what is signed already)
/// while its token is away. A PIN that was refused is not tried again.
[[nodiscard]] std::unique_ptr<KeyStore> keys_in(
    std::function<Result<std::shared_ptr<hsm::Token>>()> open);

}  // namespace antin::ca
