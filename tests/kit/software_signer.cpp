#include "kit/software_signer.hpp"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

namespace antin::kit {
namespace {

EVP_PKEY* generate_key(pki::KeyKind kind) {
    switch (kind) {
        case pki::KeyKind::Rsa2048:
            return EVP_RSA_gen(2048);
        case pki::KeyKind::Rsa3072:
            return EVP_RSA_gen(3072);
        case pki::KeyKind::Rsa4096:
            return EVP_RSA_gen(4096);
        case pki::KeyKind::P256:
            break;
    }
    return EVP_EC_gen("P-256");
}

class SoftwareSigner final : public pki::Signer {
  public:
    explicit SoftwareSigner(pki::KeyKind kind) : kind_(kind), key_(generate_key(kind)) {
        const int length = i2d_PUBKEY(key_, nullptr);
        info_.resize(static_cast<std::size_t>(length));
        auto* at = info_.data();
        i2d_PUBKEY(key_, &at);
    }
    SoftwareSigner(const SoftwareSigner&) = delete;
    SoftwareSigner& operator=(const SoftwareSigner&) = delete;
    ~SoftwareSigner() override { EVP_PKEY_free(key_); }

    Result<Bytes> sign_digest_sha256(BytesView digest) override {
        EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key_, nullptr);
        EVP_PKEY_sign_init(context);
        if (kind_ != pki::KeyKind::P256) EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING);
        EVP_PKEY_CTX_set_signature_md(context, EVP_sha256());
        Bytes out(static_cast<std::size_t>(EVP_PKEY_get_size(key_)));
        std::size_t length = out.size();
        const int done = EVP_PKEY_sign(context, out.data(), &length, digest.data(), digest.size());
        EVP_PKEY_CTX_free(context);
        if (done != 1) return fail(ErrorKind::Unavailable, "token.failed");
        out.resize(length);
        return out;
    }
    const Bytes& public_key_info() const override { return info_; }
    pki::KeyKind kind() const override { return kind_; }

  private:
    pki::KeyKind kind_;
    EVP_PKEY* key_;
    Bytes info_;
};

/// A signer of the store: asks it each time whether the token is still there.
class StoredSigner final : public pki::Signer {
  public:
    StoredSigner(SoftwareKeys& store, std::shared_ptr<pki::Signer> inner)
        : store_(store), inner_(std::move(inner)) {}
    Result<Bytes> sign_digest_sha256(BytesView digest) override {
        if (store_.is_gone) return fail(ErrorKind::Unavailable, "token.removed");
        if (store_.fails_after >= 0 && store_.fails_after-- == 0) {
            store_.fails_after = 0;
            return fail(ErrorKind::Unavailable, "token.removed");
        }
        ++store_.signatures;
        return inner_->sign_digest_sha256(digest);
    }
    const Bytes& public_key_info() const override { return inner_->public_key_info(); }
    pki::KeyKind kind() const override { return inner_->kind(); }

  private:
    SoftwareKeys& store_;
    std::shared_ptr<pki::Signer> inner_;
};

}  // namespace

std::shared_ptr<pki::Signer> make_software_signer(pki::KeyKind kind) {
    return std::make_shared<SoftwareSigner>(kind);
}

Result<std::shared_ptr<pki::Signer>> SoftwareKeys::signer(std::string_view label) {
    const std::lock_guard lock{mutex_};
    const auto found = keys_.find(label);
    if (found == keys_.end()) return fail(ErrorKind::NotFound, "token.key_missing");
    return std::make_shared<StoredSigner>(*this, found->second);
}

Result<std::shared_ptr<pki::Signer>> SoftwareKeys::generate(std::string_view label,
                                                            pki::KeyKind kind) {
    {
        const std::lock_guard lock{mutex_};
        auto& key = keys_[std::string{label}];
        if (key == nullptr) key = make_software_signer(kind);
        if (key->kind() != kind) return fail(ErrorKind::Conflict, "token.key_other_kind");
    }
    return signer(label);
}

}  // namespace antin::kit
