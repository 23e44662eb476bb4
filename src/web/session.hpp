#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "web/frame.hpp"

namespace antin::web {

/// "__Host-" binds the cookie to this very host and to TLS; without TLS browsers refuse it.
[[nodiscard]] std::string_view session_cookie_name(const http::Request& request);
[[nodiscard]] std::string_view stranger_cookie_name(const http::Request& request);

void set_session_cookie(http::Response& response, const http::Request& request,
                        std::string_view value);
void clear_session_cookie(http::Response& response, const http::Request& request);
void set_stranger_cookie(http::Response& response, const http::Request& request,
                         std::string_view value);

/// Who asks: session, roles in force, language, CSRF secret.
[[nodiscard]] Result<PageContext> make_context(app::Services& services,
                                               const http::Request& request,
                                               const WebRouter& router);

/// 401: for scripts as JSON ("session.ended", they sign in again in place), for a form the sign-in
/// page which keeps what was typed and sends it after signing in (pages/sign_in.cpp).
[[nodiscard]] http::Response session_ended(PageContext& context);

}  // namespace antin::web
