#include <nlohmann/json.hpp>

#include "app/activate_account.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/agency_pages.hpp"

namespace antin::web {
namespace {

/// Defects stand beside their field; what only time mends has a page of its own.
bool is_for_the_form(const Error& error) {
    return error.kind != ErrorKind::Unavailable && error.kind != ErrorKind::TooMany;
}

/// First the code alone; with a code that is good, the form of the person.
http::Response ask_code(PageContext& context, const std::string& typed, const FormErrors& errors,
                        int status) {
    Field code;
    code.id = code.name = "code";
    code.label = text(context, "activation.code");
    code.hint = text(context, "activation.code_hint");
    code.value = typed;
    code.error = errors.of("code");
    code.width = "20";
    code.autocomplete = "one-time-code";
    return page(context, "pages/activation_code",
                {{"page", {{"title", text(context, "activation.title")}}},
                 {"errors", errors.summary()},
                 {"code", field(code)}},
                status);
}

Field person_field(PageContext& context, const FormErrors& errors, const char* name,
                   std::string value) {
    Field out;
    out.id = out.name = name;
    out.label = text(context, std::string{"activation."} + name);
    out.value = std::move(value);
    out.error = errors.of(name);
    out.maxlength = 100;
    out.width = "30";
    return out;
}

http::Response ask_person(PageContext& context, const std::string& code,
                          const app::InvitationView& invitation, const FormErrors& errors,
                          int status) {
    Json fields = Json::array();
    const auto typed = [&](const char* name, const std::string& otherwise) {
        return context.form().has(name) ? context.form().get(name) : otherwise;
    };
    if (!invitation.account_exists) {
        auto name =
            person_field(context, errors, "full_name", typed("full_name", invitation.full_name));
        name.autocomplete = "name";
        fields.push_back(field(name));
        fields.push_back(field(person_field(context, errors, "position", typed("position", ""))));
        auto phone = person_field(context, errors, "phone", typed("phone", ""));
        phone.type = "tel";
        fields.push_back(field(phone));
    }
    auto password = person_field(context, errors, "password", "");
    password.type = "password";
    password.maxlength = 0;
    password.autocomplete = invitation.account_exists ? "current-password" : "new-password";
    password.hint = text(context, invitation.account_exists ? "activation.own_password_hint"
                                                            : "activation.password_hint");
    fields.push_back(field(password));
    if (!invitation.account_exists) {
        auto again = person_field(context, errors, "password_again", "");
        again.type = "password";
        again.maxlength = 0;
        again.autocomplete = "new-password";
        fields.push_back(field(again));
    }
    return page(context, "pages/activation",
                {{"page", {{"title", text(context, "activation.title")}}},
                 {"errors", errors.summary()},
                 {"code", code},
                 {"agency", invitation.agency_name},
                 {"email", invitation.email},
                 {"role", text(context, "invitation.role_" + invitation.role)},
                 {"fields", std::move(fields)}},
                status);
}

}  // namespace

http::Response activation_show(PageContext& context) {
    const auto code = context.request.query().get("ma");
    FormErrors errors{context};
    if (code.empty()) return ask_code(context, "", errors, 200);
    const auto invitation =
        app::look_up_invitation(context.services, context.request.remote_address, code);
    if (invitation) return ask_person(context, code, *invitation, errors, 200);
    auto error = invitation.error();
    if (!is_for_the_form(error)) return problem(context, error);
    error.field = "code";
    errors.add(error);
    return ask_code(context, code, errors, 422);
}

http::Response activation_post(PageContext& context) {
    FormErrors errors{context};
    app::ActivateAccount input;
    input.code = text_field(context, errors, "code", 40);
    const auto invitation =
        app::look_up_invitation(context.services, context.request.remote_address, input.code);
    if (!invitation) {
        auto error = invitation.error();
        if (!is_for_the_form(error)) return problem(context, error);
        error.field = "code";
        errors.add(error);
        return ask_code(context, input.code, errors, 422);
    }
    input.full_name = text_field(context, errors, "full_name", 100);
    input.position = text_field(context, errors, "position", 100);
    input.phone = text_field(context, errors, "phone", 30);
    input.remote_address = context.request.remote_address;
    input.password = context.form().get("password");
    input.password_again = context.form().get("password_again");
    if (errors.empty()) {
        const auto account = app::activate_account(context.services, input);
        if (account) {
            return http::see_other("/dang-nhap?tin=kich-hoat");
        }
        if (!is_for_the_form(account.error())) return problem(context, account.error());
        errors.add(account.error());
    }
    return ask_person(context, input.code, *invitation, errors, 422);
}

}  // namespace antin::web
