#pragma once
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pki/signer.hpp"

namespace antin::pki {

/// What we take from a PKCS#10 request: the key, and that the asker holds it. The name in it is not
/// believed; whom the certificate names was approved by people.
struct CertificateRequest {
    KeyKind kind = KeyKind::Rsa3072;
    Bytes public_key_info;
};

/// Reads a request (DER) and checks the proof of possession: its signature by its own key.
/// Errors: Invalid "csr.unreadable", "key.kind", "key.weak", "csr.proof".
[[nodiscard]] Result<CertificateRequest> read_certificate_request(BytesView der);

/// A request for the key of `signer`; `common_name` helps people who look at the file.
/// Errors: those of signing.
[[nodiscard]] Result<Bytes> make_certificate_request(Signer& signer, std::string_view common_name);

}  // namespace antin::pki
