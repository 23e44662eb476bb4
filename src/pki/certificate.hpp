#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "pki/name.hpp"
#include "pki/signer.hpp"

namespace antin::pki {

struct ExtensionView {
    std::string oid;
    bool critical = false;
    BytesView value;  // content of the OCTET STRING
};

/// A certificate read in place: all views point into the bytes it was read from, which must live
/// longer. Reading checks structure only; `lint` judges, PublicKey::verify checks the signature.
struct CertificateView {
    BytesView whole, tbs;
    int version = 1;
    BytesView serial;  // INTEGER content, as it stands
    BytesView inner_algorithm, outer_algorithm;
    BytesView issuer, subject;  // Name
    Instant not_before{}, not_after{};
    BytesView validity;  // SEQUENCE of two times
    BytesView public_key_info;
    BytesView unique_ids;  // empty in any certificate of today
    std::vector<ExtensionView> extensions;
    BytesView signature;

    [[nodiscard]] const ExtensionView* extension(std::string_view oid) const;
    /// 16 hex digits or more, capitals.
    [[nodiscard]] std::string serial_text() const;
};

/// Errors: Invalid "x509.malformed" (detail says where).
[[nodiscard]] Result<CertificateView> read_certificate(BytesView der);

/// Contents of the extensions that tools ask for; nothing when absent or malformed.
[[nodiscard]] std::optional<std::uint32_t> key_usage_of(const CertificateView& certificate);
[[nodiscard]] std::vector<std::string> extended_key_usage_of(const CertificateView& certificate);
[[nodiscard]] std::string email_of(const CertificateView& certificate);
[[nodiscard]] Bytes subject_key_id_of(const CertificateView& certificate);
[[nodiscard]] Bytes authority_key_id_of(const CertificateView& certificate);
[[nodiscard]] bool is_authority(const CertificateView& certificate);
/// Hex of a serial's INTEGER content: capitals, no sign byte, padded to at least 16 digits.
[[nodiscard]] std::string serial_text(BytesView integer_content);

// --- making --------------------------------------------------------------------------------------
struct ExtensionBody {
    std::string_view oid;
    bool critical = false;
    Bytes value;
};

/// What a certificate says, before anyone signs it.
struct CertificateBody {
    Bytes serial;  // big-endian, positive
    KeyKind signer = KeyKind::Rsa3072;
    Bytes issuer, subject;  // Name, DER
    Instant not_before{}, not_after{};
    Bytes public_key_info;
    std::vector<ExtensionBody> extensions;
};
/// TBSCertificate, DER: the bytes whose digest the issuer signs.
[[nodiscard]] Bytes encode_body(const CertificateBody& body);
/// SEQUENCE of body, algorithm and signature: a certificate, or likewise a CRL.
[[nodiscard]] Bytes assemble(BytesView body, KeyKind signer, BytesView signature);

/// Bits of keyUsage, in the order of RFC 5280.
namespace key_usage {
inline constexpr std::uint32_t digital_signature = 1 << 0, non_repudiation = 1 << 1,
                               key_encipherment = 1 << 2, data_encipherment = 1 << 3,
                               key_agreement = 1 << 4, key_cert_sign = 1 << 5, crl_sign = 1 << 6;
}  // namespace key_usage

namespace extensions {
[[nodiscard]] ExtensionBody basic_constraints(bool authority, std::optional<int> path_length);
[[nodiscard]] ExtensionBody key_usage(std::uint32_t bits);
[[nodiscard]] ExtensionBody extended_key_usage(const std::vector<std::string>& oids);
[[nodiscard]] ExtensionBody subject_key_id(BytesView id);
[[nodiscard]] ExtensionBody authority_key_id(BytesView id);
[[nodiscard]] ExtensionBody policy(std::string_view oid, std::string_view cps_url);
[[nodiscard]] ExtensionBody crl_distribution(std::string_view url);
/// `ocsp_url` may be empty (issuing CAs are checked by the root's CRL).
[[nodiscard]] ExtensionBody authority_access(std::string_view ocsp_url,
                                             std::string_view issuer_url);
/// Mail, host name and address; empty ones are left out. `ip` is 4 or 16 bytes.
[[nodiscard]] ExtensionBody alternative_names(std::string_view email, std::string_view host,
                                              BytesView ip);
[[nodiscard]] ExtensionBody ocsp_nocheck();
}  // namespace extensions

}  // namespace antin::pki
