#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "pki/signer.hpp"

/// OCSP, RFC 6960: requests read, answers made, and the other way round for programs that ask.
namespace antin::pki {

struct OcspCertId {
    std::string hash_oid;
    Bytes issuer_name_hash, issuer_key_hash;
    Bytes serial;  // INTEGER content
    Bytes whole;   // CertID, DER: an answer repeats it
};

struct OcspRequest {
    std::vector<OcspCertId> ids;
    std::optional<Bytes> nonce;  // the octets inside the extension's OCTET STRING
};

inline constexpr std::size_t ocsp_request_bytes_max = 4096;
inline constexpr std::size_t ocsp_ids_max = 16;
inline constexpr std::size_t ocsp_nonce_bytes_max = 128;  // RFC 9654

/// Errors: Invalid "ocsp.malformed", TooLarge "ocsp.too_large".
[[nodiscard]] Result<OcspRequest> read_ocsp_request(BytesView der);
/// CertID and request for one certificate; `issuer_name` is its issuer's Name.
[[nodiscard]] Bytes encode_cert_id(bool sha256, BytesView issuer_name,
                                   BytesView issuer_public_key_info, BytesView serial_content);
[[nodiscard]] Bytes make_ocsp_request(BytesView cert_id, const std::optional<Bytes>& nonce);

enum class OcspStatus { Good, Revoked, Unknown };

struct OcspSingle {
    Bytes cert_id;
    OcspStatus status = OcspStatus::Unknown;
    Instant revoked_at{};
    int reason = 0;  // CRLReason; 0 is left out, as RFC 5280 wants
    Instant this_update{};
    std::optional<Instant> next_update;
};

/// ResponseData, DER: what the responder signs. `responder_key_hash`: SHA-1 of its key bits.
[[nodiscard]] Bytes encode_ocsp_data(BytesView responder_key_hash, Instant produced_at,
                                     const std::vector<OcspSingle>& singles,
                                     const std::optional<Bytes>& nonce);
/// OCSPResponse (successful) around signed data, carrying the responder's certificate.
[[nodiscard]] Bytes assemble_ocsp(BytesView data, KeyKind signer, BytesView signature,
                                  BytesView responder_certificate);

enum class OcspError { MalformedRequest = 1, InternalError = 2, TryLater = 3, Unauthorized = 6 };
[[nodiscard]] Bytes ocsp_error(OcspError error);

struct OcspResponse {
    int status = 0;  // 0 successful, else OcspError
    Bytes data, algorithm, signature;
    std::vector<Bytes> certificates;
    Instant produced_at{};
    std::vector<OcspSingle> singles;
    std::optional<Bytes> nonce;
};
/// Structure only; the caller checks the signature. Errors: Invalid "ocsp.malformed".
[[nodiscard]] Result<OcspResponse> read_ocsp_response(BytesView der);

}  // namespace antin::pki
