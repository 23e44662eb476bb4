#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "sql/sql.hpp"

/// Certificates and their status.
namespace antin::ledger {

/// CRLReason codes of RFC 5280, 5.3.1 that this authority uses.
enum class RevocationReason {
    Unspecified = 0,
    KeyCompromise = 1,
    AffiliationChanged = 3,
    Superseded = 4,
    CessationOfOperation = 5,
    CertificateHold = 6,  // only while on hold, never for good
    PrivilegeWithdrawn = 9,
};

enum class CertificateState { Hold, InForce, Revoked };
[[nodiscard]] std::string_view to_name(CertificateState state);  // "hold", "in_force", "revoked"

struct CertificateRecord {
    std::string serial;    // 16 hex digits, capitals
    std::string issuer;    // "state", "party"
    std::string order_id;  // "" for one brought back after a restore
    std::string profile, common_name, email;
    std::string subject;      // the whole name, RFC 4514
    std::string subject_key;  // SHA-256 of the SubjectPublicKeyInfo, hex
    Instant not_before{}, not_after{}, issued_at{};
    CertificateState state = CertificateState::Hold;
    Instant state_since{};
    RevocationReason reason = RevocationReason::Unspecified;  // when Revoked
    Bytes der;
};

/// Also writes the status event. False when serial or order has its certificate already.
[[nodiscard]] bool insert_certificate(sql::Transaction& tx, const CertificateRecord& record);
[[nodiscard]] std::optional<CertificateRecord> find_certificate(sql::Reader& reader,
                                                                std::string_view serial);
[[nodiscard]] std::optional<CertificateRecord> find_certificate_of_order(sql::Reader& reader,
                                                                         std::string_view order_id);
/// Newest first.
[[nodiscard]] std::vector<CertificateRecord> list_certificates_by_email(sql::Reader& reader,
                                                                        std::string_view email);
[[nodiscard]] std::vector<CertificateRecord> list_certificates_by_key(sql::Reader& reader,
                                                                      std::string_view subject_key);
/// Serials above `after`, for walks over everything.
[[nodiscard]] std::vector<CertificateRecord> list_certificates(sql::Reader& reader,
                                                               std::string_view after,
                                                               std::int64_t count_max);

/// Hold <-> in force, with its status event. False when the certificate is not in `from`, or is
/// revoked for good: nothing changed.
[[nodiscard]] bool change_state(sql::Transaction& tx, std::string_view serial,
                                CertificateState from, CertificateState to, Instant now);

struct Revocation {
    std::string serial, issuer;
    RevocationReason reason = RevocationReason::Unspecified;
    Instant revoked_at{}, listed_until{};
    std::int64_t actor_id = 0;
    std::string actor_name, reference;
};
/// For good, with its status event. False when it was revoked before: nothing changed.
[[nodiscard]] bool insert_revocation(sql::Transaction& tx, const Revocation& revocation);
[[nodiscard]] std::optional<Revocation> find_revocation(sql::Reader& reader,
                                                        std::string_view serial);

/// What a CRL lists: revocations for good and certificates on hold, in serial order, paged.
struct Listed {
    std::string serial;
    RevocationReason reason;
    Instant since;
};
[[nodiscard]] std::vector<Listed> list_revoked(sql::Reader& reader, std::string_view issuer,
                                               Instant now, std::string_view after,
                                               std::int64_t count_max);
[[nodiscard]] std::vector<Listed> list_held(sql::Reader& reader, std::string_view issuer,
                                            Instant now, std::string_view after,
                                            std::int64_t count_max);

}  // namespace antin::ledger
