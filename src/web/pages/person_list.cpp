#include <nlohmann/json.hpp>

#include "app/add_person.hpp"
#include "app/change_role.hpp"
#include "app/list_people.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/person_pages.hpp"

namespace antin::web {
namespace {

using enum domain::Role;

/// The body whose people are shown: one of the reader's own, the first of them unless asked.
std::int64_t own_agency(PageContext& context, const http::Fields& fields) {
    const auto asked = std::atoll(fields.get("co_quan").c_str());
    if (asked != 0) return asked;
    const auto head = context.body(Head);
    return head != 0 ? head : context.body(FocalPoint);
}

Json add_fields(PageContext& context, const FormErrors& errors) {
    Json out = Json::array();
    const auto add = [&](const char* name, const char* key, const char* type, const char* hint) {
        out.push_back(field({.id = name,
                             .name = name,
                             .label = text(context, key),
                             .value = context.form().get(name),
                             .hint = *hint == '\0' ? "" : text(context, hint),
                             .error = errors.of(name),
                             .type = type,
                             .width = "30"}));
    };
    add("full_name", "person.full_name", "text", "");
    add("email", "sign_in.email", "email", "person.email_hint");
    add("position", "person.position", "text", "");
    add("phone", "person.phone", "tel", "");
    return out;
}

http::Response list_page(PageContext& context, std::int64_t agency_id, const FormErrors& errors,
                         int status) {
    const auto people = app::people_of_body(context.services, context.actor, agency_id);
    if (!people) return problem(context, people.error());
    const bool is_head = context.actor.has(Head, agency_id);
    Json rows = Json::array();
    for (const auto& person : *people) {
        bool clerk = false;
        for (const auto& grant : person.grants) clerk = clerk || grant.role == FocalPoint;
        rows.push_back({{"id", person.account.id},
                        {"name", person.account.full_name},
                        {"position", person.account.position},
                        {"email", person.account.email},
                        {"roles", role_words(context, person.grants, agency_id)},
                        {"tag", account_tag(context, person.account.state)},
                        {"may_end", is_head && clerk},
                        {"may_invite", is_head && person.account.state == "invited"}});
    }
    std::string agency_name;
    for (const auto& body : context.signed_in->bodies) {
        if (body.id == agency_id) agency_name = body.name;
    }
    return page(context, "pages/person_list",
                {{"page", {{"title", text(context, "person.title")}}},
                 {"errors", errors.summary()},
                 {"agency_id", agency_id},
                 {"agency_name", agency_name},
                 {"people", std::move(rows)},
                 {"is_head", is_head},
                 {"fields", add_fields(context, errors)}},
                status);
}

std::string back_to(std::int64_t agency_id) {
    return "/nguoi?co_quan=" + std::to_string(agency_id);
}

}  // namespace

http::Response person_list(PageContext& context) {
    return list_page(context, own_agency(context, context.request.query()), FormErrors{context},
                     200);
}

http::Response person_add_post(PageContext& context) {
    const auto agency_id = own_agency(context, context.form());
    FormErrors errors{context};
    app::AddPerson input;
    input.agency_id = agency_id;
    input.full_name = text_field(context, errors, "full_name", 100);
    input.email = text_field(context, errors, "email", 254);
    input.position = text_field(context, errors, "position", 200);
    input.phone = text_field(context, errors, "phone", 30);
    input.roles = {FocalPoint};
    if (errors.empty()) {
        const auto added = app::add_person(context.services, context.actor, input);
        if (added) {
            return redirect(context, back_to(agency_id),
                            text(context, "person.added", {{"name", input.full_name}}));
        }
        const auto kind = added.error().kind;
        if (kind != ErrorKind::Invalid && kind != ErrorKind::Refused) {
            return problem(context, added.error());
        }
        errors.add(added.error());
    }
    return list_page(context, agency_id, errors, 422);
}

http::Response person_end_post(PageContext& context) {
    const auto agency_id = own_agency(context, context.form());
    const auto account_id = std::atoll(context.form().get("nguoi").c_str());
    const auto people = app::people_of_body(context.services, context.actor, agency_id);
    if (!people) return problem(context, people.error());
    for (const auto& person : *people) {
        if (person.account.id != account_id) continue;
        const auto ended = app::end_role(context.services, context.actor,
                                         {person.account.email, agency_id, FocalPoint});
        if (!ended) return problem(context, ended.error());
        return redirect(context, back_to(agency_id),
                        text(context, "person.ended", {{"name", person.account.full_name}}));
    }
    return problem(context, {ErrorKind::NotFound, "account.not_found", {}, {}, {}});
}

http::Response person_invite_again_post(PageContext& context) {
    const auto agency_id = own_agency(context, context.form());
    const auto sent =
        app::invite_person_again(context.services, context.actor,
                                 std::atoll(context.form().get("nguoi").c_str()), agency_id);
    if (!sent) return problem(context, sent.error());
    return redirect(context, back_to(agency_id), text(context, "person.invited_again"));
}

std::string role_words(const PageContext& context, const std::vector<store::GrantRow>& grants,
                       std::int64_t agency_id) {
    std::string out;
    for (const auto& grant : grants) {
        if (agency_id != 0 && grant.agency_id != agency_id) continue;
        if (!out.empty()) out += agency_id == 0 ? "; " : ", ";
        out += text(context, "role." + std::string{domain::to_name(grant.role)});
        if (agency_id == 0) out += " – " + grant.agency_name;
    }
    return out;
}

Json account_tag(const PageContext& context, std::string_view state) {
    const auto word = text(context, "account_state." + std::string{state});
    if (state == "active") return tag("done", "tick-disc", word);
    if (state == "invited") return tag("act", "ring", word);
    if (state == "suspended") return tag("held", "pause", word);
    return tag("neutral", "bar-square", word);
}

}  // namespace antin::web
