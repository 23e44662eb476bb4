#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::program {

/// What a measuring program needs to know of a seeded installation.
struct SeedOutcome {
    std::int64_t dossiers = 0, lines = 0;
    std::string officer_cookie;  // value of the session cookie of an invented assessor
    std::string clerk_cookie;
    std::int64_t dossier300 = 0;  // id of a dossier with 300 rows, in progress
    std::string lookup_code, lookup_check;
};

/// Fills the database with `count` invented dossiers of the national mix (57% issuance, 40%
/// amendment, 1% renewal, 2% revocation; about 7 rows each), most of them returned, some hundred
/// open: for measuring only. No real person's name, number or address; nothing is issued.
/// `progress` is told the number done, now and then. Errors: Refused "seed.not_empty" where
/// dossiers that were not seeded lie; those of the database.
[[nodiscard]] Result<SeedOutcome> seed_dossiers(app::Services& services, std::int64_t count,
                                                const std::function<void(std::int64_t)>& progress);

}  // namespace antin::program
