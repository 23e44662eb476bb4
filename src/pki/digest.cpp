#include "pki/digest.hpp"

#include <openssl/evp.h>
#include <openssl/sha.h>

namespace antin::pki {

Bytes sha1(BytesView bytes) {
    Bytes out(SHA_DIGEST_LENGTH);
    SHA1(bytes.data(), bytes.size(), out.data());
    return out;
}

Bytes sha256(BytesView bytes) {
    Bytes out(SHA256_DIGEST_LENGTH);
    SHA256(bytes.data(), bytes.size(), out.data());
    return out;
}

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
    EVP_DigestInit_ex(state_->context, EVP_sha256(), nullptr);
}
Sha256::~Sha256() = default;

void Sha256::add(BytesView bytes) {
    EVP_DigestUpdate(state_->context, bytes.data(), bytes.size());
}

Bytes Sha256::finish() {
    Bytes out(SHA256_DIGEST_LENGTH);
    EVP_DigestFinal_ex(state_->context, out.data(), nullptr);
    return out;
}

}  // namespace antin::pki
