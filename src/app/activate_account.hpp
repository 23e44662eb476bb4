#pragma once
#include <optional>
#include <string>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

/// What an invitation shows before it is used. Nothing secret: the code's holder was sent it.
struct InvitationView {
    std::int64_t invitation_id = 0;
    std::string agency_name, email, full_name, role;
    bool account_exists = false;  // the address has an account: its own password is asked for
};

/// By the code of mail, letter or QR. Errors: NotFound "invitation.unknown_code",
/// Refused "invitation.used", "invitation.withdrawn", "invitation.expired"; TooMany
/// "guesses.too_many" after many unknown codes from one address.
[[nodiscard]] Result<InvitationView> look_up_invitation(Services& services,
                                                        std::string_view remote_address,
                                                        std::string_view typed_code);

struct ActivateAccount {
    std::string code;
    std::string full_name, position, phone;
    std::string password, password_again;
    std::string remote_address;
};

/// Opens the account (or adds the role to the address's existing one, when `password` is its own),
/// grants the role and, for the first account, approves the invited agency. Returns the account.
/// Errors: those above; Invalid with a field: "activation.*" and those of app/password.hpp;
/// TooMany "password.tries" when the existing account's password was guessed at.
[[nodiscard]] Result<std::int64_t> activate_account(Services& services,
                                                    const ActivateAccount& input);

}  // namespace antin::app
