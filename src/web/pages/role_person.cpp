#include <charconv>
#include <nlohmann/json.hpp>

#include "app/add_person.hpp"
#include "app/change_role.hpp"
#include "app/list_people.hpp"
#include "app/open_account.hpp"
#include "domain/permissions.hpp"
#include "web/components.hpp"
#include "web/pages/agency_pages.hpp"
#include "web/pages/person_pages.hpp"

namespace antin::web {
namespace {

std::string path_of(std::int64_t id) {
    return "/quan-tri/nguoi/" + std::to_string(id);
}

Json grants_view(const PageContext& context, const app::PersonPage& seen) {
    Json out = Json::array();
    for (const auto& grant : seen.person.grants) {
        const std::string name{domain::to_name(grant.role)};
        out.push_back({{"role", name},
                       {"agency_id", grant.agency_id},
                       {"words", text(context, "role." + name)},
                       {"agency", grant.agency_name},
                       {"since", to_vietnamese(grant.granted_at)}});
    }
    return out;
}

Json give_fields(const PageContext& context, const app::PersonPage& seen) {
    Field role{.id = "vai_tro",
               .name = "vai_tro",
               .label = text(context, "person.role"),
               .type = "select"};
    for (const auto one : domain::held_roles) {
        if (domain::role_belongs(one, domain::Body::Agency)) continue;
        const std::string name{domain::to_name(one)};
        role.options.push_back({name, text(context, "role." + name), ""});
    }
    Field body{.id = "co_quan",
               .name = "co_quan",
               .label = text(context, "person.body"),
               .type = "select"};
    for (const auto& one : seen.bodies) {
        body.options.push_back({std::to_string(one.id), one.name, ""});
    }
    return Json::array({field(role), field(body)});
}

http::Response person_page(PageContext& context, std::int64_t id,
                           const std::string& one_time_password) {
    const auto seen = app::see_person(context.services, context.actor, id);
    if (!seen) return problem(context, seen.error());
    const auto& account = seen->person.account;
    const bool may_change = context.actor.has(domain::Role::SystemAdministrator);
    return page(context, "pages/role_person",
                {{"page", {{"title", account.full_name}}},
                 {"id", id},
                 {"name", account.full_name},
                 {"email", account.email},
                 {"position", account.position},
                 {"tag", account_tag(context, account.state)},
                 {"phone_set", account.totp_confirmed_at.has_value()},
                 {"last_seen", account.last_sign_in_at ? to_vietnamese(*account.last_sign_in_at)
                                                       : text(context, "person.never")},
                 {"grants", grants_view(context, *seen)},
                 {"no_grants", seen->person.grants.empty()},
                 {"may_change", may_change},
                 {"active", account.state == "active"},
                 {"suspended", account.state == "suspended"},
                 {"invited", account.state == "invited" && !seen->person.grants.empty()},
                 {"one_time_password", one_time_password},
                 {"give_fields", may_change ? give_fields(context, *seen) : Json::array()}});
}

/// The change that a form asks for, for the person in the path.
Result<app::RoleChange> change_of(PageContext& context, std::int64_t id) {
    ANTIN_TRY(seen, app::see_person(context.services, context.actor, id));
    const auto role = domain::role_from_name(context.form().get("vai_tro"));
    if (!role) {
        return fail(ErrorKind::Invalid, "account.role_unknown", {},
                    {{"role", context.form().get("vai_tro").substr(0, 60)}});
    }
    return app::RoleChange{seen.person.account.email,
                           std::atoll(context.form().get("co_quan").c_str()), *role};
}

}  // namespace

http::Response role_person(PageContext& context) {
    return person_page(context, number_in_path(context, "id"), "");
}

http::Response role_give_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto change = change_of(context, id);
    if (!change) return problem(context, change.error());
    const auto given = app::give_role(context.services, context.actor, *change);
    if (!given) return problem(context, given.error());
    return redirect(context, path_of(id), text(context, "person.role_given"));
}

http::Response role_end_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto change = change_of(context, id);
    if (!change) return problem(context, change.error());
    const auto ended = app::end_role(context.services, context.actor, *change);
    if (!ended) return problem(context, ended.error());
    return redirect(context, path_of(id), text(context, "person.role_ended"));
}

http::Response role_state_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto seen = app::see_person(context.services, context.actor, id);
    if (!seen) return problem(context, seen.error());
    const bool resume = context.form().get("viec") == "mo-lai";
    const auto changed =
        app::set_account_state(context.services, context.actor, seen->person.account.email,
                               resume ? "active" : "suspended");
    if (!changed) return problem(context, changed.error());
    return redirect(context, path_of(id),
                    text(context, resume ? "person.resumed" : "person.suspended_flash"));
}

http::Response role_invite_again_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto seen = app::see_person(context.services, context.actor, id);
    if (!seen) return problem(context, seen.error());
    const auto& grants = seen->person.grants;
    const auto sent = app::invite_person_again(context.services, context.actor, id,
                                               grants.empty() ? 0 : grants.front().agency_id);
    if (!sent) return problem(context, sent.error());
    return redirect(context, path_of(id), text(context, "person.invited_again"));
}

http::Response role_password_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto seen = app::see_person(context.services, context.actor, id);
    if (!seen) return problem(context, seen.error());
    const auto made =
        app::reissue_password(context.services, context.actor, seen->person.account.email,
                              context.form().get("ca_dien_thoai") == "1");
    if (!made) return problem(context, made.error());
    return person_page(context, id, made->one_time_password);  // shown now, never again
}

}  // namespace antin::web
