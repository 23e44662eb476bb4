#pragma once
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace antin::web {

/// The secret of a session under a fresh mask: another text on every page, so that compressed
/// pages do not give it away little by little (BREACH).
[[nodiscard]] std::string mask_csrf(std::string_view secret);
[[nodiscard]] bool csrf_matches(std::string_view secret, std::string_view masked);

/// False when the browser says that another site's page sends this (Origin, Sec-Fetch-Site).
[[nodiscard]] bool same_origin(const http::Request& request, std::string_view public_url);

}  // namespace antin::web
