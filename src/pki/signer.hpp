#pragma once
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace antin::pki {

/// The kinds of key this authority makes and certifies.
enum class KeyKind { Rsa2048, Rsa3072, Rsa4096, P256 };

/// A private key that can sign, wherever it lives. In the product it lives in a PKCS#11 token
/// (src/hsm) and cannot be read; tests have a software one (tests/kit/software_signer.hpp).
/// One object may be used by several threads at once.
class Signer {
  public:
    virtual ~Signer() = default;

    /// Signs a SHA-256 digest of 32 bytes: RSA with PKCS#1 v1.5 padding over the DigestInfo
    /// (sha256WithRSAEncryption), EC as a DER Ecdsa-Sig-Value (ecdsa-with-SHA256): the bytes that
    /// go into the BIT STRING of a certificate, CRL or OCSP answer.
    /// Errors: Unavailable "token.…" when the token cannot sign now; nothing was signed.
    [[nodiscard]] virtual Result<Bytes> sign_digest_sha256(BytesView digest) = 0;

    /// The SubjectPublicKeyInfo, DER.
    [[nodiscard]] virtual const Bytes& public_key_info() const = 0;
    [[nodiscard]] virtual KeyKind kind() const = 0;

  protected:
    Signer() = default;
    Signer(const Signer&) = default;
    Signer& operator=(const Signer&) = default;
};

}  // namespace antin::pki
