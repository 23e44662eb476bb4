#pragma once
#include <chrono>
#include <filesystem>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ledger/issuers.hpp"
#include "ledger/status.hpp"
#include "pki/signer.hpp"
#include "sql/sql.hpp"

namespace antin::ca {

/// Makes and publishes the full CRL of one issuer: everything revoked for good until some days
/// after its expiry, and everything on hold. Streams through a temporary file, so that a million
/// entries need no memory. The number is on record before the key signs. Errors: those of the token
/// and the database; Unavailable "ca.public_file".
[[nodiscard]] Result<ledger::Crl> publish_crl(sql::Database& db, const Clock& clock,
                                              const ledger::Issuer& issuer, pki::Signer& signer,
                                              std::chrono::hours validity,
                                              const std::filesystem::path& public_dir,
                                              std::int64_t number_min = 1);

}  // namespace antin::ca
