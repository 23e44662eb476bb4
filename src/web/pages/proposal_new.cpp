#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/decide_proposal.hpp"
#include "app/officer_access.hpp"
#include "app/proposals.hpp"
#include "app/propose_postponement.hpp"
#include "app/propose_stop.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {
namespace {

constexpr std::size_t typed_max = 8000;

std::string base_of(const app::OfficerDossier& view) {
    return fmt::format("/xu-ly/{}", view.checked.dossier.id);
}

bool allowed(const app::OfficerDossier& view, domain::DossierAction action, Instant now) {
    auto facts = app::facts_of(view.checked.dossier, view.checked.lines);
    facts.reason_given = true;
    facts.before_due = view.checked.dossier.due_at && now < *view.checked.dossier.due_at;
    const auto decision = domain::decide(facts, action, domain::Role::Assessor);
    return std::holds_alternative<domain::Transition<domain::DossierState>>(decision);
}

const store::DossierProposal* waiting(const app::OfficerDossier& view, std::string_view kind) {
    const auto found = std::ranges::find(view.proposals, kind, &store::DossierProposal::kind);
    return found == view.proposals.end() ? nullptr : &*found;
}

Json reason_field(PageContext& context, const FormErrors& errors, const std::string& label,
                  const std::string& hint, const std::string& prepared) {
    Field reason;
    reason.id = reason.name = "reason";
    reason.type = "area";
    reason.label = label;
    reason.hint = hint;
    reason.error = errors.of("reason");
    reason.value = context.request.method == "POST" ? context.form().get("reason") : prepared;
    return field(reason);
}

http::Response refused(PageContext& context, const Error& error, FormErrors errors,
                       http::Response (*show)(PageContext&, const FormErrors&, int)) {
    if (error.kind == ErrorKind::NotFound || error.kind == ErrorKind::Forbidden) {
        return problem(context, error);
    }
    Error placed = error;
    if (placed.field.empty() && placed.code == "workflow.no_reason") placed.field = "reason";
    errors.add(placed);
    return show(context, errors, status_of(error.kind));
}

http::Response show_stop(PageContext& context, const FormErrors& errors, int status) {
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    Json page_view{
        {"head", dossier_head(context, *view)},
        {"base", base_of(*view)},
        {"open_lines",
         std::to_string(
             app::facts_of(view->checked.dossier, view->checked.lines).lines_without_result)},
        {"reason", reason_field(context, errors, text(context, "stop.reasons"),
                                text(context, "stop.reasons_hint"), "")},
        {"errors", errors.summary()}};
    page_view["page"] = {{"title", text(context, "stop.title") + ", " +
                                       view->checked.dossier.code.value_or(view->agency.name)},
                         {"compact", true}};
    return page(context, "pages/stop_new", std::move(page_view), status);
}

Json later_options(const PageContext& context, const store::Dossier& dossier, int chosen) {
    Json options = Json::array();
    const auto dues =
        context.services.db.read([&](sql::Reader& db) { return app::later_dues(db, dossier); });
    if (!dues) return options;
    for (const auto& later : *dues) {
        options.push_back(
            {{"value", std::to_string(later.days)},
             {"text", text(context, "postponement.later",
                           {{"days", std::to_string(later.days)},
                            {"due", moment_in_sentence(later.at, context.language)}})},
             {"selected", later.days == chosen}});
    }
    return options;
}

http::Response show_postponement(PageContext& context, const FormErrors& errors, int status) {
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    const auto& dossier = view->checked.dossier;
    const auto* draft = waiting(*view, "postponement");
    const bool drafted = draft != nullptr && draft->state == "draft";
    const int chosen = context.request.method == "POST"
                           ? static_cast<int>(number_of(context.form().get("days")))
                           : 1;
    Json page_view{
        {"head", dossier_head(context, *view)},
        {"base", base_of(*view)},
        {"drafted", drafted},
        {"promised", dossier.due_at ? moment_in_sentence(*dossier.due_at, context.language) : ""},
        {"days", later_options(context, dossier, chosen)},
        {"days_error", errors.of("days")},
        {"reason",
         reason_field(context, errors, text(context, "postponement.reason"),
                      text(context, "postponement.reason_hint"), drafted ? draft->reason : "")},
        {"errors", errors.summary()}};
    page_view["page"] = {{"title", text(context, "postponement.title") + ", " +
                                       dossier.code.value_or(view->agency.name)},
                         {"compact", true}};
    return page(context, "pages/postponement_new", std::move(page_view), status);
}

std::string proposal_words(const PageContext& context, const store::DossierProposal& proposal) {
    if (proposal.kind == "stop") {
        return text(context, "proposal.stop_words", {{"name", proposal.proposed_by_name}});
    }
    const auto due = proposal.new_due_at.value_or(proposal.proposed_at);
    const auto promised = proposal.promised_at.value_or(proposal.proposed_at);
    return text(context,
                proposal.state == "draft" ? "proposal.draft_words" : "proposal.postponement_words",
                {{"name", proposal.proposed_by_name},
                 {"due", moment_in_sentence(due, context.language)},
                 {"promised", moment_in_sentence(promised, context.language)}});
}

/// Why agreeing is no longer possible; "" when it is.
std::string obstacle(const PageContext& context, const app::OfficerDossier& view,
                     const store::DossierProposal& proposal) {
    const auto facts = app::facts_of(view.checked.dossier, view.checked.lines);
    if (proposal.kind == "stop") {
        return facts.lines_with_result > 0
                   ? sentence_of(context.language,
                                 domain::to_error(domain::Objection::ResultsExist))
                   : "";
    }
    const bool in_time =
        view.checked.dossier.due_at && context.services.clock.now() < *view.checked.dossier.due_at;
    return in_time ? ""
                   : sentence_of(context.language, domain::to_error(domain::Objection::TooLate));
}

/// The dossier's page with what went wrong.
http::Response decide_again(PageContext& context, const Error& error) {
    if (error.kind == ErrorKind::NotFound || error.kind == ErrorKind::Forbidden) {
        return problem(context, error);
    }
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    return dossier_page(context, *view, officer_place(context), &error);
}

}  // namespace

