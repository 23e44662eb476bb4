#pragma once
#include <memory>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pki/signer.hpp"

namespace antin::pki {

/// "rsa2048", "rsa3072", "rsa4096", "p256": in settings, profiles and the database.
[[nodiscard]] std::string_view to_name(KeyKind kind);
[[nodiscard]] std::optional<KeyKind> key_kind_from_name(std::string_view name);
[[nodiscard]] inline bool is_rsa(KeyKind kind) {
    return kind != KeyKind::P256;
}

/// What kind of key a SubjectPublicKeyInfo holds. Refused: other algorithms, sizes and curves, odd
/// parameters, exponents other than 65537, a modulus with a small factor, a point off the curve.
/// Errors: Invalid "key.unreadable", "key.kind", "key.weak".
[[nodiscard]] Result<KeyKind> key_kind_of(BytesView public_key_info);

/// SHA-1 over the bits of subjectPublicKey (RFC 5280, 4.2.1.2 method 1): names keys, secures
/// nothing.
[[nodiscard]] Result<Bytes> key_identifier(BytesView public_key_info);
/// The bits of subjectPublicKey; empty when unreadable.
[[nodiscard]] BytesView public_key_bits(BytesView public_key_info);

/// AlgorithmIdentifier (DER) of the signatures that a key of `kind` makes here.
[[nodiscard]] const Bytes& signature_algorithm(KeyKind kind);
/// Bytes of the right length that are nobody's signature: stands where the real one will.
[[nodiscard]] const Bytes& placeholder_signature(KeyKind kind);

/// A public key, parsed once, to check many signatures. Copies share it; any thread may use it.
class PublicKey {
  public:
    [[nodiscard]] static Result<PublicKey> read(BytesView public_key_info);
    /// Whether `signature` was made over `message` with `algorithm` (AlgorithmIdentifier, DER):
    /// RSA PKCS#1 v1.5 or ECDSA with SHA-256, -384 or -512. Anything else is false.
    [[nodiscard]] bool verify(BytesView message, BytesView algorithm, BytesView signature) const;
    [[nodiscard]] bool verify_digest_sha256(BytesView digest, BytesView signature) const;

  private:
    std::shared_ptr<void> key_;
    bool rsa_ = true;
};

}  // namespace antin::pki
