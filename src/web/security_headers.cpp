#include "web/security_headers.hpp"

#include <algorithm>

namespace antin::web {
namespace {

void set_if_missing(http::Response& response, std::string_view name, std::string value) {
    const bool there =
        std::ranges::any_of(response.headers, [&](const auto& h) { return h.first == name; });
    if (!there) response.set(std::string{name}, std::move(value));
}

}  // namespace

std::string page_policy(std::string_view extra_connect, bool shows_files) {
    std::string connect = "'self'";
    if (!extra_connect.empty()) connect += " " + std::string{extra_connect};
    return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
           "font-src 'self'; connect-src " +
           connect + (shows_files ? "; object-src 'self'; frame-src 'self'" : "") +
           "; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
}

void add_security_headers(http::Response& response, const http::Request& request,
                          std::string_view extra_connect) {
    set_if_missing(response, "Content-Security-Policy", page_policy(extra_connect, false));
    set_if_missing(response, "X-Content-Type-Options", "nosniff");
    set_if_missing(response, "X-Frame-Options", "DENY");
    // Not "no-referrer": browsers then send "Origin: null" with our own forms.
    set_if_missing(response, "Referrer-Policy", "same-origin");
    set_if_missing(response, "Cross-Origin-Opener-Policy", "same-origin");
    set_if_missing(response, "Cross-Origin-Resource-Policy", "same-origin");
    set_if_missing(response, "Permissions-Policy",
                   "camera=(), microphone=(), geolocation=(), payment=()");
    set_if_missing(response, "Cache-Control", "no-store");
    if (request.tls) {
        set_if_missing(response, "Strict-Transport-Security", "max-age=31536000");
    }
}

}  // namespace antin::web
