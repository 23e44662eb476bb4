#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace antin::app {

/// Argon2id (19 MiB, 2 passes, 1 lane: RFC 9106 advice for servers), encoded with its parameters
/// and a random salt. At most two run at once: each costs memory and about 20 ms of a core.
[[nodiscard]] std::string hash_password(std::string_view password);

/// Whether `password` is the one behind `encoded`. An empty or foreign `encoded` costs the same
/// time and is never right, so that nobody learns by the clock which addresses have an account.
[[nodiscard]] bool verify_password(std::string_view encoded, std::string_view password);

/// Is this a password that the portal takes? 10 to 200 letters, not the address, not one letter
/// over and over. Errors: Invalid "password.length", "password.weak", "password.differs", with the
/// field ("password" or "password_again").
[[nodiscard]] Status check_new_password(std::string_view email, std::string_view password,
                                        std::string_view again);

/// A one-time password that a person types from paper: 4 groups of 4, without look-alikes.
[[nodiscard]] std::string one_time_password();

}  // namespace antin::app
