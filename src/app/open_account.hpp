#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/permissions.hpp"
#include "domain/vocabulary.hpp"

namespace antin::app {

/// A person with roles at one body, and a password for one sign-in that must be changed there.
struct OpenAccount {
    std::string email, full_name, position;
    std::int64_t agency_id = 0;
    std::vector<domain::Role> roles;
    bool is_demo = false;  // left out of figures
};
struct OpenedAccount {
    std::int64_t account_id = 0;
    std::string one_time_password;  // told once, kept only as a hash; ends after 30 days
};

/// The system administrator, and the command line (Actor::system): whoever may run it owns the data
/// folder anyway.
[[nodiscard]] bool may_open_accounts(const Actor& actor);
/// Which roles a body of this kind can have.
[[nodiscard]] domain::Body body_kind(std::string_view agency_kind);

/// Who may call: the system administrator for officers of the provider, and the command line
/// (Actor::system). Agencies get theirs by invitation.
/// Errors: Forbidden "access.role"; Invalid "account.email", "account.full_name", "account.roles";
/// NotFound "agency.not_found"; Refused "account.role_elsewhere" (a role that this kind of body
/// does not have), "account.roles_apart" (two that nobody may hold together); Conflict
/// "account.email_taken".
[[nodiscard]] Result<OpenedAccount> open_account(Services& services, const Actor& actor,
                                                 const OpenAccount& input);

/// A new password for one sign-in, for a person who lost theirs and has no mail. Ends the person's
/// sessions; with `and_second_factor` the second factor is set up anew at the next sign-in.
/// Errors: Forbidden "access.role", NotFound "account.not_found".
[[nodiscard]] Result<OpenedAccount> reissue_password(Services& services, const Actor& actor,
                                                     std::string_view email,
                                                     bool and_second_factor);

}  // namespace antin::app
