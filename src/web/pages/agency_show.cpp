#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "app/change_agency_state.hpp"
#include "app/change_role.hpp"
#include "app/edit_agency.hpp"
#include "app/invite_agency.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/agency_pages.hpp"

namespace antin::web {
namespace {

Json invitation_view(const PageContext& context, const store::Invitation& invitation, Instant now) {
    std::string_view key = "agencies.invitation_open";
    if (invitation.accepted_at)
        key = "agencies.invitation_used";
    else if (invitation.withdrawn_at)
        key = "agencies.invitation_withdrawn";
    else if (invitation.expires_at <= now)
        key = "agencies.invitation_expired";
    return {{"id", invitation.id},
            {"email", invitation.email},
            {"role", text(context, "invitation.role_" + invitation.role)},
            {"at", to_vietnamese(invitation.invited_at)},
            {"state", text(context, key)},
            {"open", key == "agencies.invitation_open"}};
}

Json person_view(const PageContext& context, const store::PersonRow& person) {
    Json grants = Json::array();
    for (const auto& grant : person.grants) {
        const std::string role{domain::to_name(grant.role)};
        grants.push_back({{"role", role}, {"words", text(context, "role." + role)}});
    }
    return {{"name", person.account.full_name},
            {"email", person.account.email},
            {"grants", std::move(grants)}};
}

std::string superior_hint(const PageContext& context, const std::vector<std::string>& used) {
    const std::string names = fmt::format("{}", fmt::join(used, ", "));
    return text(context, names.empty() ? "agencies.superior_hint" : "agencies.superior_hint_used",
                {{"names", names}});
}

/// The form of the body's details: what was typed wins over what is stored.
Json edit_fields(PageContext& context, const app::AgencyPage& seen, const FormErrors& errors,
                 bool typed) {
    const auto& agency = seen.agency;
    const auto value = [&](const char* name, const std::string& stored) {
        return typed ? context.form().get(name) : stored;
    };
    Json out = Json::array();
    const auto add = [&](const char* name, const std::string& stored, std::string hint = {}) {
        Field f;
        f.id = f.name = name;
        f.label = text(context, std::string{"agencies.field_"} + name);
        f.value = value(name, stored);
        f.hint = std::move(hint);
        f.error = errors.of(name);
        f.maxlength = 300;
        f.width = "30";
        out.push_back(field(f));
    };
    add("name", agency.name);
    add("code", agency.code, text(context, "agencies.code_hint"));
    add("email", agency.email, text(context, "agencies.email_hint"));
    add("superior", seen.superior, superior_hint(context, seen.superiors_used));
    add("address", agency.address);
    add("phone", agency.phone);
    add("tax_code", agency.tax_code);
    add("budget_code", agency.budget_code);
    return out;
}

Json invite_fields(PageContext& context, const store::Agency& agency, const FormErrors& errors,
                   bool typed) {
    Json out = Json::array();
    Field email;
    email.id = "invite_email";
    email.name = "invite_email";
    email.label = text(context, "agencies.invite_email");
    email.hint = text(context, "agencies.invite_email_hint");
    email.value = typed ? context.form().get("invite_email") : agency.email;
    email.error = errors.of("invite_email");
    email.type = "email";
    email.width = "30";
    out.push_back(field(email));
    Field name;
    name.id = name.name = "invite_name";
    name.label = text(context, "agencies.invite_name");
    name.value = context.form().get("invite_name");
    name.error = errors.of("full_name");
    name.width = "30";
    out.push_back(field(name));
    return out;
}

http::Response show(PageContext& context, const app::AgencyPage& seen, const FormErrors& errors,
                    bool editing, bool inviting, int status) {
    const auto now = context.services.clock.now();
    const auto& agency = seen.agency;
    const auto state = domain::parse<domain::AgencyState>(agency.state);
    Json view{{"page", {{"title", agency.name}}},
              {"errors", errors.summary()},
              {"id", agency.id},
              {"editing", editing},
              {"changing", !errors.of("reason").empty() || context.form().has("reason")},
              {"agency_id", agency.id},
              {"version", agency.version},
              {"name", agency.name},
              {"code", agency.code},
              {"provisional", agency.code_provisional},
              {"branch", text(context, "agencies.branch_" + agency.branch)},
              {"tag", agency_tag(state.value_or(domain::AgencyState::None), context.language)},
              {"fields", edit_fields(context, seen, errors, editing)},
              {"invite_fields", invite_fields(context, agency, errors, inviting)},
              {"people", Json::array()},
              {"invitations", Json::array()}};
    for (const auto& person : seen.people) view["people"].push_back(person_view(context, person));
    for (const auto& one : seen.invitations) {
        view["invitations"].push_back(invitation_view(context, one, now));
    }
    view["no_people"] = seen.people.empty();
    const bool has_head = std::ranges::any_of(seen.people, [](const auto& person) {
        return std::ranges::any_of(
            person.grants, [](const auto& grant) { return grant.role == domain::Role::Head; });
    });
    view["no_head"] = !seen.people.empty() && !has_head;
    view["has_invitations"] = !seen.invitations.empty();
    Field role;
    role.id = role.name = "role";
    role.label = text(context, "agencies.invite_role");
    const bool wants_head = view["no_head"].get<bool>();
    role.value = inviting ? context.form().get("role") : (wants_head ? "head" : "focal_point");
    role.error = errors.of("role");
    for (const auto* one : {"focal_point", "head", "both"}) {
        role.options.push_back({one, text(context, std::string{"invitation.role_"} + one), ""});
    }
    view["role"] = radios(role);
    Field reason;
    reason.id = reason.name = "reason";
    reason.label = text(context, "agencies.state_reason");
    reason.value = context.form().get("reason");
    reason.error = errors.of("reason");
    reason.width = "30";
    view["reason"] = field(reason);
    view["can_suspend"] = state == domain::AgencyState::Approved;
    view["suspended"] = state == domain::AgencyState::Suspended;
    view["can_close"] = state != domain::AgencyState::None && state != domain::AgencyState::Closed;
    view["reason_given"] = agency.state_reason;
    return page(context, "pages/agency_show", std::move(view), status);
}

}  // namespace

http::Response agency_show(PageContext& context) {
    const auto seen =
        app::see_agency(context.services, context.actor, number_in_path(context, "id"));
    if (!seen) return problem(context, seen.error());
    return show(context, *seen, FormErrors{context}, false, false, 200);
}

http::Response agency_edit_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto seen = app::see_agency(context.services, context.actor, id);
    if (!seen) return problem(context, seen.error());
    FormErrors errors{context};
    app::EditAgency input;
    input.agency_id = id;
    input.version = std::atoll(context.form().get("version").c_str());
    input.name = text_field(context, errors, "name", 200);
    input.code = text_field(context, errors, "code", 35);
    input.email = text_field(context, errors, "email", 254);
    input.superior = text_field(context, errors, "superior", 200);
    input.address = text_field(context, errors, "address", 300);
    input.phone = text_field(context, errors, "phone", 30);
    input.tax_code = text_field(context, errors, "tax_code", 20);
    input.budget_code = text_field(context, errors, "budget_code", 20);
    input.code_confirmed = context.form().get("code_confirmed") == "1";
    if (errors.empty()) {
        const auto status = app::edit_agency(context.services, context.actor, input);
        if (status) {
            return redirect(context, "/co-quan/" + std::to_string(id),
                            text(context, "agencies.saved"));
        }
        if (status.error().kind == ErrorKind::NotFound) return problem(context, status.error());
        errors.add(status.error());
    }
    return show(context, *seen, errors, true, false, 422);
}

