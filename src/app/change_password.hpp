#pragma once
#include <string>
#include <string_view>

#include "app/load_session.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

struct ChangePassword {
    std::string old_password;  // not asked when a one-time password was used to sign in
    std::string password, again;
};
/// Changes it, ends all other sessions, gives this one a new cookie.
/// Errors: Invalid "password.old_wrong" (field "old_password") and those above; TooMany.
[[nodiscard]] Result<std::string> change_password(Services& services, const SignedIn& signed_in,
                                                  const ChangePassword& input);

/// Mails a link to the address, if it has an account; says nothing about whether it has.
/// Errors: Invalid "password.address" (field "email"); TooMany "password.resets".
Status request_password_reset(Services& services, std::string_view email,
                              std::string_view remote_address);

/// What the link of a reset, or of a new account's first password, opens. Errors: NotFound
/// "password.link_unknown".
struct PasswordLink {
    std::int64_t account_id = 0;
    std::string email, full_name;
    bool first = false;  // a new account
};
[[nodiscard]] Result<PasswordLink> look_up_password_link(Services& services,
                                                         std::string_view secret);
/// Sets the password and ends every session. The second factor stays as it is.
Status set_password_by_link(Services& services, std::string_view secret, std::string_view password,
                            std::string_view again);

/// A link for `account_id`, stored as a hash; for the use cases that send one. Returns its path.
[[nodiscard]] std::string make_password_link(sql::Transaction& tx, const Services& services,
                                             std::int64_t account_id, bool first);

}  // namespace antin::app
