#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/role.hpp"

namespace antin::app {

struct AddPerson {
    std::int64_t agency_id = 0;
    std::string email, full_name, position, phone;
    std::vector<domain::Role> roles;
};

/// A head names clerks of the own agency; the system administrator adds officers anywhere. Somebody
/// new gets a mail with a link to set the first password (7 days); somebody who has an account gets
/// the role and a notice. Returns the account.
/// Errors: Forbidden "access.role"; NotFound "agency.not_found" (not theirs); Invalid
/// "person.full_name", "person.email" (personal or malformed), "account.roles"; Refused
/// "account.role_elsewhere", "account.roles_apart", "person.suspended".
[[nodiscard]] Result<std::int64_t> add_person(Services& services, const Actor& actor,
                                              const AddPerson& input);

/// Sends the link for the first password again, to a person who has not used it.
/// Errors: as above; Refused "person.active" when the account is in use already.
Status invite_person_again(Services& services, const Actor& actor, std::int64_t account_id,
                           std::int64_t agency_id);

/// May `actor` give `role` at this body, or end it? Heads: clerks of their own agency. The system
/// administrator: every role. A coordinator ends roles at agencies of the province (giving them is
/// an invitation).
enum class RoleAct { Give, End };
[[nodiscard]] Status may_change_role(Services& services, const Actor& actor, std::int64_t agency_id,
                                     domain::Role role, RoleAct act);

}  // namespace antin::app