http::Response agency_state_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto seen = app::see_agency(context.services, context.actor, id);
    if (!seen) return problem(context, seen.error());
    FormErrors errors{context};
    const auto act = context.form().get("viec");
    app::ChangeAgencyState input;
    input.agency_id = id;
    input.version = std::atoll(context.form().get("version").c_str());
    input.reason = text_field(context, errors, "reason", 1000);
    input.action = act == "dong"     ? domain::AgencyAction::Close
                   : act == "mo-lai" ? domain::AgencyAction::Resume
                                     : domain::AgencyAction::Suspend;
    if (errors.empty()) {
        const auto status = app::change_agency_state(context.services, context.actor, input);
        if (status) {
            return redirect(context, "/co-quan/" + std::to_string(id),
                            text(context, "agencies.state_saved"));
        }
        auto error = status.error();
        if (error.code == "workflow.no_reason") error.field = "reason";
        errors.add(error);
    }
    return show(context, *seen, errors, false, false, 422);
}

http::Response agency_invite_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto seen = app::see_agency(context.services, context.actor, id);
    if (!seen) return problem(context, seen.error());
    FormErrors errors{context};
    app::InviteAgency input;
    input.agency_id = id;
    input.email = text_field(context, errors, "invite_email", 254);
    input.full_name = text_field(context, errors, "invite_name", 100);
    input.role = context.form().get("role");
    if (errors.empty()) {
        const auto invited = app::invite_agency(context.services, context.actor, input);
        if (invited) {
            return redirect(context, "/co-quan/" + std::to_string(id),
                            text(context, "agencies.invited_flash", {{"email", input.email}}));
        }
        auto error = invited.error();
        if (error.kind == ErrorKind::NotFound) return problem(context, error);
        if (error.field == "email") error.field = "invite_email";
        errors.add(error);
    }
    return show(context, *seen, errors, false, true, 422);
}

http::Response agency_person_end_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto role = domain::role_from_name(context.form().get("vai_tro"));
    if (!role) return problem(context, {ErrorKind::NotFound, "account.not_found", {}, {}, {}});
    const auto ended =
        app::end_role(context.services, context.actor, {context.form().get("thu"), id, *role});
    if (!ended) return problem(context, ended.error());
    return redirect(context, "/co-quan/" + std::to_string(id), text(context, "person.role_ended"));
}

http::Response invitation_withdraw_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto status = app::withdraw_invitation(context.services, context.actor,
                                                 std::atoll(context.form().get("so").c_str()));
    if (!status) return problem(context, status.error());
    return redirect(context, "/co-quan/" + std::to_string(id),
                    text(context, "agencies.withdrawn_flash"));
}

}  // namespace antin::web
