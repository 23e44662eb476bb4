#include "app/vault.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

#include "base/random.hpp"

namespace antin::app {

namespace {

constexpr std::size_t nonce_size = 12, mark_size = 16, key_size = 32;

struct ContextFreer {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_CIPHER_CTX, ContextFreer>;

const unsigned char* raw(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}

}  // namespace

Bytes seal(const Services& services, std::string_view purpose, std::string_view secret) {
    if (services.vault_key.size() != key_size) throw std::logic_error("no vault key");
    Bytes out = random_bytes(nonce_size);
    out.resize(nonce_size + secret.size() + mark_size);
    unsigned char* body = out.data() + nonce_size;
    const Context context(EVP_CIPHER_CTX_new());
    int size = 0;
    const bool sealed = EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr,
                                           raw(services.vault_key), out.data()) == 1 &&
                        EVP_EncryptUpdate(context.get(), nullptr, &size, raw(purpose),
                                          static_cast<int>(purpose.size())) == 1 &&
                        EVP_EncryptUpdate(context.get(), body, &size, raw(secret),
                                          static_cast<int>(secret.size())) == 1 &&
                        EVP_EncryptFinal_ex(context.get(), body + size, &size) == 1 &&
                        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, mark_size,
                                            body + secret.size()) == 1;
    if (!sealed) throw std::runtime_error("cannot seal");
    return out;
}

Result<std::string> unseal(const Services& services, std::string_view purpose, BytesView sealed) {
    const auto broken = fail(ErrorKind::Internal, "vault.cannot_open");
    if (services.vault_key.size() != key_size || sealed.size() < nonce_size + mark_size) {
        return broken;
    }
    const std::size_t body_size = sealed.size() - nonce_size - mark_size;
    const unsigned char* body = sealed.data() + nonce_size;
    std::string secret(body_size, '\0');
    auto* out = reinterpret_cast<unsigned char*>(secret.data());
    const Context context(EVP_CIPHER_CTX_new());
    int size = 0;
    const bool opened =
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(services.vault_key),
                           sealed.data()) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &size, raw(purpose),
                          static_cast<int>(purpose.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), out, &size, body, static_cast<int>(body_size)) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, mark_size,
                            const_cast<unsigned char*>(body + body_size)) == 1 &&
        EVP_DecryptFinal_ex(context.get(), out + size, &size) == 1;
    if (!opened) return broken;
    return secret;
}

}  // namespace antin::app
