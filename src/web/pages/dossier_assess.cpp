#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "web/chosen_view.hpp"
#include "web/components.hpp"
#include "web/event_text.hpp"
#include "web/file_answer.hpp"
#include "web/finding_text.hpp"
#include "web/officer_pages.hpp"
#include "web/security_headers.hpp"

namespace antin::web {
namespace {

constexpr std::size_t rows_on_page = 100;
constexpr std::size_t findings_shown = 12;
constexpr std::size_t steps_shown = 30;

/// Which form the rows stand in.
enum class Mode { Read, Assess, Approve };

/// What one rendering needs: the dossier, where the officer is on the page, what was wrong.
struct Work {
    PageContext& context;
    const app::OfficerDossier& view;
    Mode mode;
    OfficerPlace place;
    const Error* error;
};

/// Proposed by somebody else: nobody decides what they proposed themselves.
bool may_decide(const PageContext& context, const store::DossierLine& line) {
    return line.state == domain::LineState::Proposed &&
           line.proposed_by != context.actor.account_id;
}

Mode mode_of(const PageContext& context, const app::OfficerDossier& view) {
    if (view.checked.dossier.state != domain::DossierState::InProgress) return Mode::Read;
    if (view.is_mine) return Mode::Assess;
    const bool proposed = std::ranges::any_of(
        view.checked.lines, [&](const auto& line) { return may_decide(context, line); });
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

Json segments(const Work& work, const store::DossierLine& line) {
    PageContext& context = work.context;
    const bool assess = work.mode == Mode::Assess;
    const auto legend = text(context, assess ? "assess.legend" : "approve.legend",
                             {{"row", std::to_string(line.number)}, {"name", line.name}});
    const auto typed = context.request.method == "POST";
    if (assess && line.state == domain::LineState::Requested) {
        const auto name = fmt::format("de-xuat-{}", line.number);
        const std::string stored{line.proposal ? domain::to_text(*line.proposal) : ""};
        const auto grant = grant_text(context, work.view.checked.dossier, "proposal.approve");
        return decision(legend, name,
                        {{"approve", grant, "done"},
                         {"supplement", text(context, "proposal.supplement"), "attention"},
                         {"refuse", text(context, "proposal.refuse"), "wrong"}},
                        typed && context.form().has(name) ? context.form().get(name) : stored);
    }
    if (work.mode == Mode::Approve && may_decide(context, line)) {
        const auto name = fmt::format("quyet-dinh-{}", line.number);
        const bool refuse = line.proposal == domain::Proposal::Refuse;
        return decision(
            legend, name,
            {{"dong-y",
              refuse ? text(context, "approve.agree_refuse")
                     : grant_text(context, work.view.checked.dossier, "approve.agree_grant"),
              refuse ? "wrong" : "done"},
             {"tra-lai", text(context, "approve.send_back"), "attention"}},
            work.place.agree_all ? "dong-y" : (typed ? context.form().get(name) : ""));
    }
    return false;
}

Json detail_view(const Work& work) {
    const PageContext& context = work.context;
    const app::OfficerDossier& view = work.view;
    const auto& lines = view.checked.lines;
    const auto line = std::ranges::find(lines, work.place.row, &store::DossierLine::number);
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
    add_known_certificate(context, view.checked.dossier, *line, facts);
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

Json row_view(const Work& work, std::size_t index) {
    PageContext& context = work.context;
    const app::OfficerDossier& view = work.view;
    const store::DossierLine& line = view.checked.lines[index];
    const store::Dossier& dossier = view.checked.dossier;
    const auto value = [&](const char* key) { return shown(view, key, line.value(key, dossier)); };
    const bool individual = dossier.subscriber_kind == domain::SubscriberKind::Individual;
    const auto reason_name = fmt::format("ly-do-{}", line.number);
    const bool typed = context.request.method == "POST" && context.form().has(reason_name);
    Json row{{"number", line.number},
             {"name", line.name},
             {"second",
              (individual ? line.value("position", dossier) : line.value("address", dossier)) +
                  " · " + text(context, "carrier." + std::string{domain::to_text(line.carrier)})},
             {"identity", individual ? value("personal_id")
                          : line.value("budget_code", dossier).empty()
                              ? value("tax_code") + value("domain_name")
                              : value("budget_code")},
             {"email", value("email")},
             {"check", check_view(context, view.checked.findings.lines[index])},
             {"href", officer_href(dossier.id, work.place.at(line.number))},
             {"selected", line.number == work.place.row},
             {"segments", segments(work, line)},
             {"tag", line_tag(line.state, context.language)},
             {"reason_name", reason_name},
             {"reason", typed                        ? context.form().get(reason_name)
                        : work.mode == Mode::Approve ? ""
                                                     : line.proposal_reason},
             {"wrong", ""},
             {"proposal", ""},
             {"detail", false}};
    // Beside a file the values stand under their row: there they are compared with the paper.
    if (work.place.file > 0 && line.number == work.place.row) row["detail"] = detail_view(work);
    if (dossier.procedure != domain::Procedure::Issuance) {
        row["second"] = line.value("serial", dossier) + " · " +
                        text(context, "carrier." + std::string{domain::to_text(line.carrier)});
        row["identity"] = asked_words(context, dossier, line);
    }
    if (work.error != nullptr && work.error->field == fmt::format("line_{}", line.number)) {
        row["wrong"] = sentence_of(context.language, *work.error);
    }
    row["show_reason"] = row["segments"].is_object();
    row["reason_open"] =
        !row["reason"].get<std::string>().empty() || !row["wrong"].get<std::string>().empty();
    const bool plain_grant = work.mode == Mode::Approve &&
                             line.proposal == domain::Proposal::Grant &&
                             line.proposal_reason.empty();  // its buttons say so
    if (line.state == domain::LineState::Proposed && line.proposal && !plain_grant) {
        row["proposal"] =
            line.proposal == domain::Proposal::Grant
                ? grant_text(context, dossier, "assess.proposed_approve")
                : text(context, "assess.proposed_" + std::string{domain::to_text(*line.proposal)});
        if (!line.proposal_reason.empty()) {
            row["proposal"] = row["proposal"].get<std::string>() + ": " + line.proposal_reason;
        }
    } else if (!line.decision_reason.empty()) {
        row["proposal"] = line.decision_reason;
    }
    return row;
}

struct Found {
    Json shown = Json::array();
    std::size_t count = 0;  // also of those that are not shown here
    std::size_t rows = 0;   // with a defect or a warning
};
Found findings_of(const PageContext& context, const app::OfficerDossier& view) {
    Found found;
    const auto add = [&](std::string_view tone, std::string_view shape, std::int64_t number,
                         const domain::Finding& finding) {
        if (++found.count > findings_shown) return;
        found.shown.push_back(
            {{"tone", tone},
             {"shape", shape},
             {"row", text(context, "assess.row", {{"row", std::to_string(number)}})},
             {"href", officer_href(view.checked.dossier.id, OfficerPlace{.row = number})},
             {"text", finding_text(finding, context.language)}});
    };
    for (std::size_t i = 0; i < view.checked.lines.size(); ++i) {
        const auto& line = view.checked.findings.lines[i];
        const auto number = view.checked.lines[i].number;
        for (const auto& defect : line.defects) add("wrong", "octagon", number, defect);
        for (const auto& warning : line.warnings) add("attention", "triangle", number, warning);
        found.rows += line.defects.empty() && line.warnings.empty() ? 0 : 1;
    }
    return found;
}

std::string attachment_note(const PageContext& context, const store::Attachment& attachment) {
    const std::string kind = "attachment." + attachment.kind;
    return (html::has_text(context.language, kind) ? text(context, kind) : attachment.kind) +
           fmt::format(", {} KB", (attachment.file.size_bytes + 1023) / 1024);
}

/// Attachments: for who is choosing, buttons that save on the way.
Json files_view(const Work& work) {
    Json files = Json::array();
    for (const auto& attachment : work.view.attachments) {
        files.push_back(
            {{"href", file_href(work.view.checked.dossier.id, work.place.showing(attachment.id))},
             {"act", work.mode == Mode::Read ? "" : fmt::format("tep-{}", attachment.id)},
             {"chosen", attachment.id == work.place.file},
             {"name", attachment.file.name},
             {"note", attachment_note(work.context, attachment)}});
    }
    return files;
}

/// The chosen attachment, as far as a browser shows it.
Json viewer_view(const Work& work) {
    const auto& attachments = work.view.attachments;
    const auto chosen = std::ranges::find(attachments, work.place.file, &store::Attachment::id);
    if (chosen == attachments.end()) return false;
    const auto id = work.view.checked.dossier.id;
    const std::string& type = chosen->file.media_type;
    const bool pdf = type == "application/pdf";
    return {{"name", chosen->file.name},
            {"href", fmt::format("/xu-ly/{}/tep/{}", id, chosen->id)},
            {"close_act", work.mode != Mode::Read},
            {"close_href", officer_href(id, work.place.showing(0))},
            {"is_pdf", pdf},
            {"is_image", !pdf && can_be_shown(type)},
            {"is_other", !can_be_shown(type)}};
}

Json side_view(const Work& work) {
    const PageContext& context = work.context;
    const app::OfficerDossier& view = work.view;
    Json papers = Json::array();
    for (const auto& paper : view.papers) {
        const std::string kind = "officer.paper_" + paper.kind;
        papers.push_back(
            {{"href", fmt::format("/giay-to/{}", paper.id)},
             {"name", html::has_text(context.language, kind) ? text(context, kind) : paper.kind},
             {"note", paper.number_text}});
    }
    Json history = Json::array();
    for (auto event = view.events.rbegin();
         event != view.events.rend() && history.size() < steps_shown; ++event) {
        const auto at = to_vietnamese(event->at);  // "17:00 26/11/2026"
        history.push_back({{"when", at.substr(6, 5) + " " + at.substr(0, 5)},
                           {"datetime", to_iso(event->at)},
                           {"by", event->actor_name},
                           {"text", event_text(context, *event)},
                           {"reason", event_reason(context, *event)}});
    }
    return {{"files", files_view(work)},
            {"file_count", std::to_string(view.attachments.size())},
            {"has_files", !view.attachments.empty()},
            {"has_papers", !papers.empty()},
            {"papers", papers},
            {"paper_count", std::to_string(papers.size())},
            {"history", history},
            {"history_count", std::to_string(view.events.size())}};
}

/// What was asked of the agency, and what it answered; the newest first and open.
Json supplements_view(const PageContext& context, const app::OfficerDossier& view) {
    Json out = Json::array();
    for (auto one = view.supplements.rbegin(); one != view.supplements.rend(); ++one) {
        Json items = Json::array();
        for (const auto& item : one->items) items.push_back(item.sentence);
        const bool waits = one->state == "open";
        const bool answered = one->state == "answered" && one->answered_at;
        std::string words =
            text(context, "assess.supplement_" + one->state,
                 {{"due", moment_in_sentence(one->answer_due_at, context.language)},
                  {"at", one->answered_at ? moment_in_sentence(*one->answered_at, context.language)
                                          : ""}});
        out.push_back({{"number", std::to_string(one->number)},
                       {"words", std::move(words)},
                       {"tone", waits      ? "held"
                                : answered ? "done"
                                           : "attention"},
                       {"shape", waits      ? "pause"
                                 : answered ? "tick"
                                            : "triangle"},
                       {"open", one == view.supplements.rbegin()},
                       {"items", std::move(items)},
                       {"note", one->answer_note}});
    }
    return out;
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

/// The rows of this page, of all or of those with something found.
Json rows_view(const Work& work, std::size_t first, const std::vector<std::size_t>& chosen) {
    Json rows = Json::array();
    for (std::size_t i = first; i < chosen.size() && rows.size() < rows_on_page; ++i) {
        rows.push_back(row_view(work, chosen[i]));
    }
    return rows;
}

std::vector<std::size_t> chosen_rows(const app::OfficerDossier& view, bool only_defects) {
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < view.checked.lines.size(); ++i) {
        const auto& findings = view.checked.findings.lines[i];
        if (only_defects && findings.defects.empty() && findings.warnings.empty()) continue;
        chosen.push_back(i);
    }
    return chosen;
}

/// Numbers of the bar and of the buttons.
void add_counts(const PageContext& context, const Counts& counts, Json& page_view) {
    page_view["granted"] = counts.granted;
    page_view["supplement"] = counts.supplement;
    page_view["refused"] = counts.refused;
    page_view["unseen"] = counts.unseen;
    page_view["clean_unseen"] = std::to_string(counts.clean_unseen);
    page_view["has_clean_unseen"] = counts.clean_unseen > 0;
    page_view["proposed"] = std::to_string(counts.proposed);
    const auto button = [&](const std::string& key, int number) {
        return number == 0 ? text(context, key + "_none")
                           : text(context, key, {{"count", std::to_string(number)}});
    };
    page_view["propose_words"] = button("assess.propose", counts.granted + counts.refused);
    page_view["ask_words"] = button("assess.ask_supplement", counts.supplement);
}

/// Acts that stand above the rows.
void add_acts(const Work& work, Json& page_view) {
    using enum domain::DossierState;
    const PageContext& context = work.context;
    const app::OfficerDossier& view = work.view;
    const store::Dossier& dossier = view.checked.dossier;
    page_view["is_fresh"] = dossier.state == Submitted && view.is_intake;
    page_view["is_withdrawal"] =
        dossier.state == WithdrawalRequested && (view.is_intake || view.is_assessor);
    page_view["withdrawal_reason"] = dossier.end_reason;
    page_view["withdrawal_typed"] =
        context.request.method == "POST" ? work.context.form().get("ly-do") : "";
    page_view["withdrawal_wrong"] = work.error != nullptr && work.error->field == "ly-do"
                                        ? sentence_of(context.language, *work.error)
                                        : "";
    page_view["assignment"] = assignment_view(context, view);
    page_view["is_assess"] = work.mode == Mode::Assess;
    page_view["is_approve"] = work.mode == Mode::Approve;
    page_view["is_read"] = work.mode == Mode::Read;
    page_view["may_choose"] = work.mode != Mode::Read;
    page_view["masked"] =
        !view.sees_personal_data && dossier.subscriber_kind == domain::SubscriberKind::Individual;
}

/// Links to the other pages of the rows; for who is choosing, buttons that save on the way.
void add_pages(const Work& work, std::size_t pages, Json& page_view) {
    page_view["pagination"] = false;
    page_view["page_buttons"] = false;
    page_view["one_page"] = pages <= 1;
    if (pages <= 1) return;
    const auto here = work.place.page;
    const auto before = here > 1 ? here - 1 : 0;
    const auto after = here < static_cast<std::int64_t>(pages) ? here + 1 : 0;
    const auto words = text(work.context, "queue.page",
                            {{"page", std::to_string(here)}, {"pages", std::to_string(pages)}});
    if (work.mode == Mode::Assess) {
        const auto value = [](std::int64_t number) {
            return number == 0 ? std::string{} : fmt::format("trang-{}", number);
        };
        page_view["page_buttons"] = {
            {"previous", value(before)}, {"next", value(after)}, {"words", words}};
        return;
    }
    const auto href = [&](std::int64_t number) {
        if (number == 0) return std::string{};
        return officer_href(
            work.view.checked.dossier.id,
            {.page = number, .file = work.place.file, .only_defects = work.place.only_defects});
    };
    page_view["pagination"] = pagination(href(before), href(after), words);
}

Json error_view(const Work& work, const Error& error) {
    const PageContext& context = work.context;
    std::string anchor = error.field.empty() ? "" : "#" + error.field;
    std::string sentence = sentence_of(context.language, error);
    if (error.field.starts_with("line_")) {
        const auto number = error.field.substr(5);
        anchor = "#dong-" + number;
        sentence = text(context, "assess.row", {{"row", number}}) + ": " + sentence;
    }
    const bool kept = error.kind == ErrorKind::Conflict && work.mode != Mode::Read;
    return error_summary(text(context, "officer.not_done"), {{anchor, sentence}},
                         kept ? text(context, "officer.typed_is_kept") : "", true);
}

/// Which page of the rows: the one asked for, else the one where the open row stands.
std::size_t page_of(const OfficerPlace& place, const app::OfficerDossier& view,
                    const std::vector<std::size_t>& chosen) {
    const auto pages = std::max<std::size_t>(1, (chosen.size() + rows_on_page - 1) / rows_on_page);
    if (place.page > 0) return std::min(static_cast<std::size_t>(place.page), pages);
    for (std::size_t i = 0; place.row > 0 && i < chosen.size(); ++i) {
        if (view.checked.lines[chosen[i]].number == place.row) return i / rows_on_page + 1;
    }
    return 1;
}

}  // namespace

http::Response dossier_page(PageContext& context, const app::OfficerDossier& view,
                            OfficerPlace place, const Error* error) {
    const store::Dossier& dossier = view.checked.dossier;
    const auto chosen = chosen_rows(view, place.only_defects);
    const auto pages = std::max<std::size_t>(1, (chosen.size() + rows_on_page - 1) / rows_on_page);
    place.page = static_cast<std::int64_t>(page_of(place, view, chosen));
    const Work work{context, view, mode_of(context, view), place, error};
    const auto found = findings_of(context, view);
    const auto base = fmt::format("/xu-ly/{}", dossier.id);
    const bool person = view.checked.form->subscriber_kind == domain::SubscriberKind::Individual;
    Json page_view{
        {"head", dossier_head(context, view)},
        {"place", work_place(context, dossier.id)},
        {"rows", rows_view(work, static_cast<std::size_t>(place.page - 1) * rows_on_page, chosen)},
        {"row_count", std::to_string(view.checked.lines.size())},
        {"detail", place.file > 0 ? Json(false) : detail_view(work)},
        {"findings", found.shown},
        {"finding_count", std::to_string(found.count)},
        {"more_findings", found.count > findings_shown
                              ? text(context, "assess.found_more",
                                     {{"count", std::to_string(found.count - findings_shown)}})
                              : ""},
        {"side", side_view(work)},
        {"viewer", viewer_view(work)},
        {"tep", place.file > 0 ? std::to_string(place.file) : ""},
        {"supplements", supplements_view(context, view)},
        {"base", base},
        {"open_row", place.row > 0 ? std::to_string(place.row) : ""},
        {"hien", place.only_defects ? "loi" : ""},
        {"trang", std::to_string(place.page)},
        {"filter_href",
         officer_href(dossier.id, {.file = place.file, .only_defects = !place.only_defects})},
        {"filter_text", place.only_defects ? text(context, "assess.all_rows")
                                           : text(context, "assess.only_defects",
                                                  {{"count", std::to_string(found.rows)}})},
        {"has_filter", place.only_defects || found.rows > 0},
        {"rows_label", text(context, view.checked.form->rows_are_chosen() ? "assess.asked"
                                     : person                             ? "assess.identity_person"
                                              : "assess.identity_other")}};
    add_acts(work, page_view);
    add_pages(work, pages, page_view);
    add_counts(context, count(view), page_view);
    add_grant_words(context, view.checked.dossier, page_view);
    if (error != nullptr) page_view["errors"] = error_view(work, *error);
    std::string title = page_view["head"]["code"];
    if (page_view["head"]["clock"].is_object()) {
        title += ", " + page_view["head"]["clock"]["words"].get<std::string>();
    }
    page_view["page"] = {{"title", title}, {"wide", true}, {"compact", true}, {"bare_main", true}};
    const bool shows_file = page_view["viewer"].is_object();
    auto response = page(context, "pages/dossier_assess", std::move(page_view),
                         error == nullptr ? 200 : status_of(error->kind));
    if (shows_file) response.set("Content-Security-Policy", page_policy({}, true));
    return response;
}

OfficerPlace officer_place(PageContext& context) {
    const bool posted = context.request.method == "POST";
    const auto asked = [&](const char* name) {
        return posted ? context.form().get(name) : context.request.query().get(name);
    };
    return {.row = number_of(asked("dong")),
            .page = number_of(asked("trang")),
            .file = number_of(asked("tep")),
            .only_defects = asked("hien") == "loi"};
}

std::string officer_href(std::int64_t dossier_id, const OfficerPlace& place) {
    std::string query;
    const auto add = [&](std::string part) { query += (query.empty() ? "?" : "&") + part; };
    if (place.row > 0) add(fmt::format("dong={}", place.row));
    if (place.only_defects) add("hien=loi");
    if (place.page > 1) add(fmt::format("trang={}", place.page));
    if (place.file > 0) add(fmt::format("tep={}", place.file));
    if (place.row > 0) query += fmt::format("#dong-{}", place.row);
    return fmt::format("/xu-ly/{}{}", dossier_id, query);
}

std::string file_href(std::int64_t dossier_id, OfficerPlace place) {
    const std::string href = officer_href(dossier_id, place);
    return href.substr(0, href.find('#')) + "#tep";
}

http::Response dossier_assess(PageContext& context) {
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    return dossier_page(context, *view, officer_place(context), nullptr);
}

}  // namespace antin::web
