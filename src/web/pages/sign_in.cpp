#include "app/sign_in.hpp"

#include <nlohmann/json.hpp>

#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/kept_form.hpp"
#include "web/pages/account_pages.hpp"
#include "web/session.hpp"

namespace antin::web {
namespace {

/// What just happened to somebody who has no session yet to carry the message.
std::string said_before(const PageContext& context) {
    const auto what = context.request.query().get("tin");
    if (what == "kich-hoat") return text(context, "sign_in.after_activation");
    if (what == "mat-khau") return text(context, "sign_in.after_reset");
    return "";
}

http::Response sign_in_page(PageContext& context, const FormErrors& errors, const Json& kept,
                            int status) {
    const auto wrong = errors.of("email");
    const auto next = context.request.method == "GET" ? context.request.query().get("tiep")
                                                      : context.form().get("tiep");
    return page(context, "pages/sign_in",
                {{"page", {{"title", text(context, "sign_in.title")}}},
                 {"errors", errors.summary()},
                 {"kept", kept},
                 {"said", said_before(context)},
                 {"next", next.empty() ? "" : own_path(next)},
                 {"email_field", field({.id = "email",
                                        .name = "email",
                                        .label = text(context, "sign_in.email"),
                                        .value = context.form().get("email"),
                                        .error = wrong,
                                        .type = "email",
                                        .width = "30",
                                        .autocomplete = "username"})},
                 {"password_field", field({.id = "password",
                                           .name = "password",
                                           .label = text(context, "sign_in.password"),
                                           .type = "password",
                                           .width = "30",
                                           .autocomplete = "current-password"})}},
                status);
}

Json kept_view(PageContext& context) {
    const auto kept = KeptForm::carried(context);
    return kept ? kept->view() : Json(false);
}

}  // namespace

Status adopt_session(PageContext& context, std::string_view cookie) {
    ANTIN_TRY(signed_in,
              app::load_session(context.services, cookie, context.request.remote_address));
    if (!signed_in) return fail(ErrorKind::Forbidden, "session.ended");
    context.actor = signed_in->actor;
    context.csrf_secret = signed_in->csrf_secret;
    context.new_stranger = false;
    context.signed_in = std::move(signed_in);
    return {};
}

http::Response sign_in_get(PageContext& context) {
    if (context.signed_in && context.signed_in->step == app::SignInStep::Done) {
        return http::see_other(landing_path(context.actor));
    }
    return sign_in_page(context, FormErrors{context}, false, 200);
}

http::Response sign_in_post(PageContext& context) {
    const auto& form = context.form();
    const auto made = app::sign_in(
        context.services, {form.get("email"), form.get("password"), context.request.remote_address,
                           context.request.header("user-agent"),
                           context.request.cookie(session_cookie_name(context.request))});
    if (!made) {
        if (status_of(made.error().kind) >= 500) return problem(context, made.error());
        FormErrors errors{context};
        auto error = made.error();
        if (error.field.empty()) error.field = "email";
        errors.add(error);
        return sign_in_page(context, errors, kept_view(context), status_of(made.error().kind));
    }
    if (const auto adopted = adopt_session(context, made->cookie); !adopted) {
        return problem(context, adopted.error());
    }
    const auto next = form.get("tiep");
    const auto kept = KeptForm::carried(context);
    http::Response response;
    if (made->step == app::SignInStep::GiveSecondFactor) {
        response = sign_second_factor_get(context);
    } else if (made->step == app::SignInStep::ChangePassword) {
        response = http::see_other("/tai-khoan/mat-khau");
    } else if (made->step == app::SignInStep::EnrolSecondFactor) {
        response = http::see_other("/tai-khoan/xac-thuc");
    } else if (kept) {
        response = kept->resume(context);
    } else {
        response = http::see_other(next.empty() ? landing_path(context.actor) : own_path(next));
    }
    set_session_cookie(response, context.request, made->cookie);
    return response;
}

http::Response sign_out_post(PageContext& context) {
    if (context.signed_in) {
        const auto ended =
            app::sign_out(context.services, context.actor, context.signed_in->session_hash);
        if (!ended) return problem(context, ended.error());
    }
    auto response = http::see_other("/");
    clear_session_cookie(response, context.request);
    return response;
}

http::Response session_ended(PageContext& context) {
    if (wants_json(context.request)) {
        auto response = problem(context, {ErrorKind::Forbidden, "session.ended", {}, {}, {}});
        response.status = 401;
        return response;
    }
    return sign_in_page(context, FormErrors{context}, KeptForm::of_request(context).view(), 401);
}

std::string landing_path(const app::Actor& actor) {
    using enum domain::Role;
    if (actor.has(FocalPoint) || actor.has(Head)) return "/viec";
    if (actor.has(IntakeOfficer) || actor.has(Assessor) || actor.has(Approver)) return "/cong-viec";
    if (actor.has(RegistrationOfficer)) return "/cap-phat";
    if (actor.has(ProvinceCoordinator)) return "/co-quan";
    if (actor.has(SystemAdministrator) || actor.has(Auditor)) return "/quan-tri/nguoi";
    return "/tai-khoan";
}

}  // namespace antin::web
