#pragma once
#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "ca/key_store.hpp"
#include "pki/signer.hpp"

namespace antin::kit {

/// A key in memory, for tests only: the product's keys live in PKCS#11 tokens.
[[nodiscard]] std::shared_ptr<pki::Signer> make_software_signer(pki::KeyKind kind);

/// A key store in memory that can be told to fail, as a token that was pulled out does.
class SoftwareKeys final : public ca::KeyStore {
  public:
    [[nodiscard]] Result<std::shared_ptr<pki::Signer>> signer(std::string_view label) override;
    [[nodiscard]] Result<std::shared_ptr<pki::Signer>> generate(std::string_view label,
                                                                pki::KeyKind kind) override;
    std::atomic<bool> is_gone{false};  // every signature fails with token.removed
    std::atomic<int> fails_after{-1};  // that many more signatures succeed; -1: no limit
    std::atomic<int> signatures{0};    // made so far

  private:
    std::mutex mutex_;
    std::map<std::string, std::shared_ptr<pki::Signer>, std::less<>> keys_;
};

}  // namespace antin::kit
