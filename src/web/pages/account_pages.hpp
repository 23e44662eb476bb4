#pragma once
#include "web/frame.hpp"

namespace antin::web {

// Signing in and out (sign_in.cpp, sign_second_factor.cpp, sign_in_place.cpp).
http::Response sign_in_get(PageContext& context);
http::Response sign_in_post(PageContext& context);
http::Response sign_out_post(PageContext& context);
http::Response sign_second_factor_get(PageContext& context);
http::Response sign_second_factor_post(PageContext& context);
http::Response sign_second_factor_mail_post(PageContext& context);
http::Response sign_in_place_post(PageContext& context);
http::Response sign_in_place_code_post(PageContext& context);

// One's own account (account_password.cpp, account_second_factor.cpp, account_show.cpp).
http::Response account_show_get(PageContext& context);
http::Response account_end_others_post(PageContext& context);
http::Response account_recovery_codes_post(PageContext& context);
http::Response account_password_get(PageContext& context);
http::Response account_password_post(PageContext& context);
http::Response account_second_factor_get(PageContext& context);
http::Response account_second_factor_post(PageContext& context);
http::Response password_forgotten_get(PageContext& context);
http::Response password_forgotten_post(PageContext& context);
http::Response password_link_get(PageContext& context);
http::Response password_link_post(PageContext& context);

/// Goes on as the new session: the person, their roles and their CSRF secret.
Status adopt_session(PageContext& context, std::string_view cookie);
/// Where a person lands after signing in.
[[nodiscard]] std::string landing_path(const app::Actor& actor);

}  // namespace antin::web
