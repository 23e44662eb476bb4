#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/check_dossier.hpp"
#include "app/make_request_form.hpp"
#include "app/save_draft_head.hpp"
#include "app/submit_dossier.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/finding_text.hpp"
#include "web/sheet_view.hpp"

namespace antin::web {
namespace {

Json task(PageContext& context, std::string_view key, std::string href, bool done,
          std::string hint) {
    Json out = done ? tag("done", "tick", text(context, "review.task_done"))
                    : tag("attention", "triangle", text(context, "review.task_open"));
    out["text"] = text(context, fmt::format("review.task_{}", key));
    out["href"] = std::move(href);
    out["hint"] = std::move(hint);
    return out;
}

bool has_kind(const app::CheckedDossier& checked, std::string_view kind) {
    return std::ranges::find(checked.attachment_kinds, kind) != checked.attachment_kinds.end();
}

Json tasks_of(PageContext& context, const app::CheckedDossier& checked, const std::string& proof) {
    const std::string base = draft_base(checked.dossier.id);
    const auto wrong = checked.findings.lines_with_defects();
    Json out = Json::array();
    out.push_back(task(context, "recipient", base + "/nguoi-nhan?sua=1",
                       checked.findings.recipient.defects.empty(),
                       checked.findings.recipient.name));
    out.push_back(
        task(context, "list", wrong == 0 ? base + "/danh-sach" : base + "/danh-sach?hien=can-sua",
             wrong == 0 && !checked.lines.empty(),
             wrong == 0 ? "" : text(context, "sheet.count_mend", {{"n", std::to_string(wrong)}})));
    std::string missing;
    for (const auto& finding : checked.findings.dossier)
        missing += (missing.empty() ? "" : " ") + finding_text(finding, context.language);
    if (!checked.form->attachments_required.empty())
        out.push_back(task(context, "establishment", base + "/dinh-kem?loai=establishment_decision",
                           has_kind(checked, "establishment_decision"), missing));
    out.push_back(task(context, proof,
                       base + "/dinh-kem?loai=" + proof + "&ve=" + base + "/xem-lai",
                       has_kind(checked, proof), text(context, "review.hint_" + proof)));
    return out;
}

Json summary_of(PageContext& context, const app::CheckedDossier& checked) {
    const std::string base = draft_base(checked.dossier.id);
    Json out = Json::array();
    const auto add = [&](std::string key, std::string value, std::string second, std::string href) {
        out.push_back({{"key", key},
                       {"value", std::move(value)},
                       {"second", std::move(second)},
                       {"act_href", std::move(href)},
                       {"act_text", text(context, "review.change")},
                       {"act_hidden", key}});
    };
    const auto& dossier = checked.dossier;
    const std::string carrier{domain::to_text(dossier.carrier)};
    const auto of = [&](const char* key) {
        const auto found = dossier.recipient.find(key);
        return found == dossier.recipient.end() ? std::string{} : found->second;
    };
    add(text(context, "review.request"), dossier_heading(context.language, dossier),
        form_name(context.language, dossier), "");
    if (!rows_are_chosen(dossier))
        add(text(context, "review.carrier"), text(context, "carrier." + carrier), "", "");
    add(text(context, "review.recipient"), of("full_name"),
        of("position") + (of("phone").empty() ? "" : " · " + of("phone")), base + "/nguoi-nhan");
    const bool restoration = dossier.procedure == domain::Procedure::DeviceRestoration;
    add(text(context, restoration ? "review.agency" : "review.address"),
        of(restoration ? "agency_name" : "address"), restoration ? "" : of("email"),
        base + "/nguoi-nhan");
    return out;
}

Json warnings_of(PageContext& context, const app::CheckedDossier& checked) {
    Json out = Json::array();
    for (std::size_t i = 0; i < checked.lines.size() && out.size() < 20; ++i) {
        for (const auto& warning : checked.findings.lines[i].warnings) {
            const std::string row = std::to_string(checked.lines[i].number);
            out.push_back({{"tone", "attention"},
                           {"shape", "triangle"},
                           {"text", text(context, "sheet.error_person",
                                         {{"row", row},
                                          {"name", checked.lines[i].name},
                                          {"sentence", finding_text(warning, context.language)}})},
                           {"second", ""},
                           {"link_href", fmt::format("dong/{}", row)},
                           {"link_text", text(context, "review.see_row", {{"row", row}})}});
        }
    }
    return out;
}

http::Response show(PageContext& context, const store::Dossier& dossier) {
    Json view;
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto checked = app::check_dossier(db, context.services, dossier);
        const std::string proof = app::asked_proof(db);
        const auto wrong = checked.findings.lines_with_defects();
        view["tasks"] = tasks_of(context, checked, proof);
        view["summary"] = summary_of(context, checked);
        view["counts"] = sheet_counts(checked, context.language);
        view["errors"] = sheet_errors(checked, {}, context.language);
        view["checks"] = warnings_of(context, checked);
        view["has_warnings"] = !view["checks"].empty();
        view["ready"] = checked.findings.defects() == 0 && !checked.lines.empty();
        view["can_go_on"] = wrong > 0 && wrong < checked.lines.size();
        const std::string complete = std::to_string(checked.lines_complete());
        view["go_on_title"] = text(context, "review.go_on_title", {{"n", complete}});
        view["go_on_text"] = text(context, "review.go_on_text", {{"n", std::to_string(wrong)}});
        view["split_words"] = text(context, "sheet.split",
                                   {{"wrong", std::to_string(wrong)}, {"complete", complete}});
        view["proof_words"] = text(context, "review.hint_" + proof);
        return {};
    });
    if (!read) return problem(context, read.error());
    const std::string heading = dossier_heading(context.language, dossier);
    view["page"] = {{"title", heading}};
    view["heading"] = heading;
    view["base"] = draft_base(dossier.id);
    view["steps"] = request_steps(context, 3);
    view["draft"] = draft_banner(context, dossier);
    view["is_head"] = context.actor.has(domain::Role::Head, dossier.agency_id);
    view["hand_words"] =
        text(context, dossier.ready_for_head_at ? "review.hand_again" : "review.hand");
    return page(context, "pages/dossier_review", std::move(view));
}

}  // namespace

http::Response dossier_review(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    return show(context, *dossier);
}

http::Response dossier_review_post(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    const auto handed = app::hand_to_head(context.services, context.actor, dossier->id);
    if (!handed) return problem(context, handed.error());
    return redirect(context, "/viec", text(context, "review.handed"));
}

http::Response request_form_pdf(PageContext& context) {
    const auto id = std::atoll(context.request.path_value("id").c_str());
    const bool signing = context.request.query().get("de-ky") == "1";
    const auto form = app::make_request_form(context.services, context.actor, id, signing);
    if (!form) return problem(context, form.error());
    auto response = http::bytes_body("application/pdf", std::string{as_text(*form)});
    response.set("Content-Disposition", "inline; filename=\"de-nghi.pdf\"");
    return response;
}

}  // namespace antin::web
