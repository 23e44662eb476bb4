#include "web/web_router.hpp"

#include <algorithm>

#include "app/access.hpp"
#include "base/log.hpp"
#include "web/assets.hpp"
#include "web/csrf.hpp"
#include "web/security_headers.hpp"
#include "web/session.hpp"

namespace antin::web {
namespace {

bool changes_something(std::string_view method) {
    return method != "GET" && method != "HEAD" && method != "OPTIONS";
}

bool token_given(PageContext& context) {
    const auto header = context.request.header("x-csrf-token");
    return csrf_matches(context.csrf_secret, header.empty() ? context.form().get("csrf") : header);
}

/// Where somebody has to go before the page they asked for; "" when nothing is missing.
std::string_view step_path(app::SignInStep step) {
    switch (step) {
        case app::SignInStep::Done:
            return "";
        case app::SignInStep::ChangePassword:
            return "/tai-khoan/mat-khau";
        case app::SignInStep::GiveSecondFactor:
            return "/dang-nhap/ma";
        case app::SignInStep::EnrolSecondFactor:
            return "/tai-khoan/xac-thuc";
    }
    return "";
}

http::Response ask_to_sign_in(PageContext& context) {
    if (wants_json(context.request) || changes_something(context.request.method)) {
        return session_ended(context);
    }
    return http::see_other("/dang-nhap?tiep=" + http::url_encode(context.request.target));
}

}  // namespace

WebRouter::WebRouter(app::Services& services) : services_(services) {
    router_.not_found = [this](const http::Request& request) {
        return enter(request, Access::open(), [](PageContext& context) {
            return problem(context, {ErrorKind::NotFound, "page.not_found", {}, {}, {}});
        });
    };
}

void WebRouter::add(std::string method, std::string_view pattern, Access access,
                    PageHandler handler) {
    list_.emplace_back(method + " " + std::string{pattern}, access);
    router_.add(std::move(method), pattern,
                [this, access, own = std::move(handler)](const http::Request& request) {
                    return enter(request, access, own);
                });
}

void WebRouter::nav(NavItem item) {
    const auto place = std::ranges::upper_bound(navigation_, item.order, {}, &NavItem::order);
    navigation_.insert(place, std::move(item));
}

http::Response WebRouter::enter(const http::Request& request, const Access& access,
                                const PageHandler& handler) const {
    auto context = make_context(services_, request, *this);
    if (!context) {  // no database: no person, but a page all the same
        PageContext stranger{services_, request, *this};
        return problem(stranger, context.error());
    }
    const auto answer = [&]() -> http::Response {
        if (changes_something(request.method) && !access.any_origin) {
            if (!same_origin(request, services_.configuration.public_url)) {
                return problem(*context, {ErrorKind::Forbidden, "csrf.other_site", {}, {}, {}});
            }
            if (!access.everyone && !context->signed_in) return ask_to_sign_in(*context);
            if (!access.any_token && !token_given(*context)) {
                return problem(*context, {ErrorKind::Forbidden, "csrf.stale", {}, {}, {}});
            }
        }
        if (access.everyone) return handler(*context);
        if (!context->signed_in) return ask_to_sign_in(*context);
        if (!access.any_step && context->signed_in->step != app::SignInStep::Done) {
            if (wants_json(request)) return session_ended(*context);
            return http::see_other(std::string{step_path(context->signed_in->step)});
        }
        const bool may = access.roles.empty() ||
                         std::ranges::any_of(context->actor.grants, [&](const app::Grant& grant) {
                             return access.roles.has(grant.role);
                         });
        if (!may) {
            const auto refused = app::not_your_role(services_, context->actor, request.path);
            return problem(*context, refused.value());
        }
        return handler(*context);
    }();
    auto response = answer;
    add_security_headers(response, request, context->extra_connect);
    return response;
}

http::Response WebRouter::handle(http::Request& request) const {
    try {
        // Assets ask for nobody: no session is read for them.
        auto response = request.path.starts_with("/tai-nguyen/") && request.method == "GET"
                            ? serve_asset(request)
                            : router_.route(request);
        add_security_headers(response, request, {});
        return response;
    } catch (const std::exception& failure) {
        log(LogLevel::Error, "web.page_failed", {{"what", failure.what()}, {"path", request.path}});
    }
    http::Response response;
    try {
        PageContext context{services_, request, *this};
        response = problem(context, {ErrorKind::Internal, "internal", {}, {}, {}});
    } catch (const std::exception&) {
        response = http::plain_text(500, "500\n");  // even the page of last resort is broken
    }
    add_security_headers(response, request, {});
    return response;
}

}  // namespace antin::web
