#pragma once
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "pki/signer.hpp"

namespace antin::bench {

/// A P-256 key in memory: a subscriber's, standing for the key on a card.
struct SoftwareKey {
    class Signer final : public pki::Signer {
      public:
        Signer() : key_(EVP_EC_gen("P-256")) {
            info_.resize(static_cast<std::size_t>(i2d_PUBKEY(key_, nullptr)));
            auto* at = info_.data();
            i2d_PUBKEY(key_, &at);
        }
        ~Signer() override { EVP_PKEY_free(key_); }
        Signer(const Signer&) = delete;
        Signer& operator=(const Signer&) = delete;
        Result<Bytes> sign_digest_sha256(BytesView digest) override {
            EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key_, nullptr);
            EVP_PKEY_sign_init(context);
            Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key_)));
            std::size_t length = out.size();
            EVP_PKEY_sign(context, out.data(), &length, digest.data(), digest.size());
            EVP_PKEY_CTX_free(context);
            out.resize(length);
            return out;
        }
        const Bytes& public_key_info() const override { return info_; }
        pki::KeyKind kind() const override { return pki::KeyKind::P256; }

      private:
        EVP_PKEY* key_;
        Bytes info_;
    };
    std::unique_ptr<Signer> signer = std::make_unique<Signer>();
};

}  // namespace antin::bench
