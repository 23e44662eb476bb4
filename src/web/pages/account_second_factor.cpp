#include <nlohmann/json.hpp>

#include "app/second_factor.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/account_pages.hpp"
#include "web/session.hpp"

namespace antin::web {
namespace {

/// Somebody who found an open browser must not make their own phone the second factor.
bool old_phone_asked(PageContext& context) {
    const auto ways = app::second_factor_ways(context.services, context.actor);
    return !ways || ways->phone;
}

http::Response enrol_page(PageContext& context, const FormErrors& errors, int status) {
    const auto offer = app::offer_totp(context.services, *context.signed_in);
    if (!offer) return problem(context, offer.error());
    Json old_field = false;
    if (old_phone_asked(context)) {
        old_field = field({.id = "old_code",
                           .name = "old_code",
                           .label = text(context, "totp.old_code"),
                           .hint = text(context, "second_factor.hint"),
                           .error = errors.of("old_code"),
                           .width = "10",
                           .autocomplete = "one-time-code"});
    }
    return page(context, "pages/account_second_factor",
                {{"page", {{"title", text(context, "totp.title")}}},
                 {"errors", errors.summary()},
                 {"qr_html", offer->qr_svg},
                 {"secret", offer->secret},
                 {"old_field", std::move(old_field)},
                 {"code_field", field({.id = "code",
                                       .name = "code",
                                       .label = text(context, "totp.code"),
                                       .error = errors.of("code"),
                                       .width = "10",
                                       .autocomplete = "one-time-code",
                                       .inputmode = "numeric"})}},
                status);
}

/// Changing the phone needs the old one (given in this session); the first one needs nothing more.
bool may_enrol(const PageContext& context) {
    const auto step = context.signed_in->step;
    return step == app::SignInStep::EnrolSecondFactor || step == app::SignInStep::Done;
}

http::Response refused(PageContext& context, Error error, const char* at) {
    if (error.kind != ErrorKind::Invalid && error.kind != ErrorKind::TooMany) {
        return problem(context, error);
    }
    FormErrors errors{context};
    error.field = at;
    errors.add(error);
    return enrol_page(context, errors, status_of(error.kind));
}

http::Response codes_page(PageContext& context, const std::vector<std::string>& codes) {
    return page(context, "pages/account_recovery_codes",
                {{"page", {{"title", text(context, "recovery.title")}}}, {"codes", codes}});
}

}  // namespace

http::Response account_second_factor_get(PageContext& context) {
    if (!may_enrol(context)) return http::see_other("/dang-nhap/ma");
    return enrol_page(context, FormErrors{context}, 200);
}

http::Response account_second_factor_post(PageContext& context) {
    if (!may_enrol(context)) return http::see_other("/dang-nhap/ma");
    if (old_phone_asked(context)) {
        const auto given = app::check_second_factor(context.services, context.actor,
                                                    context.form().get("old_code"));
        if (!given) return refused(context, given.error(), "old_code");
    }
    const auto confirmed =
        app::confirm_totp(context.services, *context.signed_in, context.form().get("code"));
    if (!confirmed) return refused(context, confirmed.error(), "code");
    if (const auto adopted = adopt_session(context, confirmed->cookie); !adopted) {
        return problem(context, adopted.error());
    }
    // Shown now and never again: not behind a redirect, which would have to keep them.
    auto response = codes_page(context, confirmed->recovery_codes);
    set_session_cookie(response, context.request, confirmed->cookie);
    return response;
}

http::Response account_recovery_codes_post(PageContext& context) {
    const auto given =
        app::check_second_factor(context.services, context.actor, context.form().get("code"));
    if (!given) return problem(context, given.error());
    const auto codes = app::renew_recovery_codes(context.services, context.actor);
    if (!codes) return problem(context, codes.error());
    return codes_page(context, *codes);
}

}  // namespace antin::web
