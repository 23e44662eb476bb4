#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/add_person.hpp"
#include "app/list_people.hpp"
#include "domain/permissions.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/list_page.hpp"
#include "web/pages/person_pages.hpp"

namespace antin::web {
namespace {

std::string page_href(const std::string& words, std::int64_t number) {
    return "/quan-tri/nguoi?tim=" + http::url_encode(words) + "&trang=" + std::to_string(number);
}

http::Response new_page(PageContext& context, const FormErrors& errors, int status) {
    const auto bodies = app::officer_bodies(context.services, context.actor);
    if (!bodies) return problem(context, bodies.error());
    Json fields = Json::array();
    const auto add = [&](const char* name, const char* key, const char* type) {
        fields.push_back(field({.id = name,
                                .name = name,
                                .label = text(context, key),
                                .value = context.form().get(name),
                                .error = errors.of(name),
                                .type = type,
                                .width = "30"}));
    };
    add("full_name", "person.full_name", "text");
    add("email", "sign_in.email", "email");
    add("position", "person.position", "text");
    add("phone", "person.phone", "tel");
    Field body{.id = "co_quan",
               .name = "co_quan",
               .label = text(context, "person.body"),
               .value = context.form().get("co_quan"),
               .error = errors.of("co_quan"),
               .type = "select"};
    for (const auto& one : *bodies) body.options.push_back({std::to_string(one.id), one.name, ""});
    fields.push_back(field(body));
    Json roles = Json::array();
    const auto chosen = context.form().all("vai_tro");
    for (const auto role : domain::held_roles) {
        const std::string name{domain::to_name(role)};
        if (domain::role_belongs(role, domain::Body::Agency)) continue;
        roles.push_back({{"value", name},
                         {"text", text(context, "role." + name)},
                         {"checked", std::ranges::find(chosen, name) != chosen.end()}});
    }
    return page(context, "pages/role_new",
                {{"page", {{"title", text(context, "person.new_title")}}},
                 {"errors", errors.summary()},
                 {"fields", std::move(fields)},
                 {"roles", std::move(roles)},
                 {"roles_error", errors.of("roles")}},
                status);
}

}  // namespace

http::Response role_list(PageContext& context) {
    const auto query = context.request.query();
    const auto words = query.get("tim");
    const ListPage at{query, app::people_per_page, context.language};
    const auto found = app::list_people(context.services, context.actor, words, at.number());
    if (!found) return problem(context, found.error());
    Json rows = Json::array();
    for (const auto& person : found->people) {
        rows.push_back({{"id", person.account.id},
                        {"name", person.account.full_name},
                        {"email", person.account.email},
                        {"roles", role_words(context, person.grants, 0)},
                        {"tag", account_tag(context, person.account.state)}});
    }
    return page(
        context, "pages/role_list",
        {{"page", {{"title", text(context, "person.everybody")}, {"wide", true}}},
         {"words", words},
         {"people", std::move(rows)},
         {"nobody", found->people.empty()},
         {"may_change", context.actor.has(domain::Role::SystemAdministrator)},
         {"count", text(context, "person.count", {{"count", at.count_words(found->total)}})},
         {"pagination", at.pagination(found->total, "person.pages",
                                      [&](int number) { return page_href(words, number); })}});
}

http::Response role_new(PageContext& context) {
    return new_page(context, FormErrors{context}, 200);
}

http::Response role_new_post(PageContext& context) {
    FormErrors errors{context};
    app::AddPerson input;
    input.agency_id = std::atoll(context.form().get("co_quan").c_str());
    input.full_name = text_field(context, errors, "full_name", 100);
    input.email = text_field(context, errors, "email", 254);
    input.position = text_field(context, errors, "position", 200);
    input.phone = text_field(context, errors, "phone", 30);
    for (const auto& name : context.form().all("vai_tro")) {
        if (const auto role = domain::role_from_name(name)) input.roles.push_back(*role);
    }
    if (errors.empty()) {
        const auto added = app::add_person(context.services, context.actor, input);
        if (added) {
            return redirect(context, "/quan-tri/nguoi/" + std::to_string(*added),
                            text(context, "person.added", {{"name", input.full_name}}));
        }
        const auto kind = added.error().kind;
        if (kind != ErrorKind::Invalid && kind != ErrorKind::Refused) {
            return problem(context, added.error());
        }
        errors.add(added.error());
    }
    return new_page(context, errors, 422);
}

}  // namespace antin::web
