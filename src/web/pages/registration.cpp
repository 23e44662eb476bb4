#include <nlohmann/json.hpp>

#include "app/register_agency.hpp"
#include "base/text.hpp"
#include "web/components.hpp"
#include "web/file_answer.hpp"
#include "web/form_errors.hpp"
#include "web/pages/agency_pages.hpp"

namespace antin::web {
namespace {

/// One question of the form: name, kind of input, and its answers when it is a choice.
struct Question {
    const char* name;
    std::string app::AgencyDetails::*member;
    std::size_t longest;
    std::vector<const char*> answers = {};
    bool hinted = false;
};

const std::vector<Question>& questions() {
    using D = app::AgencyDetails;
    static const std::vector<Question> all{
        {"name", &D::name, 200},
        {"kind",
         &D::kind,
         40,
         {"party_committee", "peoples_council", "peoples_committee", "party_board", "department",
          "union", "other"}},
        {"branch", &D::branch, 10, {"state", "party"}, true},
        {"level", &D::level, 10, {"commune", "province"}},
        {"code", &D::code, 35, {}, true},
        {"tax_code", &D::tax_code, 20, {}, true},
        {"budget_code", &D::budget_code, 20, {}, true},
        {"address", &D::address, 300},
        {"phone", &D::phone, 30},
        {"email", &D::email, 254, {}, true},
        {"contact_name", &D::contact_name, 100},
        {"contact_position", &D::contact_position, 100},
        {"contact_role", &D::contact_role, 20, {"focal_point", "head", "both"}},
    };
    return all;
}

/// The inputs with what was typed, each by its own component.
Json question_views(const PageContext& context, const app::AgencyDetails& details,
                    const FormErrors& errors) {
    Json out = Json::array();
    for (const auto& question : questions()) {
        Field f;
        f.id = f.name = question.name;
        const auto key = std::string{"registration.field_"} + question.name;
        f.label = text(context, key);
        if (question.hinted) f.hint = text(context, key + "_hint");
        f.value = details.*question.member;
        f.error = errors.of(question.name);
        for (const auto* answer : question.answers) {
            f.options.push_back({answer, text(context, key + "_" + answer), ""});
        }
        // Few answers stand open; many fold into a select, so that the form fits its screen.
        const bool choice = !question.answers.empty() && question.answers.size() <= 3;
        if (!question.answers.empty() && !choice) {
            f.type = "select";
            f.options.insert(f.options.begin(),
                             {"", text(context, "registration.choose_short"), ""});
        }
        f.width = question.longest <= 40 ? "20" : "30";
        out.push_back({{"is_choice", choice},
                       {"is_field", !choice},
                       {"view", choice ? radios(f) : field(f)}});
    }
    return out;
}

app::AgencyDetails read_details(PageContext& context, FormErrors& errors) {
    app::AgencyDetails details;
    for (const auto& question : questions()) {
        details.*question.member = text_field(context, errors, question.name, question.longest);
    }
    if (errors.empty()) {
        for (const auto& defect : app::check_agency_details(context.services, details)) {
            errors.add(defect.field, html::text(context.language, defect.key, defect.args));
        }
    }
    return details;
}

app::ProofUpload read_proof(PageContext& context) {
    for (const auto& upload : context.uploads()) {
        if (upload.field == "proof") return {upload.file_name, to_bytes(upload.content)};
    }
    return {};
}

http::Response form_page(PageContext& context, const app::AgencyDetails& details,
                         const FormErrors& errors, const std::string& action,
                         const std::string& reasons, int status) {
    return page(context, "pages/registration_new",
                {{"page", {{"title", text(context, "registration.title")}}},
                 {"errors", errors.summary()},
                 {"action", action},
                 {"reasons", reasons},
                 {"questions", question_views(context, details, errors)},
                 {"proof_error", errors.of("proof")}},
                status);
}

Json detail_rows(const PageContext& context, const app::AgencyDetails& details) {
    Json rows = Json::array();
    for (const auto& question : questions()) {
        const auto key = std::string{"registration.field_"} + question.name;
        const auto& value = details.*question.member;
        if (value.empty()) continue;
        const bool choice = !question.answers.empty() && !value.empty();
        rows.push_back({{"key", text(context, key)},
                        {"value", choice ? text(context, key + "_" + value) : value},
                        {"second", ""},
                        {"act_href", ""}});
    }
    return rows;
}

/// Is it one of the bodies on the list, or a new one? The one of the same name stands chosen.
Json body_choice(PageContext& context, const store::Registration& registration,
                 const app::AgencyDetails& details, const FormErrors& errors) {
    const auto found = app::same_bodies(context.services, context.actor, registration);
    if (!found || found->empty()) return false;
    Field choice{.id = "existing",
                 .name = "existing",
                 .label = text(context, "registration.which_body"),
                 .hint = text(context, "registration.which_body_hint"),
                 .error = errors.of("existing")};
    std::string same = "0";
    for (const auto& [agency, accounts, dossiers, invited, activated, first] : *found) {
        const auto id = std::to_string(agency.id);
        if (fold(agency.name) == fold(details.name) || agency.code == details.code) same = id;
        choice.options.push_back(
            {id, agency.name,
             text(context, accounts > 0 ? "registration.body_known" : "registration.body_empty",
                  {{"code", agency.code}, {"accounts", std::to_string(accounts)}})});
    }
    choice.options.push_back({"0", text(context, "registration.body_new"), ""});
    choice.value = context.form().has("existing") ? context.form().get("existing") : same;
    return radios(choice);
}

http::Response show_registration(PageContext& context, const store::Registration& registration,
                                 const FormErrors& errors, int status) {
    const auto details = app::agency_details_from_json(registration.data);
    Field reasons;
    reasons.id = reasons.name = "reasons";
    reasons.label = text(context, "registration.reasons");
    reasons.hint = text(context, "registration.reasons_hint");
    reasons.type = "area";
    reasons.value = context.form().get("reasons");
    reasons.error = errors.of("reasons");
    Field code;
    code.id = code.name = "agency_code";
    code.label = text(context, "registration.code_to_give");
    code.hint = text(context, "registration.code_to_give_hint");
    code.value =
        context.form().has("agency_code") ? context.form().get("agency_code") : details.code;
    code.error = errors.of("agency_code").empty() ? errors.of("code") : errors.of("agency_code");
    code.width = "20";
    return page(context, "pages/registration_show",
                {{"page", {{"title", details.name}}},
                 {"errors", errors.summary()},
                 {"id", registration.id},
                 {"version", registration.version},
                 {"name", details.name},
                 {"open", registration.state == "registered"},
                 {"state", text(context, "registration.state_" + registration.state)},
                 {"reasons_given", registration.reasons},
                 {"summary", detail_rows(context, details)},
                 {"bodies", registration.state == "registered"
                                ? body_choice(context, registration, details, errors)
                                : Json(false)},
                 {"code", field(code)},
                 {"reasons", field(reasons)}},
                status);
}

}  // namespace

http::Response registration_new(PageContext& context) {
    return form_page(context, {}, FormErrors{context}, "/dang-ky", "", 200);
}

http::Response registration_post(PageContext& context) {
    FormErrors errors{context};
    int status = 422;
    const auto details = read_details(context, errors);
    const auto proof = read_proof(context);
    if (proof.content.empty()) errors.add_key("proof", "error.registration.proof_missing");
    if (errors.empty()) {
        const auto secret = app::register_agency(context.services, context.actor, details, proof);
        if (secret) {
            return redirect(context, "/dang-ky/theo-doi?ma=" + *secret,
                            text(context, "registration.sent", {{"email", details.email}}));
        }
        if (secret.error().kind == ErrorKind::Unavailable) {
            return problem(context, secret.error());
        }
        errors.add(secret.error());
        if (secret.error().kind == ErrorKind::TooMany) status = 429;
    }
    return form_page(context, details, errors, "/dang-ky", "", status);
}

http::Response registration_follow(PageContext& context) {
    const auto secret = context.request.query().get("ma");
    const auto registration = app::follow_registration(context.services, secret);
    if (!registration) return problem(context, registration.error());
    const auto details = app::agency_details_from_json(registration->data);
    if (registration->state == "returned") {
        return form_page(context, details, FormErrors{context}, "/dang-ky/theo-doi?ma=" + secret,
                         registration->reasons, 200);
    }
    return page(context, "pages/registration_follow",
                {{"page", {{"title", text(context, "registration.follow_title")}}},
                 {"name", details.name},
                 {"approved", registration->state == "approved"},
                 {"email", details.email},
                 {"at", to_vietnamese(registration->created_at)}});
}

http::Response registration_mend_post(PageContext& context) {
    const auto secret = context.request.query().get("ma");
    const auto registration = app::follow_registration(context.services, secret);
    if (!registration) return problem(context, registration.error());
    FormErrors errors{context};
    int status = 422;
    const auto details = read_details(context, errors);
    if (errors.empty()) {
        const auto mended = app::mend_registration(context.services, context.actor, secret, details,
                                                   read_proof(context));
        if (mended) {
            return redirect(context, "/dang-ky/theo-doi?ma=" + secret,
                            text(context, "registration.sent", {{"email", details.email}}));
        }
        errors.add(mended.error());
        if (mended.error().kind == ErrorKind::TooMany) status = 429;
    }
    return form_page(context, details, errors, "/dang-ky/theo-doi?ma=" + secret,
                     registration->reasons, status);
}

http::Response registration_list(PageContext& context) {
    const auto query = context.request.query();
    const std::string state = query.get("trang-thai") == "da-tra" ? "returned" : "registered";
    const auto found = app::open_registrations(context.services, context.actor, state);
    if (!found) return problem(context, found.error());
    Json view{{"page", {{"title", text(context, "registration.list_title")}}},
              {"rows", Json::array()},
              {"empty", found->empty()},
              {"waiting", state == "registered"}};
    for (const auto& one : *found) {
        const auto details = app::agency_details_from_json(one.data);
        view["rows"].push_back({{"id", one.id},
                                {"name", details.name},
                                {"email", details.email},
                                {"at", to_vietnamese(one.created_at)}});
    }
    return page(context, "pages/registration_list", std::move(view));
}

http::Response registration_show(PageContext& context) {
    const auto found =
        app::see_registration(context.services, context.actor, number_in_path(context, "id"));
    if (!found) return problem(context, found.error());
    return show_registration(context, *found, FormErrors{context}, 200);
}

http::Response registration_proof(PageContext& context) {
    const auto proof = app::read_registration_proof(context.services, context.actor,
                                                    number_in_path(context, "id"));
    if (!proof) return problem(context, proof.error());
    auto response = http::bytes_body(proof->media_type, std::string{as_text(proof->content)});
    describe_file(response, proof->media_type, proof->name, true);
    return response;
}

http::Response registration_decide_post(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto found = app::see_registration(context.services, context.actor, id);
    if (!found) return problem(context, found.error());
    FormErrors errors{context};
    app::DecideRegistration input;
    input.registration_id = id;
    input.version = std::atoll(context.form().get("version").c_str());
    input.approve = context.form().get("quyet-dinh") == "duyet";
    input.reasons = text_field(context, errors, "reasons", 2000);
    input.agency_code = text_field(context, errors, "agency_code", 35);
    const auto existing = std::atoll(context.form().get("existing").c_str());
    if (existing > 0) input.existing_agency_id = existing;
    if (errors.empty()) {
        const auto status = app::decide_registration(context.services, context.actor, input);
        if (status) {
            return redirect(context, "/dang-ky/cho-duyet",
                            text(context, input.approve ? "registration.approved_flash"
                                                        : "registration.returned_flash"));
        }
        if (status.error().kind == ErrorKind::Unavailable) {
            return problem(context, status.error());
        }
        errors.add(status.error());
        if (status.error().kind == ErrorKind::Conflict) {  // as it stands now
            const auto now = app::see_registration(context.services, context.actor, id);
            if (now) return show_registration(context, *now, errors, 409);
        }
    }
    return show_registration(context, *found, errors, 422);
}

}  // namespace antin::web
