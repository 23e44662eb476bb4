#pragma once
#include <optional>

#include "base/bytes.hpp"
#include "pki/signer.hpp"

namespace antin::hsm {

/// SubjectPublicKeyInfo of what a token says about its public keys; empty when that makes no key.
[[nodiscard]] Bytes rsa_public_key_info(const Bytes& modulus, const Bytes& exponent);
/// `point` as PKCS#11 gives it: an OCTET STRING around the uncompressed point, or the bare point.
[[nodiscard]] Bytes p256_public_key_info(const Bytes& point);
[[nodiscard]] std::optional<pki::KeyKind> kind_of_public_key(const Bytes& public_key_info);
/// PKCS#11 gives r||s; certificates want Ecdsa-Sig-Value. Empty when the length is odd.
[[nodiscard]] Bytes ecdsa_signature_der(const Bytes& r_and_s);

}  // namespace antin::hsm
