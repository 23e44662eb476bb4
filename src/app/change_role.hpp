#pragma once
#include <string>
#include <string_view>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

struct RoleChange {
    std::string email;
    std::int64_t agency_id = 0;
    domain::Role role{};
};

/// For the command line and the system administrator, and for those whom may_change_role
/// (add_person.hpp) lets. An officer who moves loses the old place at once: the sessions end with
/// the role, and open work goes back to the queue. The same again changes nothing.
/// Errors: Forbidden "access.role"; NotFound "account.not_found", "agency.not_found"; Refused
/// "account.role_elsewhere", "account.roles_apart", "account.last_administrator".
[[nodiscard]] Status give_role(Services& services, const Actor& actor, const RoleChange& change);
[[nodiscard]] Status end_role(Services& services, const Actor& actor, const RoleChange& change);
/// "active" or "suspended"; a suspended person's sessions end. NotFound "account.not_found".
[[nodiscard]] Status set_account_state(Services& services, const Actor& actor,
                                       std::string_view email, std::string_view state);

}  // namespace antin::app
