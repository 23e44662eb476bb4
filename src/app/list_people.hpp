#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"

namespace antin::app {

/// People with a role at one body: for its clerks and heads, the system administrator, the auditor.
/// Errors: NotFound "agency.not_found".
[[nodiscard]] Result<std::vector<store::PersonRow>> people_of_body(Services& services,
                                                                   const Actor& actor,
                                                                   std::int64_t agency_id);

struct PeoplePage {
    std::vector<store::PersonRow> people;
    std::int64_t total = 0;
};
inline constexpr int people_per_page = 50;
/// Everybody; the system administrator and the auditor. `page` counts from 1.
[[nodiscard]] Result<PeoplePage> list_people(Services& services, const Actor& actor,
                                             const std::string& words, std::int64_t page);

/// One person, and the bodies at which officers work. Errors: NotFound "account.not_found".
struct PersonPage {
    store::PersonRow person;
    std::vector<store::Agency> bodies;
};
[[nodiscard]] Result<PersonPage> see_person(Services& services, const Actor& actor,
                                            std::int64_t account_id);
/// The provider and the provincial desks.
[[nodiscard]] Result<std::vector<store::Agency>> officer_bodies(Services& services,
                                                                const Actor& actor);

}  // namespace antin::app
