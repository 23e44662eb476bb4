#pragma once
#include <cstdint>
#include <functional>
#include <string>

#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::program {

/// What a measuring program needs to know of a seeded installation. Cookies are values of the
/// session cookie of invented people, signed in anew by each run.
struct SeedOutcome {
    std::int64_t dossiers = 0, lines = 0;
    std::string officer_cookie;  // an assessor
    std::string clerk_cookie;
    std::string coordinator_cookie;
    std::string administrator_cookie;
    std::string auditor_cookie;
    std::int64_t dossier300 = 0;  // id of a dossier with 300 rows, in progress
    std::string lookup_code, lookup_check;
};

/// Fills the database with `count` invented dossiers of the national mix (see seed_dossier.hpp),
/// their agencies, people, devices, notices and mails: for measuring only. No real person's name,
/// number or address; nothing is issued. A batch of dossiers is one transaction: a run that was cut
/// off goes on behind the last one, and one that was complete only signs people in again.
/// `progress` is told the number done, now and then.
/// Errors: Refused "seed.not_empty" where dossiers lie that were not seeded, "seed.other_count"
/// where another number was asked for before; those of the database.
[[nodiscard]] Result<SeedOutcome> seed_dossiers(app::Services& services, std::int64_t count,
                                                const std::function<void(std::int64_t)>& progress);

}  // namespace antin::program
