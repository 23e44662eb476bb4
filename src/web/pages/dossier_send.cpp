#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/check_dossier.hpp"
#include "app/dossier_access.hpp"
#include "app/save_draft_head.hpp"
#include "app/second_factor.hpp"
#include "app/submit_dossier.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "domain/deadline.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/attachments.hpp"
#include "store/calendar.hpp"
#include "store/rules.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/finding_text.hpp"
#include "web/form_errors.hpp"

namespace antin::web {
namespace {

constexpr std::size_t paper_rows_max = 6;

std::string masked(std::string_view key, std::string value) {
    if (key != "personal_id" || value.size() < 6) return value;
    return value.substr(0, 3) + "•••••••" + value.substr(value.size() - 2);
}

/// Whose name stands under the paper: the head who looks at it, else the agency's only head.
std::optional<store::Account> signer_of(const PageContext& context, sql::Reader& db,
                                        const store::Dossier& dossier) {
    if (context.actor.has(domain::Role::Head, dossier.agency_id))
        return store::find_account(db, context.actor.account_id);
    const auto heads = store::people_with_role(db, domain::Role::Head, dossier.agency_id);
    return heads.size() == 1 ? std::optional{heads.front()} : std::nullopt;
}

/// The columns that tell the head what is signed.
std::vector<std::string> paper_keys(const store::Dossier& dossier) {
    using enum domain::Procedure;
    switch (dossier.procedure) {
        case Renewal:
        case Amendment:
            return {"certificate_name", "serial", "change_to", "renew", "amend"};
        case Revocation:
            return {"certificate_name", "serial", "device_serial", "reason"};
        case DeviceRestoration:
            return {"device_serial", "certificate_name", "email"};
        case Issuance:
            break;
    }
    if (dossier.subscriber_kind == domain::SubscriberKind::Organisation)
        return {"agency_name", "budget_code", "email"};
    if (dossier.subscriber_kind == domain::SubscriberKind::Equipment)
        return {"system_name", "domain_name", "email"};
    return {"full_name", "personal_id", "position", "email"};
}

Json paper_of(PageContext& context, sql::Reader& db, const app::CheckedDossier& checked) {
    const std::string kind{rows_are_chosen(checked.dossier)
                               ? domain::to_text(checked.dossier.procedure)
                               : domain::to_text(checked.dossier.subscriber_kind)};
    const auto keys = paper_keys(checked.dossier);
    Json heads = Json::array();
    for (const auto& key : keys) heads.push_back(field_label(key, context.language));
    Json rows = Json::array();
    for (const auto& line : checked.lines) {
        if (rows.size() == paper_rows_max) break;
        Json cells = Json::array();
        for (const auto& key : keys) cells.push_back(masked(key, line.value(key, checked.dossier)));
        rows.push_back({{"number", std::to_string(line.number)}, {"cells", cells}});
    }
    const auto agency = store::find_agency(db, checked.dossier.agency_id);
    const auto parent = agency && agency->parent_id ? store::find_agency(db, *agency->parent_id)
                                                    : std::optional<store::Agency>{};
    const auto receiver = store::find_agency(db, checked.dossier.receiver_id);
    const auto signer = signer_of(context, db, checked.dossier);
    const auto recipient = [&](const char* key) {
        const auto found = checked.dossier.recipient.find(key);
        return found == checked.dossier.recipient.end() ? std::string{} : found->second;
    };
    const auto rest = checked.lines.size() - rows.size();
    return {
        {"superior", parent ? to_upper(parent->name) : ""},
        {"to", receiver ? text(context, "send.paper_to", {{"name", receiver->name}}) : ""},
        {"head_position", signer ? to_upper(signer->position) : ""},
        {"head_name", signer ? signer->full_name : ""},
        {"agency", agency ? to_upper(agency->name) : ""},
        {"title", to_upper(text(context, "send.paper_title_" + kind))},
        {"recipient_label", text(context, "send.paper_recipient")},
        {"recipient", recipient("full_name") + ", " + recipient("position")},
        {"list_label", text(context, "send.paper_list")},
        {"heads", heads},
        {"rows", rows},
        {"more", rest > 0 ? text(context, "send.paper_more", {{"n", std::to_string(rest)}}) : ""}};
}

Json check_line(std::string_view tone, std::string_view shape, std::string words,
                std::string second = {}, std::string href = {}, std::string link = {}) {
    return {{"tone", tone},
            {"shape", shape},
            {"text", std::move(words)},
            {"second", std::move(second)},
            {"link_href", std::move(href)},
            {"link_text", std::move(link)}};
}

Json checks_of(PageContext& context, const app::CheckedDossier& checked, bool is_head) {
    Json out = Json::array();
    const std::string base = draft_base(checked.dossier.id);
    const auto wrong = checked.findings.lines_with_defects();
    const std::string lines = std::to_string(checked.lines.size());
    if (wrong == 0 && !checked.lines.empty())
        out.push_back(
            check_line("done", "tick-disc", text(context, "send.check_lines", {{"n", lines}})));
    else
        out.push_back(
            check_line("wrong", "octagon",
                       text(context, "send.check_lines_wrong", {{"n", std::to_string(wrong)}}), "",
                       base + "/danh-sach?hien=can-sua", text(context, "send.see_list")));
    if (checked.findings.recipient.defects.empty())
        out.push_back(check_line("done", "tick-disc", text(context, "send.check_recipient")));
    else
        out.push_back(check_line("wrong", "octagon", text(context, "send.check_recipient_wrong"),
                                 "", base + "/nguoi-nhan?sua=1", text(context, "recipient.title")));
    for (const auto& finding : checked.findings.dossier)
        out.push_back(check_line("wrong", "octagon", finding_text(finding, context.language)));
    if (is_head) out.push_back(check_line("done", "tick-disc", text(context, "send.check_head")));
    std::size_t warned = 0;
    for (const auto& line : checked.findings.lines) warned += line.warnings.empty() ? 0 : 1;
    if (warned > 0)
        out.push_back(
            check_line("attention", "triangle",
                       text(context, "send.check_warned", {{"n", std::to_string(warned)}}),
                       text(context, "send.check_warned_second"), base + "/xem-lai",
                       text(context, "send.see_review")));
    return out;
}

Json plan_of(PageContext& context, sql::Reader& db, const store::Dossier& dossier) {
    const Instant now = context.services.clock.now();
    const std::string today = to_iso(local_date(now));
    const auto days = store::rule_integer(db, "issue.deadline_wd", today);
    const auto due = domain::due_after_days(now, static_cast<int>(days),
                                            store::load_calendar(db, local_date(now)));
    Json out = Json::array();
    out.push_back({{"title", text(context, "send.plan_now")},
                   {"words", text(context, "send.plan_now_text")}});
    out.push_back({{"title", text(context, "send.plan_intake")},
                   {"words", text(context, "send.plan_intake_text")}});
    if (due)
        out.push_back(
            {{"title", text(context, "send.plan_due",
                            {{"moment", moment_in_sentence(due->at, context.language)}})},
             {"words", text(context, "send.plan_due_text", {{"n", std::to_string(days)}})}});
    out.push_back({{"title", text(context, "send.plan_handover",
                                  {{"n", std::to_string(dossier.line_count)}})},
                   {"words", text(context, "send.plan_handover_text")}});
    return out;
}

/// The code that confirms: asked for, or given so short a time ago that it still counts.
void add_confirmation(PageContext& context, const FormErrors& errors, Json& view) {
    const auto ways = app::second_factor_ways(context.services, context.actor);
    const bool phone = !ways || ways->phone;
    const auto given = context.actor.second_factor_at;
    const Instant now = context.services.clock.now();
    const bool fresh = given && now - *given <= app::second_factor_fresh;
    view["mail"] = ways && ways->mail;
    view["fresh_words"] = "";
    view["code"] = false;
    if (fresh && errors.of("code").empty()) {
        view["fresh_words"] =
            text(context, "send.code_given",
                 {{"at", time_of_day(*given, context.language)},
                  {"until", time_of_day(*given + app::second_factor_fresh, context.language)}});
        view["mail"] = false;
        return;
    }
    Field code;
    code.id = code.name = "code";
    code.label = text(context, phone ? "send.code" : "send.code_mailed");
    code.hint = text(context, phone ? "send.code_hint" : "send.code_mailed_hint");
    code.error = errors.of("code");
    code.width = "10";
    code.inputmode = "numeric";
    code.autocomplete = "one-time-code";
    view["code"] = field(code);
}

/// A file that is older than the list it is about: the head has to look whether they agree.
void warn_of_older_proof(PageContext& context, const app::CheckedDossier& checked,
                         const std::vector<store::Attachment>& proofs, Json& checks) {
    if (proofs.empty()) return;
    const Instant attached = proofs.back().added_at;
    const bool older = std::ranges::any_of(checked.lines, [&](const store::DossierLine& line) {
        return line.saved_at && *line.saved_at > attached;
    });
    if (older)
        checks.push_back(check_line("attention", "triangle", text(context, "send.check_older"),
                                    text(context, "send.check_older_second")));
}

http::Response show(PageContext& context, const store::Dossier& dossier, const FormErrors& errors,
                    int status) {
    Json view;
    const bool is_head = context.actor.has(domain::Role::Head, dossier.agency_id);
    const std::string base = draft_base(dossier.id);
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto checked = app::check_dossier(db, context.services, dossier);
        const std::string proof = app::asked_proof(db);
        view["paper"] = paper_of(context, db, checked);
        view["checks"] = checks_of(context, checked, is_head);
        view["plan"] = plan_of(context, db, dossier);
        std::vector<store::Attachment> proofs;
        for (auto& attachment : store::attachments(db, dossier.id)) {
            if (attachment.kind == proof) proofs.push_back(attachment);
        }
        warn_of_older_proof(context, checked, proofs, view["checks"]);
        view["proofs"] = files_view(context, proofs);
        view["has_proof"] = !proofs.empty();
        view["proof_title"] = text(context, "send.proof_title_" + proof);
        view["proof_text"] = text(context, "send.proof_text_" + proof);
        view["proof_link"] = text(context, proofs.empty() ? "send.proof_add" : "send.proof_other");
        view["proof_href"] = base + "/dinh-kem?loai=" + proof + "&ve=" + base + "/ky";
        std::string who;
        if (const auto clerk = store::find_account(db, dossier.created_by)) who = clerk->full_name;
        Json draft = draft_banner(context, dossier);
        if (dossier.ready_for_head_at)
            draft["text"] =
                text(context, "send.handed_by",
                     {{"who", who},
                      {"time", moment_in_sentence(*dossier.ready_for_head_at, context.language)}});
        view["draft"] = draft;
        return {};
    });
    if (!read) return problem(context, read.error());
    add_confirmation(context, errors, view);
    Field note;
    note.id = note.name = "note";
    note.type = "area";
    note.label = text(context, "send.return_note");
    note.error = errors.of("note");
    note.rows = 3;
    const std::string what = dossier_heading(context.language, dossier);
    view["page"] = {{"title", text(context, "send.title", {{"what", what}})}};
    view["heading"] = text(context, "send.title", {{"what", what}});
    view["paper_words"] = text(context, "send.paper_words", {{"what", what}});
    view["base"] = base;
    view["steps"] = request_steps(context, 4);
    view["is_head"] = is_head;
    view["dossier_version"] = std::to_string(dossier.version);
    view["saved_at"] = std::to_string(to_millis(dossier.saved_at));
    view["submit_key"] = random_token(18);
    view["return_note"] = field(note);
    view["errors"] = errors.summary();
    return page(context, "pages/dossier_send", std::move(view), status);
}

