#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/accept_dossier.hpp"
#include "app/assess_lines.hpp"
#include "app/assign_dossier.hpp"
#include "app/decide_lines.hpp"
#include "app/decide_withdrawal.hpp"
#include "base/text.hpp"
#include "web/components.hpp"
#include "web/finding_text.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {
namespace {

constexpr std::size_t rows_on_page = 100;

/// Which form the rows stand in.
enum class Mode { Read, Assess, Approve };

Mode mode_of(const app::OfficerDossier& view) {
    if (view.checked.dossier.state != domain::DossierState::InProgress) return Mode::Read;
    if (view.is_mine) return Mode::Assess;
    const bool proposed = std::ranges::any_of(view.checked.lines, [](const auto& line) {
        return line.state == domain::LineState::Proposed;
    });
    return view.is_approver && proposed ? Mode::Approve : Mode::Read;
}

/// The first sentence: the whole text stands in the pane of the row.
std::string first_sentence(const std::string& words) {
    const auto end = words.find(". ");
    return end == std::string::npos ? words : words.substr(0, end + 1);
}

/// What the automatic check says of a row, in one line.
Json check_view(const PageContext& context, const domain::LineFindings& findings) {
    if (!findings.defects.empty()) {
        return {{"tone", "wrong"},
                {"shape", "octagon"},
                {"text", first_sentence(finding_text(findings.defects.front(), context.language))}};
    }
    if (!findings.warnings.empty()) {
        return {
            {"tone", "attention"},
            {"shape", "triangle"},
            {"text", first_sentence(finding_text(findings.warnings.front(), context.language))}};
    }
    return {{"tone", "done"}, {"shape", "tick"}, {"text", text(context, "assess.no_defect")}};
}

std::string shown(const app::OfficerDossier& view, std::string_view key, const std::string& value) {
    const bool is_date = key == "birth_date" || key == "id_issued_on";
    if (!view.sees_personal_data &&
        view.checked.form->subscriber_kind == domain::SubscriberKind::Individual) {
        return app::masked(key, value);
    }
    if (is_date) {
        if (const auto date = parse_iso_date(value)) return to_vietnamese(*date);
    }
    return value;
}

Json segments(PageContext& context, Mode mode, const store::DossierLine& line) {
    const auto legend = text(context, "assess.legend", {{"row", std::to_string(line.number)}});
    const auto typed = context.request.method == "POST";
    if (mode == Mode::Assess && line.state == domain::LineState::Requested) {
        const auto name = fmt::format("de-xuat-{}", line.number);
        const std::string stored{line.proposal ? domain::to_text(*line.proposal) : ""};
        return decision(legend, name,
                        {{"approve", text(context, "proposal.approve"), "done"},
                         {"supplement", text(context, "proposal.supplement"), "attention"},
                         {"refuse", text(context, "proposal.refuse"), "wrong"}},
                        typed && context.form().has(name) ? context.form().get(name) : stored);
    }
    if (mode == Mode::Approve && line.state == domain::LineState::Proposed) {
        const auto name = fmt::format("quyet-dinh-{}", line.number);
        const bool refuse = line.proposal == domain::Proposal::Refuse;
        return decision(
            legend, name,
            {{"dong-y", text(context, refuse ? "approve.agree_refuse" : "approve.agree_grant"),
              refuse ? "wrong" : "done"},
             {"tra-lai", text(context, "approve.send_back"), "attention"}},
            typed ? context.form().get(name) : "");
    }
    return false;
}

Json row_view(PageContext& context, const app::OfficerDossier& view, Mode mode, std::size_t index,
              std::int64_t selected) {
    const store::DossierLine& line = view.checked.lines[index];
    const store::Dossier& dossier = view.checked.dossier;
    const auto value = [&](const char* key) { return shown(view, key, line.value(key, dossier)); };
    const bool individual = dossier.subscriber_kind == domain::SubscriberKind::Individual;
    const auto reason_name = fmt::format("ly-do-{}", line.number);
    const bool typed = context.request.method == "POST" && context.form().has(reason_name);
    Json row{
        {"number", line.number},
        {"name", line.name},
        {"second", (individual ? line.value("position", dossier) : line.value("address", dossier)) +
                       " · " +
                       text(context, "carrier." + std::string{domain::to_text(line.carrier)})},
        {"identity", individual ? value("personal_id")
                     : line.value("budget_code", dossier).empty()
                         ? value("tax_code") + value("domain_name")
                         : value("budget_code")},
        {"email", value("email")},
        {"check", check_view(context, view.checked.findings.lines[index])},
        {"href", fmt::format("/xu-ly/{}?dong={}#dong-{}", dossier.id, line.number, line.number)},
        {"selected", line.number == selected},
        {"segments", segments(context, mode, line)},
        {"tag", line_tag(line.state, context.language)},
        {"reason_name", reason_name},
        {"reason", typed                   ? context.form().get(reason_name)
                   : mode == Mode::Approve ? ""
                                           : line.proposal_reason},
        {"proposal", ""}};
    row["show_reason"] = row["segments"].is_object();
    row["reason_open"] = !row["reason"].get<std::string>().empty();
    if (line.state == domain::LineState::Proposed && line.proposal) {
        row["proposal"] =
            text(context, "assess.proposed_" + std::string{domain::to_text(*line.proposal)});
        if (!line.proposal_reason.empty()) {
            row["proposal"] = row["proposal"].get<std::string>() + ": " + line.proposal_reason;
        }
    } else if (!line.decision_reason.empty()) {
        row["proposal"] = line.decision_reason;
    }
    return row;
}

Json detail_view(PageContext& context, const app::OfficerDossier& view, std::int64_t selected) {
    const auto& lines = view.checked.lines;
    const auto line = std::ranges::find(lines, selected, &store::DossierLine::number);
    if (line == lines.end()) return false;
    const auto& findings =
        view.checked.findings.lines[static_cast<std::size_t>(line - lines.begin())];
    Json facts = Json::array();
    for (const auto& field : view.checked.form->columns) {
        const auto value = line->value(field.key, view.checked.dossier);
        if (value.empty()) continue;
        facts.push_back({{"label", field_label(field.key, context.language)},
                         {"value", shown(view, field.key, value)}});
    }
    Json notes = Json::array();
    for (const auto& defect : findings.defects) {
        notes.push_back({{"tone", "wrong"},
                         {"shape", "octagon"},
                         {"text", finding_text(defect, context.language)}});
    }
    for (const auto& warning : findings.warnings) {
        notes.push_back({{"tone", "attention"},
                         {"shape", "triangle"},
                         {"text", finding_text(warning, context.language)}});
    }
    return {{"number", line->number}, {"name", line->name}, {"facts", facts}, {"notes", notes}};
}

Json findings_view(const PageContext& context, const app::OfficerDossier& view) {
    Json out = Json::array();
    const auto add = [&](std::string_view tone, std::string_view shape, std::int64_t number,
                         const domain::Finding& finding) {
        if (out.size() >= 12) return;
        out.push_back({{"tone", tone},
                       {"shape", shape},
                       {"row", text(context, "assess.row", {{"row", std::to_string(number)}})},
                       {"href", fmt::format("/xu-ly/{}?dong={}", view.checked.dossier.id, number)},
                       {"text", finding_text(finding, context.language)}});
    };
    for (std::size_t i = 0; i < view.checked.lines.size(); ++i) {
        const auto& line = view.checked.findings.lines[i];
        for (const auto& f : line.defects) add("wrong", "octagon", view.checked.lines[i].number, f);
        for (const auto& f : line.warnings) {
            add("attention", "triangle", view.checked.lines[i].number, f);
        }
    }
    return out;
}

std::string event_text(const PageContext& context, const store::DossierEvent& event) {
    std::vector<std::pair<std::string, std::string>> args{{"name", event.actor_name}};
    const auto data = Json::parse(event.data, nullptr, false);
    if (data.is_object()) {
        for (const auto& [key, value] : data.items()) {
            args.emplace_back(key == "name" ? "who" : key,
                              value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
    const std::string key = "event." + event.act;
    if (!html::has_text(context.language, key)) return event.act;
    return html::text(context.language, key, args);
}

Json side_view(const PageContext& context, const app::OfficerDossier& view) {
    Json files = Json::array();
    for (const auto& attachment : view.attachments) {
        const std::string kind = "attachment." + attachment.kind;
        files.push_back(
            {{"href", fmt::format("/xu-ly/{}/tep/{}", view.checked.dossier.id, attachment.id)},
             {"name", attachment.file.name},
             {"note",
              (html::has_text(context.language, kind) ? text(context, kind) : attachment.kind) +
                  fmt::format(", {} KB", (attachment.file.size_bytes + 1023) / 1024)}});
    }
    for (const auto& paper : view.papers) {
        const std::string kind = "officer.paper_" + paper.kind;
        files.push_back(
            {{"href", fmt::format("/giay/{}", paper.id)},
             {"name", html::has_text(context.language, kind) ? text(context, kind) : paper.kind},
             {"note", paper.number_text}});
    }
    Json history = Json::array();
    for (auto event = view.events.rbegin(); event != view.events.rend() && history.size() < 30;
         ++event) {
        const auto at = to_vietnamese(event->at);  // "17:00 26/11/2026"
        history.push_back({{"when", at.substr(6, 5) + " " + at.substr(0, 5)},
                           {"datetime", to_iso(event->at)},
                           {"by", event->actor_name},
                           {"text", event_text(context, *event)}});
    }
    return {{"files", files},
            {"file_count", std::to_string(files.size())},
            {"history", history},
            {"history_count", std::to_string(view.events.size())}};
}

struct Counts {
    int granted = 0, supplement = 0, refused = 0, unseen = 0, clean_unseen = 0, proposed = 0;
};
Counts count(const app::OfficerDossier& view) {
    Counts counts;
    for (std::size_t i = 0; i < view.checked.lines.size(); ++i) {
        const auto& line = view.checked.lines[i];
        if (line.state == domain::LineState::Proposed) ++counts.proposed;
        if (line.state != domain::LineState::Requested) continue;
        const auto& findings = view.checked.findings.lines[i];
        if (!line.proposal) {
            ++counts.unseen;
            if (findings.defects.empty() && findings.warnings.empty()) ++counts.clean_unseen;
        } else if (*line.proposal == domain::Proposal::Grant) {
            ++counts.granted;
        } else if (*line.proposal == domain::Proposal::Supplement) {
            ++counts.supplement;
        } else {
            ++counts.refused;
        }
    }
    return counts;
}

Json assignment_view(const PageContext& context, const app::OfficerDossier& view) {
    const auto state = view.checked.dossier.state;
    const bool open =
        state == domain::DossierState::Accepted || state == domain::DossierState::InProgress;
    const bool may_give = open && (view.is_intake || view.is_approver || view.is_mine);
    Json people = Json::array();
    for (const auto& person : view.assessors) {
        people.push_back({{"value", std::to_string(person.id)},
                          {"text", person.full_name},
                          {"selected", view.checked.dossier.assessor_id == person.id}});
    }
    return {{"may_take", open && view.is_assessor && !view.is_mine && !view.assessor_is_here},
            {"may_give", may_give && !people.empty()},
            {"people", people},
            {"gone",
             view.assessor && !view.assessor_is_here ? text(context, "assess.assessor_gone") : ""}};
}

http::Response render(PageContext& context, const app::OfficerDossier& view, Json errors,
                      int status) {
    const auto query = context.request.query();
    const store::Dossier& dossier = view.checked.dossier;
    const Mode mode = mode_of(view);
    std::int64_t selected = number_of(query.get("dong"));
    const bool only_defects = query.get("hien") == "loi";
    const auto total = view.checked.lines.size();
    const auto pages = std::max<std::size_t>(1, (total + rows_on_page - 1) / rows_on_page);
    auto page_index = static_cast<std::size_t>(std::clamp<std::int64_t>(
        number_of(query.get("trang")), 1, static_cast<std::int64_t>(pages)));
    if (selected > 0 && !query.has("trang")) {
        page_index = std::min(pages, (static_cast<std::size_t>(selected) - 1) / rows_on_page + 1);
    }
    Json rows = Json::array();
    const std::size_t first = only_defects ? 0 : (page_index - 1) * rows_on_page;
    for (std::size_t i = first; i < total && rows.size() < rows_on_page; ++i) {
        const auto& findings = view.checked.findings.lines[i];
        if (only_defects && findings.defects.empty() && findings.warnings.empty()) continue;
        rows.push_back(row_view(context, view, mode, i, selected));
    }
    const auto base = fmt::format("/xu-ly/{}", dossier.id);
    const Counts counts = count(view);
    const auto findings = findings_view(context, view);
    const bool fresh = dossier.state == domain::DossierState::Submitted;
    Json page_view{
        {"head", dossier_head(context, view)},
        {"rows", std::move(rows)},
        {"row_count", std::to_string(total)},
        {"detail", detail_view(context, view, selected)},
        {"findings", findings},
        {"finding_count", std::to_string(findings.size())},
        {"side", side_view(context, view)},
        {"assignment", assignment_view(context, view)},
        {"is_fresh", fresh && view.is_intake},
        {"is_assess", mode == Mode::Assess},
        {"is_approve", mode == Mode::Approve},
        {"is_read", mode == Mode::Read},
        {"masked",
         !view.sees_personal_data && dossier.subscriber_kind == domain::SubscriberKind::Individual},
        {"base", base},
        {"filter_href", only_defects ? base : base + "?hien=loi"},
        {"filter_text", text(context, only_defects ? "assess.all_rows" : "assess.only_defects")},
        {"granted", std::to_string(counts.granted)},
        {"supplement", std::to_string(counts.supplement)},
        {"refused", std::to_string(counts.refused)},
        {"unseen", std::to_string(counts.unseen)},
        {"clean_unseen", std::to_string(counts.clean_unseen)},
        {"has_clean_unseen", counts.clean_unseen > 0},
        {"to_propose", std::to_string(counts.granted + counts.refused)},
        {"proposed", std::to_string(counts.proposed)},
        {"rows_label",
         text(context, view.checked.form->subscriber_kind == domain::SubscriberKind::Individual
                           ? "assess.identity_person"
                           : "assess.identity_other")}};
    page_view["pagination"] =
        pages > 1 && !only_defects
            ? pagination(
                  page_index > 1 ? fmt::format("{}?trang={}", base, page_index - 1) : "",
                  page_index < pages ? fmt::format("{}?trang={}", base, page_index + 1) : "",
                  text(context, "queue.page",
                       {{"page", std::to_string(page_index)}, {"pages", std::to_string(pages)}}))
            : Json(false);
    if (!errors.is_null()) page_view["errors"] = std::move(errors);
    std::string title = page_view["head"]["code"];
    if (page_view["head"]["clock"].is_object()) {
        title += ", " + page_view["head"]["clock"]["words"].get<std::string>();
    }
    page_view["page"] = {{"title", title}, {"wide", true}, {"compact", true}, {"bare_main", true}};
    return page(context, "pages/dossier_assess", std::move(page_view), status);
}

/// Where the defect of a row lies on the page.
std::string anchor_of(const std::string& field) {
    if (field.starts_with("line_")) return "#dong-" + field.substr(5);
    return field.empty() ? "" : "#" + field;
}

http::Response back(PageContext& context, std::string_view words = {}) {
    return redirect(context, fmt::format("/xu-ly/{}", id_in_path(context)), words);
}

std::vector<app::LineChoice> choices_in(PageContext& context) {
    std::vector<app::LineChoice> choices;
    for (const auto& [name, value] : context.form().items) {
        if (!name.starts_with("ly-do-") || choices.size() >= 1000) continue;
        const auto number = number_of(name.substr(6));
        if (number <= 0) continue;
        app::LineChoice choice;
        choice.number = number;
        choice.reason = value.substr(0, 4000);
        choice.proposal =
            domain::parse<domain::Proposal>(context.form().get(fmt::format("de-xuat-{}", number)));
        choices.push_back(std::move(choice));
    }
    return choices;
}

/// "Chọn Cấp cho N dòng không lỗi".
Result<int> grant_clean_rows(PageContext& context, std::int64_t id) {
    ANTIN_TRY(view, app::view_officer_dossier(context.services, context.actor, id));
    app::AssessLines input{id, {}};
    for (std::size_t i = 0; i < view.checked.lines.size(); ++i) {
        const auto& line = view.checked.lines[i];
        const auto& findings = view.checked.findings.lines[i];
        if (line.state == domain::LineState::Requested && !line.proposal &&
            findings.defects.empty() && findings.warnings.empty()) {
            input.choices.push_back({line.number, domain::Proposal::Grant, {}});
        }
    }
    return app::assess_lines(context.services, context.actor, input);
}

}  // namespace

http::Response dossier_assess(PageContext& context) {
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    return render(context, *view, nullptr, 200);
}

http::Response dossier_assess_again(PageContext& context, const Error& error) {
    if (error.kind == ErrorKind::NotFound || error.kind == ErrorKind::Forbidden) {
        return problem(context, error);
    }
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    return render(
        context, *view,
        error_summary(
            text(context, "officer.not_done"),
            {{anchor_of(error.field), sentence_of(context.language, error)}},
            error.kind == ErrorKind::Conflict ? text(context, "officer.typed_is_kept") : ""),
        status_of(error.kind));
}

http::Response dossier_accept_post(PageContext& context) {
    const auto done =
        app::accept_dossier(context.services, context.actor,
                            {id_in_path(context), number_of(context.form().get("version"))});
    if (!done) return dossier_assess_again(context, done.error());
    return back(context, text(context, "officer.accepted",
                              {{"code", done->code.value_or("")},
                               {"due", moment_in_sentence(*done->due_at, context.language)}}));
}

http::Response dossier_take_post(PageContext& context) {
    const auto done = app::assign_dossier(
        context.services, context.actor,
        {id_in_path(context), number_of(context.form().get("version")), context.actor.account_id});
    if (!done) return dossier_assess_again(context, done.error());
    return back(context, text(context, "officer.taken"));
}

http::Response dossier_assign_post(PageContext& context) {
    const auto done =
        app::assign_dossier(context.services, context.actor,
                            {id_in_path(context), number_of(context.form().get("version")),
                             number_of(context.form().get("assessor"))});
    if (!done) return dossier_assess_again(context, done.error());
    return back(context, text(context, "officer.assigned"));
}

http::Response dossier_open_post(PageContext& context) {
    const auto done =
        app::open_personal_data(context.services, context.actor, {id_in_path(context)});
    if (!done) return problem(context, done.error());
    return back(context);
}

http::Response dossier_assess_post(PageContext& context) {
    const auto id = id_in_path(context);
    const auto saved =
        app::assess_lines(context.services, context.actor, {id, choices_in(context)});
    if (!saved) return dossier_assess_again(context, saved.error());
    const std::string act = context.form().get("viec");
    if (act == "cap-het") {
        const auto granted = grant_clean_rows(context, id);
        if (!granted) return dossier_assess_again(context, granted.error());
        return back(context,
                    text(context, "officer.chosen", {{"count", std::to_string(*granted)}}));
    }
    if (act == "bo-sung") return http::see_other(fmt::format("/xu-ly/{}/bo-sung", id));
    if (act == "trinh") {
        const auto done = app::propose_lines(context.services, context.actor,
                                             {id, number_of(context.form().get("version"))});
        if (!done) return dossier_assess_again(context, done.error());
        return back(context, text(context, "officer.proposed",
                                  {{"count", std::to_string(done->granted + done->refused)}}));
    }
    return back(context, text(context, "officer.saved"));
}

http::Response dossier_approve_post(PageContext& context) {
    const auto id = id_in_path(context);
    app::DecideLines input{id, number_of(context.form().get("version")), {}};
    const bool all = context.form().get("viec") == "dong-y-het";
    if (all) {
        const auto view = app::view_officer_dossier(context.services, context.actor, id);
        if (!view) return problem(context, view.error());
        for (const auto& line : view->checked.lines) {
            if (line.state == domain::LineState::Proposed) {
                input.decisions.push_back({line.number, true, {}});
            }
        }
    } else {
        for (const auto& [name, value] : context.form().items) {
            if (!name.starts_with("quyet-dinh-") || input.decisions.size() >= 1000) continue;
            const auto number = number_of(name.substr(11));
            input.decisions.push_back(
                {number, value == "dong-y",
                 context.form().get(fmt::format("ly-do-{}", number)).substr(0, 4000)});
        }
    }
    const auto done = app::decide_lines(context.services, context.actor, input);
    if (!done) return dossier_assess_again(context, done.error());
    return back(context, text(context, "officer.decided",
                              {{"approved", std::to_string(done->approved)},
                               {"refused", std::to_string(done->refused)},
                               {"sent_back", std::to_string(done->sent_back)}}));
}

http::Response dossier_withdrawal_post(PageContext& context) {
    const bool agree = context.form().get("viec") == "dong-y";
    const auto done =
        app::decide_withdrawal(context.services, context.actor,
                               {id_in_path(context), number_of(context.form().get("version")),
                                agree, context.form().get("ly-do").substr(0, 4000)});
    if (!done) return dossier_assess_again(context, done.error());
    return back(context,
                text(context, agree ? "officer.withdrawn" : "officer.withdrawal_declined"));
}

http::Response dossier_file(PageContext& context) {
    const auto file = app::read_dossier_file(context.services, context.actor, id_in_path(context),
                                             number_of(context.request.path_value("file")));
    if (!file) return problem(context, file.error());
    auto response = http::bytes_body(file->file.media_type, std::string{as_text(file->bytes)});
    http::as_attachment(response, file->file.name);
    response.set("Cache-Control", "private, no-store");
    return response;
}

}  // namespace antin::web
