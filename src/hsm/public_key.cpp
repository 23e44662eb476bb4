#include "hsm/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

#include <memory>

namespace antin::hsm {

namespace {

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using Number = std::unique_ptr<BIGNUM, Freer<BN_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Freer<EVP_PKEY_CTX_free>>;
using Builder = std::unique_ptr<OSSL_PARAM_BLD, Freer<OSSL_PARAM_BLD_free>>;
using Parameters = std::unique_ptr<OSSL_PARAM, Freer<OSSL_PARAM_free>>;

Bytes encode(const char* algorithm, OSSL_PARAM* parameters) {
    const Context context(EVP_PKEY_CTX_new_from_name(nullptr, algorithm, nullptr));
    EVP_PKEY* raw = nullptr;
    if (context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &raw, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
        return {};
    }
    const Key key(raw);
    unsigned char* der = nullptr;
    const int size = i2d_PUBKEY(key.get(), &der);
    if (size <= 0) return {};
    Bytes bytes(der, der + size);
    OPENSSL_free(der);
    return bytes;
}

}  // namespace

Bytes rsa_public_key_info(const Bytes& modulus, const Bytes& exponent) {
    const Number n(BN_bin2bn(modulus.data(), static_cast<int>(modulus.size()), nullptr));
    const Number e(BN_bin2bn(exponent.data(), static_cast<int>(exponent.size()), nullptr));
    const Builder builder(OSSL_PARAM_BLD_new());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
    OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
    const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
    return parameters == nullptr ? Bytes{} : encode("RSA", parameters.get());
}

Bytes p256_public_key_info(const Bytes& point) {
    constexpr std::size_t point_size = 65;  // 04 || X || Y
    if (point.size() < point_size) return {};
    const std::uint8_t* bare = point.data() + (point.size() - point_size);
    if (*bare != 0x04) return {};
    char group[] = "prime256v1";
    OSSL_PARAM parameters[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, const_cast<std::uint8_t*>(bare),
                                          point_size),
        OSSL_PARAM_construct_end()};
    return encode("EC", parameters);
}

std::optional<pki::KeyKind> kind_of_public_key(const Bytes& public_key_info) {
    const unsigned char* cursor = public_key_info.data();
    const Key key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(public_key_info.size())));
    if (key == nullptr) return std::nullopt;
    if (EVP_PKEY_is_a(key.get(), "EC") == 1) {
        return EVP_PKEY_get_bits(key.get()) == 256 ? std::optional{pki::KeyKind::P256}
                                                   : std::nullopt;
    }
    if (EVP_PKEY_is_a(key.get(), "RSA") != 1) return std::nullopt;
    switch (EVP_PKEY_get_bits(key.get())) {
        case 2048:
            return pki::KeyKind::Rsa2048;
        case 3072:
            return pki::KeyKind::Rsa3072;
        case 4096:
            return pki::KeyKind::Rsa4096;
        default:
            return std::nullopt;
    }
}

Bytes ecdsa_signature_der(const Bytes& r_and_s) {
    if (r_and_s.empty() || r_and_s.size() % 2 != 0) return {};
    const int half = static_cast<int>(r_and_s.size() / 2);
    ECDSA_SIG* signature = ECDSA_SIG_new();
    BIGNUM* r = BN_bin2bn(r_and_s.data(), half, nullptr);
    BIGNUM* s = BN_bin2bn(r_and_s.data() + half, half, nullptr);
    ECDSA_SIG_set0(signature, r, s);
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature, &der);
    ECDSA_SIG_free(signature);
    if (size <= 0) return {};
    Bytes bytes(der, der + size);
    OPENSSL_free(der);
    return bytes;
}

}  // namespace antin::hsm