Json proposals_view(PageContext& context, const app::OfficerDossier& view, const Error* error) {
    Json out = Json::array();
    for (const auto& proposal : view.proposals) {
        const bool draft = proposal.state == "draft";
        if (draft && !view.is_mine) continue;
        const bool own = proposal.proposed_by == context.actor.account_id;
        const bool may_decide = !draft && view.is_approver && !own;
        Json reasons = Json::array();
        for (const auto& line : app::lines_of(proposal.reason)) reasons.push_back({{"text", line}});
        const auto field = fmt::format("ly-do-{}", proposal.id);
        const bool wrong = error != nullptr && error->field == field;
        const auto stands_in_the_way = obstacle(context, view, proposal);
        out.push_back(
            {{"id", std::to_string(proposal.id)},
             {"version", view.checked.dossier.version},
             {"panel", may_decide || draft ? "act" : "edge"},
             {"title", text(context, "proposal.title_" + proposal.kind)},
             {"words", proposal_words(context, proposal)},
             {"reasons", reasons},
             {"problem", stands_in_the_way},
             {"href", fmt::format("{}/de-nghi/{}", base_of(view), proposal.id)},
             {"paper_href", fmt::format("{}/de-nghi/{}", base_of(view), proposal.id)},
             {"edit_href", draft ? base_of(view) + "/hen-lai" : ""},
             {"agree", text(context, "proposal.agree_" + proposal.kind)},
             {"wrong", wrong ? sentence_of(context.language, *error) : ""},
             {"typed", wrong ? context.form().get("ly-do") : ""},
             {"may_decide", may_decide},
             {"may_agree", stands_in_the_way.empty()},
             {"take_back", text(context, draft ? "proposal.throw_away" : "proposal.take_back")},
             {"may_take_back", view.is_mine && (own || draft)}});
    }
    return out;
}

