#pragma once
#include <functional>
#include <optional>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "pki/signer.hpp"

/// Certificate revocation lists, RFC 5280 section 5. A list may have a million entries, so it is
/// framed around entries that stream by: TBS = frame.before + entries + frame.after.
namespace antin::pki {

struct CrlHead {
    KeyKind signer = KeyKind::Rsa3072;
    Bytes issuer;            // Name, DER
    Bytes authority_key_id;  // key identifier of the issuer
    Instant this_update{}, next_update{};
    std::int64_t number = 1;
};
struct CrlFrame {
    Bytes before, after;
};
/// `entries_length`: bytes of all encoded entries together.
[[nodiscard]] CrlFrame frame_crl(const CrlHead& head, std::uint64_t entries_length);
/// `serial` big-endian; a reason of 0 (unspecified) is left out.
[[nodiscard]] Bytes encode_crl_entry(BytesView serial, Instant revoked_at, int reason);
/// What stands before the TBS and after it in the signed list.
[[nodiscard]] Bytes crl_opening(std::uint64_t tbs_length, KeyKind signer, BytesView signature);
[[nodiscard]] Bytes crl_closing(KeyKind signer, BytesView signature);

struct CrlEntry {
    BytesView serial;  // INTEGER content
    Instant revoked_at{};
    int reason = 0;
};
struct CrlView {
    BytesView tbs, algorithm, signature, issuer;
    Instant this_update{};
    std::optional<Instant> next_update;
    std::optional<std::int64_t> number;
    BytesView entries;  // content of revokedCertificates
};
/// Errors: Invalid "crl.malformed".
[[nodiscard]] Result<CrlView> read_crl(BytesView der);
/// Calls `visit` for each entry; Invalid "crl.malformed" at the first bad one.
[[nodiscard]] Status for_each_entry(const CrlView& crl,
                                    const std::function<void(const CrlEntry&)>& visit);

}  // namespace antin::pki
