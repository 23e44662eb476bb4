#include "pki/key.hpp"

#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include <array>
#include <utility>

#include "pki/der.hpp"
#include "pki/digest.hpp"
#include "pki/oids.hpp"

namespace antin::pki {
namespace {

constexpr std::array<std::pair<KeyKind, std::string_view>, 4> kind_names{{
    {KeyKind::Rsa2048, "rsa2048"},
    {KeyKind::Rsa3072, "rsa3072"},
    {KeyKind::Rsa4096, "rsa4096"},
    {KeyKind::P256, "p256"},
}};

struct KeyParts {
    std::string algorithm;
    BytesView parameters;  // whole element
    BytesView bits;
};

std::optional<KeyParts> read_parts(BytesView public_key_info) {
    der::Reader outer{public_key_info};
    der::Reader info = outer.enter(der::tag::sequence);
    der::Reader algorithm = info.enter(der::tag::sequence);
    KeyParts parts;
    parts.algorithm = der::read_oid(algorithm.next(der::tag::oid).content);
    parts.parameters = algorithm.next().whole;
    const auto bits = der::read_octet_bits(info.next(der::tag::bit_string));
    if (!outer.finished() || !info.finished() || !algorithm.finished() || !bits) {
        return std::nullopt;
    }
    parts.bits = *bits;
    return parts;
}

struct PrimeProduct {
    std::uint64_t product = 1;
    std::vector<unsigned> primes;
};

/// The odd primes up to 211, multiplied together as far as 64 bits go.
const std::vector<PrimeProduct>& small_primes() {
    static const auto products = [] {
        std::vector<PrimeProduct> out(1);
        for (unsigned n = 3; n <= 211; n += 2) {
            bool is_prime = true;
            for (unsigned d = 3; d * d <= n; d += 2) is_prime = is_prime && n % d != 0;
            if (!is_prime) continue;
            if (out.back().product > UINT64_MAX / n) out.emplace_back();
            out.back().product *= n;
            out.back().primes.push_back(n);
        }
        return out;
    }();
    return products;
}

/// A modulus that shares a factor with a small prime came from a broken generator.
bool has_small_factor(BytesView modulus) {
    for (const PrimeProduct& group : small_primes()) {
        unsigned __int128 rest = 0;
        for (std::size_t i = 0; i < modulus.size(); i += 8) {
            std::uint64_t limb = 0;
            for (std::size_t j = i; j < i + 8; ++j) limb = limb << 8 | modulus[j];
            rest = (rest << 64 | limb) % group.product;
        }
        const auto low = static_cast<std::uint64_t>(rest);
        for (const unsigned prime : group.primes) {
            if (low % prime == 0) return true;
        }
    }
    return false;
}

Result<KeyKind> rsa_kind(const KeyParts& parts) {
    der::Reader outer{parts.bits};
    der::Reader key = outer.enter(der::tag::sequence);
    const der::Element modulus = key.next(der::tag::integer);
    const der::Element exponent = key.next(der::tag::integer);
    if (!outer.finished() || !key.finished() || !der::is_positive_integer(modulus) ||
        !der::is_positive_integer(exponent) || !std::ranges::equal(parts.parameters, der::null())) {
        return fail(ErrorKind::Invalid, "key.unreadable");
    }
    const BytesView n = der::magnitude(modulus.content);
    const auto kind = n.size() == 256   ? std::optional{KeyKind::Rsa2048}
                      : n.size() == 384 ? std::optional{KeyKind::Rsa3072}
                      : n.size() == 512 ? std::optional{KeyKind::Rsa4096}
                                        : std::nullopt;
    if (!kind || n[0] < 0x80) return fail(ErrorKind::Invalid, "key.kind");
    if (der::read_unsigned(exponent) != 65537 || n.back() % 2 == 0 || has_small_factor(n)) {
        return fail(ErrorKind::Invalid, "key.weak");
    }
    return *kind;
}

struct EvpKey {
    EVP_PKEY* key;
    explicit EvpKey(EVP_PKEY* k) : key(k) {}
    EvpKey(const EvpKey&) = delete;
    EvpKey& operator=(const EvpKey&) = delete;
    ~EvpKey() { EVP_PKEY_free(key); }
};

EVP_PKEY* parse(BytesView public_key_info) {
    const auto* at = public_key_info.data();
    return d2i_PUBKEY(nullptr, &at, static_cast<long>(public_key_info.size()));
}

Bytes algorithm_of(KeyKind kind) {
    if (kind == KeyKind::P256) return der::sequence({der::oid(oids::ecdsa_with_sha256)});
    return der::sequence({der::oid(oids::sha256_with_rsa), der::null()});
}

bool verify_digest(EVP_PKEY* key, bool rsa, const EVP_MD* md, BytesView digest,
                   BytesView signature) {
    EVP_PKEY_CTX* context = EVP_PKEY_CTX_new(key, nullptr);
    const bool good = context != nullptr && EVP_PKEY_verify_init(context) == 1 &&
                      (!rsa || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1) &&
                      EVP_PKEY_CTX_set_signature_md(context, md) == 1 &&
                      EVP_PKEY_verify(context, signature.data(), signature.size(), digest.data(),
                                      digest.size()) == 1;
    EVP_PKEY_CTX_free(context);
    return good;
}

}  // namespace

std::string_view to_name(KeyKind kind) {
    for (const auto& [known, name] : kind_names) {
        if (known == kind) return name;
    }
    return {};
}

std::optional<KeyKind> key_kind_from_name(std::string_view name) {
    for (const auto& [kind, known] : kind_names) {
        if (known == name) return kind;
    }
    return std::nullopt;
}

Result<KeyKind> key_kind_of(BytesView public_key_info) {
    const auto parts = read_parts(public_key_info);
    if (!parts) return fail(ErrorKind::Invalid, "key.unreadable");
    if (parts->algorithm == oids::rsa_encryption) return rsa_kind(*parts);
    if (parts->algorithm != oids::ec_public_key ||
        !std::ranges::equal(parts->parameters, der::oid(oids::p256))) {
        return fail(ErrorKind::Invalid, "key.kind");
    }
    if (parts->bits.size() != 65 || parts->bits[0] != 0x04) {
        return fail(ErrorKind::Invalid, "key.unreadable");
    }
    const EvpKey key{parse(public_key_info)};  // refuses a point that is not on the curve
    if (key.key == nullptr) return fail(ErrorKind::Invalid, "key.weak");
    return KeyKind::P256;
}

BytesView public_key_bits(BytesView public_key_info) {
    const auto parts = read_parts(public_key_info);
    return parts ? parts->bits : BytesView{};
}

Result<Bytes> key_identifier(BytesView public_key_info) {
    const BytesView bits = public_key_bits(public_key_info);
    if (bits.empty()) return fail(ErrorKind::Invalid, "key.unreadable");
    return sha1(bits);
}

const Bytes& signature_algorithm(KeyKind kind) {
    static const Bytes rsa = algorithm_of(KeyKind::Rsa2048), ec = algorithm_of(KeyKind::P256);
    return is_rsa(kind) ? rsa : ec;
}

const Bytes& placeholder_signature(KeyKind kind) {
    static const Bytes rsa2048(256, 0x5a), rsa3072(384, 0x5a), rsa4096(512, 0x5a);
    static const Bytes ec = der::sequence(
        {der::unsigned_integer(Bytes(32, 0x5a)), der::unsigned_integer(Bytes(32, 0x5a))});
    switch (kind) {
        case KeyKind::Rsa2048:
            return rsa2048;
        case KeyKind::Rsa3072:
            return rsa3072;
        case KeyKind::Rsa4096:
            return rsa4096;
        case KeyKind::P256:
            break;
    }
    return ec;
}

Result<PublicKey> PublicKey::read(BytesView public_key_info) {
    const auto parts = read_parts(public_key_info);
    EVP_PKEY* key = parts ? parse(public_key_info) : nullptr;
    if (key == nullptr) return fail(ErrorKind::Invalid, "key.unreadable");
    PublicKey out;
    out.key_ =
        std::shared_ptr<void>(key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); });
    out.rsa_ = EVP_PKEY_base_id(key) == EVP_PKEY_RSA;
    if (!out.rsa_ && EVP_PKEY_base_id(key) != EVP_PKEY_EC) {
        return fail(ErrorKind::Invalid, "key.kind");
    }
    return out;
}