Json other_acts_view(const PageContext& context, const app::OfficerDossier& view) {
    Json out = Json::array();
    const auto add = [&](const std::string& href, std::string_view key) {
        out.push_back({{"href", href}, {"text", text(context, key)}});
    };
    const Instant now = context.services.clock.now();
    const auto* later = waiting(view, "postponement");
    if (view.is_mine && allowed(view, domain::DossierAction::ProposePostponement, now) &&
        (later == nullptr || later->state == "draft")) {
        add(base_of(view) + "/hen-lai", "officer.act_postpone");
    }
    if (view.is_mine && allowed(view, domain::DossierAction::ProposeStop, now) &&
        waiting(view, "stop") == nullptr) {
        add(base_of(view) + "/dung", "officer.act_stop");
    }
    if (view.checked.dossier.code) {
        add(base_of(view) + "/phieu-kiem-soat", "officer.act_control_sheet");
    }
    return out;
}

http::Response stop_new(PageContext& context) {
    return show_stop(context, FormErrors{context}, 200);
}

http::Response stop_new_post(PageContext& context) {
    const auto id = id_in_path(context);
    const auto done = app::propose_stop(context.services, context.actor,
                                        {id, number_of(context.form().get("version")),
                                         context.form().get("reason").substr(0, typed_max)});
    if (!done) return refused(context, done.error(), FormErrors{context}, show_stop);
    return redirect(context, fmt::format("/xu-ly/{}", id), text(context, "stop.sent"));
}

http::Response postponement_new(PageContext& context) {
    return show_postponement(context, FormErrors{context}, 200);
}

http::Response postponement_new_post(PageContext& context) {
    const auto id = id_in_path(context);
    const auto done = app::propose_postponement(
        context.services, context.actor,
        {id, number_of(context.form().get("version")),
         static_cast<int>(std::clamp<std::int64_t>(number_of(context.form().get("days")), 0, 1000)),
         context.form().get("reason").substr(0, typed_max)});
    if (!done) return refused(context, done.error(), FormErrors{context}, show_postponement);
    return redirect(context, fmt::format("/xu-ly/{}", id), text(context, "postponement.sent"));
}

http::Response proposal_decide_post(PageContext& context) {
    const auto id = id_in_path(context);
    const auto proposal = number_of(context.request.path_value("proposal"));
    const auto version = number_of(context.form().get("version"));
    const auto act = context.form().get("viec");
    if (act == "rut") {
        const auto done =
            app::take_back_proposal(context.services, context.actor, {id, version, proposal});
        if (!done) return decide_again(context, done.error());
        return redirect(context, fmt::format("/xu-ly/{}", id),
                        text(context, "proposal.taken_back"));
    }
    const bool agree = act == "dong-y";
    const auto done = app::decide_proposal(
        context.services, context.actor,
        {id, version, proposal, agree, context.form().get("ly-do").substr(0, typed_max)});
    if (!done) {
        Error error = done.error();
        if (error.code == "workflow.no_reason") error.field = fmt::format("ly-do-{}", proposal);
        return decide_again(context, error);
    }
    return redirect(
        context, fmt::format("/xu-ly/{}", id),
        text(context, !agree                                         ? "proposal.declined"
                      : done->state == domain::DossierState::Stopped ? "stop.done"
                                                                     : "postponement.done"));
}

http::Response proposal_paper(PageContext& context) {
    const auto file = app::draw_proposed_paper(context.services, context.actor, id_in_path(context),
                                               number_of(context.request.path_value("proposal")));
    if (!file) return problem(context, file.error());
    auto response = http::bytes_body("application/pdf", std::string{as_text(*file)});
    response.set("Content-Disposition", "inline; filename=\"ban-du-thao.pdf\"");
    response.set("Cache-Control", "private, no-store");
    return response;
}

}  // namespace antin::web
