#pragma once
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "app/actor.hpp"
#include "app/load_session.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

/// What a person has for the second step.
struct SecondFactorWays {
    bool phone = false;  // TOTP is set up
    bool mail = false;   // a head may have a code by official mail
    std::int64_t recovery_codes_left = 0;
};
[[nodiscard]] Result<SecondFactorWays> second_factor_ways(Services& services, const Actor& actor);

/// A 6-digit code of the phone (good once), of the mail (10 minutes, 5 tries), or a recovery code
/// (good once). For acts that ask for it anew: "ký và gửi", decisions of the CA.
/// Errors: Invalid "second_factor.wrong" (field "code"); TooMany "second_factor.locked".
[[nodiscard]] Status check_second_factor(Services& services, const Actor& actor,
                                         std::string_view code);
/// The second factor was given in this session at most `within` ago, else Forbidden
/// "second_factor.needed".
[[nodiscard]] Status require_second_factor(const Services& services, const Actor& actor,
                                           std::chrono::minutes within = std::chrono::minutes{30});

/// Sends a code to the head's official address. Errors: Refused "second_factor.no_mail" for people
/// who are not only heads; TooMany "second_factor.mails" (5 an hour).
Status mail_second_factor(Services& services, const Actor& actor);

/// The second step of signing in: a new cookie for the session.
[[nodiscard]] Result<std::string> pass_second_factor(Services& services, const SignedIn& signed_in,
                                                     std::string_view code);

/// Setting up the phone. The secret is made from the vault key and this session: nothing is stored
/// before the first code is right.
struct TotpOffer {
    std::string secret;  // base32, groups of four, to type
    std::string qr_svg;  // picture of the otpauth address; a path, no text
};
[[nodiscard]] Result<TotpOffer> offer_totp(Services& services, const SignedIn& signed_in);
/// Confirms by a first code. Gives the new cookie and ten recovery codes, shown once.
struct TotpConfirmed {
    std::string cookie;
    std::vector<std::string> recovery_codes;
};
[[nodiscard]] Result<TotpConfirmed> confirm_totp(Services& services, const SignedIn& signed_in,
                                                 std::string_view code);
/// Ten new codes instead of the old ones. The caller has asked for the second factor.
[[nodiscard]] Result<std::vector<std::string>> renew_recovery_codes(Services& services,
                                                                    const Actor& actor);

/// The code that a phone with this raw secret shows at a step of 30 seconds.
[[nodiscard]] std::string totp_code(std::string_view raw_secret, std::int64_t step);

}  // namespace antin::app
