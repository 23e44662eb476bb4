#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"

namespace antin::app {

/// What a person must still do before the portal opens to them.
enum class SignInStep {
    Done,
    ChangePassword,     // signed in with a one-time password
    GiveSecondFactor,   // a code of the phone, of the mail, or a recovery code
    EnrolSecondFactor,  // officers and administrators have no way around the phone
};

/// A body at which the person holds a role.
struct OwnBody {
    std::int64_t id = 0;
    std::string name, kind, province_code;
};

/// A browser that is signed in: the person, with the roles in force at this moment.
struct SignedIn {
    Actor actor;
    SignInStep step = SignInStep::Done;
    std::string session_hash;
    std::string csrf_secret;
    std::string flash;  // JSON, for the next page
    std::string email;
    std::vector<OwnBody> bodies;
};

/// The session of a cookie's value, unless it has ended (idle, absolute, account not active).
/// Roles are read afresh. Being seen is written at most once a minute.
[[nodiscard]] Result<std::optional<SignedIn>> load_session(Services& services,
                                                           std::string_view cookie,
                                                           std::string_view remote_address);

/// How the database names a secret that it must not know: SHA-256, hex.
[[nodiscard]] std::string secret_hash(std::string_view secret);

/// One message for the next page of this session, or "" when it was shown.
Status keep_flash(Services& services, std::string_view session_hash, std::string_view flash);

}  // namespace antin::app
