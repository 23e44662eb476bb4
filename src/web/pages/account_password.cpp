#include <nlohmann/json.hpp>

#include "app/change_password.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/account_pages.hpp"
#include "web/session.hpp"

namespace antin::web {
namespace {

struct PasswordPage {
    std::string heading, action, for_whom;
    bool temporary = false, old_asked = false;
};

http::Response password_page(PageContext& context, const PasswordPage& what,
                             const FormErrors& errors, int status) {
    const auto input = [&](const char* name, const char* key, const char* fill, bool hint) {
        return field({.id = name,
                      .name = name,
                      .label = text(context, key),
                      .hint = hint ? text(context, "password.hint") : std::string{},
                      .error = errors.of(name),
                      .type = "password",
                      .width = "30",
                      .autocomplete = fill});
    };
    Json view{{"page", {{"title", what.heading}}},
              {"errors", errors.summary()},
              {"heading", what.heading},
              {"action", what.action},
              {"for_whom", what.for_whom},
              {"temporary", what.temporary},
              {"old_field", false},
              {"password_field", input("password", "password.new", "new-password", true)},
              {"again_field", input("password_again", "password.again", "new-password", false)}};
    if (what.old_asked) {
        view["old_field"] = input("old_password", "password.old", "current-password", false);
    }
    return page(context, "pages/account_password", std::move(view), status);
}

PasswordPage own_page(const PageContext& context) {
    const bool temporary = context.signed_in->step == app::SignInStep::ChangePassword;
    return {text(context, temporary ? "password.first_title" : "password.change_title"),
            "/tai-khoan/mat-khau", "", temporary, !temporary};
}

PasswordPage link_page(const PageContext& context, const app::PasswordLink& link) {
    return {text(context, link.first ? "password.first_title" : "password.reset_title"),
            context.request.path,
            text(context, "password.for_whom", {{"name", link.full_name}, {"email", link.email}}),
            false, false};
}

bool belongs_to_form(const Error& error) {
    return error.kind == ErrorKind::Invalid || error.kind == ErrorKind::TooMany;
}

}  // namespace

http::Response account_password_get(PageContext& context) {
    return password_page(context, own_page(context), FormErrors{context}, 200);
}

http::Response account_password_post(PageContext& context) {
    const auto& form = context.form();
    const auto cookie = app::change_password(
        context.services, *context.signed_in,
        {form.get("old_password"), form.get("password"), form.get("password_again")});
    if (!cookie) {
        if (!belongs_to_form(cookie.error())) return problem(context, cookie.error());
        FormErrors errors{context};
        errors.add(cookie.error());
        return password_page(context, own_page(context), errors, status_of(cookie.error().kind));
    }
    if (const auto adopted = adopt_session(context, *cookie); !adopted) {
        return problem(context, adopted.error());
    }
    auto response = redirect(context, landing_path(context.actor), text(context, "password.done"));
    set_session_cookie(response, context.request, *cookie);
    return response;
}

http::Response password_forgotten_get(PageContext& context) {
    return page(context, "pages/account_forgotten",
                {{"page", {{"title", text(context, "forgotten.title")}}},
                 {"sent", false},
                 {"email_field", field({.id = "email",
                                        .name = "email",
                                        .label = text(context, "sign_in.email"),
                                        .type = "email",
                                        .width = "30",
                                        .autocomplete = "username"})}});
}

http::Response password_forgotten_post(PageContext& context) {
    const auto typed = context.form().get("email");
    const auto asked =
        app::request_password_reset(context.services, typed, context.request.remote_address);
    if (asked) {
        return page(context, "pages/account_forgotten",
                    {{"page", {{"title", text(context, "forgotten.sent_title")}}}, {"sent", true}});
    }
    if (!belongs_to_form(asked.error())) return problem(context, asked.error());
    FormErrors errors{context};
    auto error = asked.error();
    error.field = "email";
    errors.add(error);
    return page(context, "pages/account_forgotten",
                {{"page", {{"title", text(context, "forgotten.title")}}},
                 {"errors", errors.summary()},
                 {"sent", false},
                 {"email_field", field({.id = "email",
                                        .name = "email",
                                        .label = text(context, "sign_in.email"),
                                        .value = typed,
                                        .error = errors.of("email"),
                                        .type = "email",
                                        .width = "30",
                                        .autocomplete = "username"})}},
                status_of(error.kind));
}

http::Response password_link_get(PageContext& context) {
    const auto link =
        app::look_up_password_link(context.services, context.request.path_value("secret"));
    if (!link) return problem(context, link.error());
    return password_page(context, link_page(context, *link), FormErrors{context}, 200);
}

http::Response password_link_post(PageContext& context) {
    const auto secret = context.request.path_value("secret");
    const auto link = app::look_up_password_link(context.services, secret);
    if (!link) return problem(context, link.error());
    const auto set =
        app::set_password_by_link(context.services, secret, context.form().get("password"),
                                  context.form().get("password_again"));
    if (!set) {
        if (!belongs_to_form(set.error())) return problem(context, set.error());
        FormErrors errors{context};
        errors.add(set.error());
        return password_page(context, link_page(context, *link), errors,
                             status_of(set.error().kind));
    }
    return http::see_other("/dang-nhap?tin=mat-khau");
}

}  // namespace antin::web
