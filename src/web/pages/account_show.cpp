#include <nlohmann/json.hpp>

#include "app/second_factor.hpp"
#include "app/sign_in.hpp"
#include "web/components.hpp"
#include "web/pages/account_pages.hpp"

namespace antin::web {

http::Response account_show_get(PageContext& context) {
    const auto ways = app::second_factor_ways(context.services, context.actor);
    if (!ways) return problem(context, ways.error());
    Json summary = Json::array();
    const auto row = [&](std::string key, std::string value) {
        summary.push_back({{"key", std::move(key)},
                           {"value", std::move(value)},
                           {"second", ""},
                           {"act_href", ""}});
    };
    row(text(context, "account.name"), context.actor.name);
    row(text(context, "sign_in.email"), context.signed_in->email);
    for (const auto& grant : context.actor.grants) {
        for (const auto& body : context.signed_in->bodies) {
            if (body.id != grant.agency_id) continue;
            row(text(context, "role." + std::string{domain::to_name(grant.role)}), body.name);
        }
    }
    return page(context, "pages/account_show",
                {{"page", {{"title", text(context, "account.title")}}},
                 {"summary", std::move(summary)},
                 {"for_agency", context.actor.has(domain::Role::FocalPoint) ||
                                    context.actor.has(domain::Role::Head)},
                 {"phone", ways->phone},
                 {"codes_left", text(context, "account.codes_left",
                                     {{"count", std::to_string(ways->recovery_codes_left)}})},
                 {"code_field", field({.id = "code",
                                       .name = "code",
                                       .label = text(context, "second_factor.code"),
                                       .width = "10",
                                       .autocomplete = "one-time-code"})}});
}

http::Response account_end_others_post(PageContext& context) {
    const auto ended =
        app::end_other_sessions(context.services, context.actor, context.signed_in->session_hash);
    if (!ended) return problem(context, ended.error());
    return redirect(context, "/tai-khoan", text(context, "account.others_ended"));
}

}  // namespace antin::web
