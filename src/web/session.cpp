#include "web/session.hpp"

#include "base/random.hpp"

namespace antin::web {
namespace {

std::string cookie(const http::Request& request, std::string_view name, std::string_view value) {
    return std::string{name} + "=" + std::string{value} + "; Path=/; HttpOnly; SameSite=Lax" +
           (request.tls ? "; Secure" : "");
}

}  // namespace

std::string_view session_cookie_name(const http::Request& request) {
    return request.tls ? "__Host-antin" : "antin";
}

std::string_view stranger_cookie_name(const http::Request& request) {
    return request.tls ? "__Host-khach" : "khach";
}

void set_session_cookie(http::Response& response, const http::Request& request,
                        std::string_view value) {
    response.set("Set-Cookie", cookie(request, session_cookie_name(request), value));
}

void clear_session_cookie(http::Response& response, const http::Request& request) {
    response.set("Set-Cookie", cookie(request, session_cookie_name(request), "") + "; Max-Age=0");
    // No Clear-Site-Data: pages keep nothing of anybody in the browser, and the one thing a page
    // does keep, the pairing with antin-token, belongs to the computer and outlives the session.
}

void set_stranger_cookie(http::Response& response, const http::Request& request,
                         std::string_view value) {
    response.set("Set-Cookie", cookie(request, stranger_cookie_name(request), value));
}

Result<PageContext> make_context(app::Services& services, const http::Request& request,
                                 const WebRouter& router) {
    PageContext context{services, request, router};
    // Vietnamese whatever the browser asks for; English only when a person chose it here.
    if (request.cookie("ngon_ngu") == "en") context.language = html::Language::English;
    const auto value = request.cookie(session_cookie_name(request));
    ANTIN_TRY(signed_in, app::load_session(services, value, request.remote_address));
    if (signed_in) {
        context.actor = signed_in->actor;
        context.csrf_secret = signed_in->csrf_secret;
        context.signed_in = std::move(signed_in);
        return context;
    }
    context.actor.remote_address = request.remote_address;
    context.csrf_secret = request.cookie(stranger_cookie_name(request));
    if (context.csrf_secret.size() != 32) {
        context.csrf_secret = random_token(24);
        context.new_stranger = true;
    }
    return context;
}

}  // namespace antin::web