/// A code that was typed is checked first; it is good for this sending.
Result<store::Dossier> confirm_and_submit(PageContext& context, const app::SubmitDossier& input) {
    ANTIN_TRY(seen, app::agency_dossier(context.services, context.actor, input.dossier_id));
    const std::string code = context.form().get("code");
    // The same form once more: its code was used up by the first time.
    const bool again = seen.submit_key && *seen.submit_key == input.submit_key;
    if (!code.empty() && !again) {
        ANTIN_CHECK(app::check_second_factor(context.services, context.actor, code));
        context.actor.second_factor_at = context.services.clock.now();
    }
    return app::submit_dossier(context.services, context.actor, input);
}

}  // namespace

http::Response dossier_send(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    return show(context, *dossier, FormErrors{context}, 200);
}

http::Response dossier_send_post(PageContext& context) {
    app::SubmitDossier input;
    input.dossier_id = std::atoll(context.request.path_value("id").c_str());
    input.version = std::atoll(context.form().get("ban").c_str());
    input.saved_at_ms = std::atoll(context.form().get("luu").c_str());
    input.submit_key = context.form().get("khoa");
    const auto sent = confirm_and_submit(context, input);
    if (sent)
        return redirect(context, app::dossier_path(*sent),
                        text(context, "send.done", {{"n", std::to_string(sent->line_count)}}));
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, sent.error());
    FormErrors errors{context};
    errors.add(sent.error());
    return show(context, *dossier, errors, status_of(sent.error().kind));
}

http::Response dossier_send_mail(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    const auto sent = app::mail_second_factor(context.services, context.actor);
    if (sent)
        return redirect(context, draft_base(dossier->id) + "/ky#code",
                        text(context, "send.code_sent"));
    FormErrors errors{context};
    auto error = sent.error();
    error.field = "code";
    errors.add(error);
    return show(context, *dossier, errors, status_of(error.kind));
}

http::Response dossier_send_return(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    const auto returned = app::return_to_clerk(context.services, context.actor, dossier->id,
                                               context.form().get("note"));
    if (returned) return redirect(context, "/viec", text(context, "send.returned"));
    if (returned.error().field.empty()) return problem(context, returned.error());
    FormErrors errors{context};
    errors.add(returned.error());
    return show(context, *dossier, errors, 422);
}

}  // namespace antin::web
