#pragma once
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ca/ceremony.hpp"
#include "ca/key_store.hpp"
#include "ledger/issuers.hpp"
#include "sql/sql.hpp"

namespace antin::ca {

/// One of the authority's own certificates about to be made: root, issuing CA or responder.
struct OwnCertificate {
    std::string profile;  // "root", "issuing", "responder"
    std::string country, organisation, common_name;
    int validity_days = 0;
    const ledger::Issuer* issuer = nullptr;  // nullptr: signs itself
    std::string status_url;
};
struct MadeCertificate {
    std::string serial;
    Bytes der;
    Instant not_after{};
};

/// Serial and body on record, lint, signature, comparison: the same way as for subscribers.
/// Errors: Refused "ca.lint" (detail names the departures); those of token and database.
[[nodiscard]] Result<MadeCertificate> make_own_certificate(sql::Database& db, const Clock& clock,
                                                           const OwnCertificate& wanted,
                                                           BytesView subject_public_key_info,
                                                           pki::Signer& issuer_key);

/// A new responder key and certificate for `issuer`; the former stays on record.
[[nodiscard]] Result<ledger::Responder> make_responder(sql::Database& db, const Clock& clock,
                                                       const CeremonyScript& script,
                                                       const ledger::Issuer& issuer,
                                                       const std::string& status_url,
                                                       KeyStore& keys);

}  // namespace antin::ca
