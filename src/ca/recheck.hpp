#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sql/sql.hpp"

namespace antin::ca {

struct RecheckFinding {
    std::string serial, rule, detail;
};
struct RecheckOutcome {
    std::int64_t count = 0;
    std::vector<RecheckFinding> findings;  // at most 1,000
};

/// Judges every certificate on record again, apart from the code that issued it: signature by its
/// issuer, profile, and that the columns say what the certificate says.
[[nodiscard]] Result<RecheckOutcome> recheck_certificates(sql::Database& db);

}  // namespace antin::ca
