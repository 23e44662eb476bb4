#pragma once
#include <string>
#include <string_view>

#include "app/load_session.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

struct SignIn {
    std::string email, password;
    std::string remote_address, user_agent;
    std::string old_cookie;  // a session that this browser had before: it ends
};
/// A new session: always a new cookie, whatever the browser came with.
struct NewSession {
    std::string cookie;
    SignInStep step = SignInStep::Done;
};

/// Checks address and password. Wrong address and wrong password read the same and take the same
/// time. Errors: Invalid "sign_in.wrong" (field "email"); Refused "sign_in.one_time_expired";
/// TooMany "sign_in.locked" ({{until}}), strict per account, generous per address.
[[nodiscard]] Result<NewSession> sign_in(Services& services, const SignIn& input);

/// Who is meant by the command line: sits at the server, has no browser there, and acts under an
/// own name nevertheless.
struct Proof {
    std::string email, password;
    std::string code;  // of the phone, or a recovery code
};
/// The person behind address, password and second factor, with the roles in force now; no session.
/// Tries are counted and recorded as those of sign_in. Errors: those of sign_in and of
/// check_second_factor; Refused "second_factor.not_set_up", "sign_in.password_temporary".
[[nodiscard]] Result<Actor> prove_identity(Services& services, const Proof& proof);

/// Ends the session of a cookie.
Status sign_out(Services& services, const Actor& actor, std::string_view session_hash);

/// Ends every session of the person but this one ("" for all).
Status end_other_sessions(Services& services, const Actor& actor, std::string_view except);

/// A new cookie for the same session, when it gains rights (second factor, new password).
[[nodiscard]] Result<std::string> rotate_session(sql::Transaction& tx, std::string_view old_hash,
                                                 Instant now, bool second_factor);

}  // namespace antin::app
