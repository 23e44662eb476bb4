#include <nlohmann/json.hpp>

#include "app/second_factor.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/kept_form.hpp"
#include "web/pages/account_pages.hpp"
#include "web/session.hpp"

namespace antin::web {
namespace {

http::Response code_page(PageContext& context, const FormErrors& errors, bool mailed, int status) {
    const auto ways = app::second_factor_ways(context.services, context.actor);
    if (!ways) return problem(context, ways.error());
    const auto kept = KeptForm::carried(context);
    const auto next = context.form().get("tiep");
    return page(context, "pages/sign_second_factor",
                {{"page", {{"title", text(context, "second_factor.title")}}},
                 {"errors", errors.summary()},
                 {"kept", kept ? kept->view() : Json(false)},
                 {"next", next.empty() ? "" : own_path(next)},
                 {"phone", ways->phone && !mailed},
                 {"mail", ways->mail},
                 // Nothing to type yet: first the code has to be asked for.
                 {"mail_first", ways->mail && !ways->phone && !mailed && errors.empty()},
                 {"mailed", mailed},
                 {"code_field",
                  field({.id = "code",
                         .name = "code",
                         .label = text(context, "second_factor.code"),
                         .hint = ways->phone ? text(context, "second_factor.hint") : std::string{},
                         .error = errors.of("code"),
                         .width = "10",
                         .autocomplete = "one-time-code"})}},
                status);
}

}  // namespace

http::Response sign_second_factor_get(PageContext& context) {
    if (!context.signed_in) return http::see_other("/dang-nhap");
    if (context.signed_in->step != app::SignInStep::GiveSecondFactor) {
        return http::see_other(landing_path(context.actor));
    }
    return code_page(context, FormErrors{context}, false, 200);
}

http::Response sign_second_factor_post(PageContext& context) {
    const auto next = context.form().get("tiep");
    const auto cookie =
        app::pass_second_factor(context.services, *context.signed_in, context.form().get("code"));
    if (!cookie) {
        if (cookie.error().kind != ErrorKind::Invalid &&
            cookie.error().kind != ErrorKind::TooMany) {
            return problem(context, cookie.error());
        }
        FormErrors errors{context};
        auto error = cookie.error();
        error.field = "code";
        errors.add(error);
        return code_page(context, errors, false, status_of(error.kind));
    }
    if (const auto adopted = adopt_session(context, *cookie); !adopted) {
        return problem(context, adopted.error());
    }
    const auto kept = KeptForm::carried(context);
    auto response =
        kept ? kept->resume(context)
             : http::see_other(next.empty() ? landing_path(context.actor) : own_path(next));
    set_session_cookie(response, context.request, *cookie);
    return response;
}

http::Response sign_second_factor_mail_post(PageContext& context) {
    const auto sent = app::mail_second_factor(context.services, context.actor);
    if (!sent) {
        if (sent.error().kind != ErrorKind::TooMany) return problem(context, sent.error());
        FormErrors errors{context};
        auto error = sent.error();
        error.field = "code";
        errors.add(error);
        return code_page(context, errors, false, 429);
    }
    return code_page(context, FormErrors{context}, true, 200);
}

}  // namespace antin::web
