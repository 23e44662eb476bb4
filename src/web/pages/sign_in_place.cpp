// Signing in again without leaving the page: the row sheet asks for it when an automatic save is
// answered by 401 "session.ended". Nothing on the page is lost; the answer carries the CSRF token
// under which the next save goes out.
#include <nlohmann/json.hpp>

#include "app/second_factor.hpp"
#include "app/sign_in.hpp"
#include "web/csrf.hpp"
#include "web/pages/account_pages.hpp"
#include "web/session.hpp"

namespace antin::web {
namespace {

http::Response refused(PageContext& context, const Error& error) {
    return json({{"error",
                  {{"code", error.code},
                   {"message", sentence_of(context.language, error)},
                   {"field", error.field}}}},
                status_of(error.kind));
}

std::string value(const nlohmann::json& body, const char* name) {
    const auto found = body.find(name);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

/// {"step": "done" | "code" | "elsewhere", "csrf": …, "name": …, "mail": may a code be mailed}
http::Response go_on(PageContext& context, const std::string& cookie) {
    if (const auto adopted = adopt_session(context, cookie); !adopted) {
        return refused(context, adopted.error());
    }
    std::string_view step = "elsewhere";  // a new password or phone is set up on pages of their own
    bool mail = false;
    if (context.signed_in->step == app::SignInStep::Done) step = "done";
    if (context.signed_in->step == app::SignInStep::GiveSecondFactor) {
        step = "code";
        const auto ways = app::second_factor_ways(context.services, context.actor);
        mail = ways && ways->mail;
    }
    auto response = json({{"step", step},
                          {"csrf", mask_csrf(context.csrf_secret)},
                          {"name", context.actor.name},
                          {"account_id", context.actor.account_id},
                          {"mail", mail}});
    set_session_cookie(response, context.request, cookie);
    return response;
}

}  // namespace

http::Response sign_in_place_post(PageContext& context) {
    const auto body = nlohmann::json::parse(context.request.body, nullptr, false);
    if (!body.is_object())
        return refused(context, {ErrorKind::Invalid, "sign_in.wrong", {}, {}, {}});
    const auto made = app::sign_in(
        context.services, {value(body, "email"), value(body, "password"),
                           context.request.remote_address, context.request.header("user-agent"),
                           context.request.cookie(session_cookie_name(context.request))});
    if (!made) return refused(context, made.error());
    return go_on(context, made->cookie);
}

http::Response sign_in_place_code_post(PageContext& context) {
    const auto body = nlohmann::json::parse(context.request.body, nullptr, false);
    const auto code = body.is_object() ? value(body, "code") : std::string{};
    if (code.empty() && body.is_object() && body.value("mail", false)) {
        const auto sent = app::mail_second_factor(context.services, context.actor);
        if (!sent) return refused(context, sent.error());
        return json({{"step", "code"}, {"mailed", true}});
    }
    const auto cookie = app::pass_second_factor(context.services, *context.signed_in, code);
    if (!cookie) return refused(context, cookie.error());
    return go_on(context, *cookie);
}

}  // namespace antin::web