bool PublicKey::verify(BytesView message, BytesView algorithm, BytesView signature) const {
    const auto outer = der::only(algorithm, der::tag::sequence);
    if (!outer) return false;
    der::Reader fields{outer->content};
    const std::string oid = der::read_oid(fields.next(der::tag::oid).content);
    const bool has_null = fields.optional(der::tag::null).has_value();
    if (!fields.finished() || has_null != rsa_) return false;
    const EVP_MD* md = nullptr;
    if (oid == (rsa_ ? oids::sha256_with_rsa : oids::ecdsa_with_sha256)) md = EVP_sha256();
    if (oid == (rsa_ ? oids::sha384_with_rsa : oids::ecdsa_with_sha384)) md = EVP_sha384();
    if (oid == (rsa_ ? oids::sha512_with_rsa : oids::ecdsa_with_sha512)) md = EVP_sha512();
    if (md == nullptr) return false;
    if (md == EVP_sha256()) return verify_digest_sha256(sha256(message), signature);
    Bytes digest(EVP_MAX_MD_SIZE);
    unsigned length = 0;
    EVP_Digest(message.data(), message.size(), digest.data(), &length, md, nullptr);
    return verify_digest(static_cast<EVP_PKEY*>(key_.get()), rsa_, md,
                         BytesView{digest}.first(length), signature);
}

bool PublicKey::verify_digest_sha256(BytesView digest, BytesView signature) const {
    return verify_digest(static_cast<EVP_PKEY*>(key_.get()), rsa_, EVP_sha256(), digest, signature);
}

}  // namespace antin::pki
