#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/dossier_access.hpp"
#include "app/withdraw_dossier.hpp"
#include "domain/dossier_workflow.hpp"
#include "store/attachments.hpp"
#include "store/calendar.hpp"
#include "store/dossier_events.hpp"
#include "store/handovers.hpp"
#include "store/papers.hpp"
#include "store/supplements.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/dossier_time.hpp"
#include "web/event_text.hpp"
#include "web/form_errors.hpp"
#include "web/sheet_view.hpp"

namespace antin::web {
namespace {

std::string carrier_words(PageContext& context, domain::Carrier carrier) {
    return text(context, fmt::format("carrier.{}", domain::to_text(carrier)));
}

Json rows_of(PageContext& context, const std::vector<store::DossierLine>& lines) {
    Json out = Json::array();
    for (const auto& line : lines) {
        out.push_back({{"number", std::to_string(line.number)},
                       {"name", line.name},
                       {"email", line.email},
                       {"carrier", carrier_words(context, line.carrier)},
                       {"serial", line.certificate_serial.value_or("")},
                       {"row_state", line_tag(line.state, context.language)},
                       {"reason", line.decision_reason}});
    }
    return out;
}

/// Steps of single rows: those of one kind, one person and one day stand together.
struct RowSteps {
    std::string act;
    std::string actor_name;
    Date day;
    std::size_t place = 0;  // in the timeline
    std::int64_t rows = 0;
};

Json step_view(std::string title, std::string by, std::string when, std::string datetime) {
    return {{"title", std::move(title)},
            {"by", std::move(by)},
            {"when", std::move(when)},
            {"datetime", std::move(datetime)},
            {"text", ""},
            {"link_href", ""},
            {"link_text", ""},
            {"later", false}};
}

/// Newest on top, as people look for it.
Json timeline_of(PageContext& context, sql::Reader& db, const store::Dossier& dossier) {
    Json out = Json::array();
    if (domain::is_open(dossier.state) && dossier.due_at) {
        auto due =
            step_view(text(context, "show.expected"), "",
                      text(context, "show.expected_by",
                           {{"moment", moment_in_sentence(*dossier.due_at, context.language)}}),
                      to_iso(*dossier.due_at));
        due["text"] = text(context, "show.expected_text");
        due["later"] = true;
        out.push_back(std::move(due));
    }
    std::vector<RowSteps> groups;
    const auto events = store::dossier_events(db, dossier.id, store::EventAudience::Agency);
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        std::string title = event_text(context, *event);
        if (event->line_number) {
            const Date day = local_date(event->at);
            const auto same = std::ranges::find_if(groups, [&](const RowSteps& group) {
                return group.act == event->act && group.day == day &&
                       group.actor_name == event->actor_name;
            });
            if (same != groups.end()) {
                ++same->rows;
                out[same->place]["title"] =
                    title + text(context, "show.of_rows", {{"n", std::to_string(same->rows)}});
                continue;
            }
            groups.push_back({event->act, event->actor_name, day, out.size(), 1});
            title += text(context, "show.of_row", {{"n", std::to_string(*event->line_number)}});
        }
        const bool named = title.find(event->actor_name) != std::string::npos;
        out.push_back(step_view(std::move(title), named ? "" : event->actor_name,
                                moment_words(event->at, context.language), to_iso(event->at)));
        out.back()["text"] = event_reason(context, *event);
    }
    return out;
}

Json papers_of(PageContext& context, sql::Reader& db, const store::Dossier& dossier) {
    Json out = Json::array();
    for (const auto& paper : store::papers_of(db, dossier.id)) {
        const std::string key = "show.paper_" + paper.kind;
        std::string name = html::has_text(context.language, key) ? text(context, key)
                                                                 : text(context, "show.paper");
        if (!paper.number_text.empty()) name += " " + paper.number_text;
        out.push_back({{"href", fmt::format("/giay-to/{}", paper.id)}, {"name", name}});
    }
    return out;
}

/// The one thing that the agency can do now.
void add_next(PageContext& context, sql::Reader& db, const store::Dossier& dossier, Json& view) {
    view["next_words"] = "";
    view["next_href"] = "";
    view["next_link"] = "";
    if (const auto request = store::open_supplement(db, dossier.id)) {
        view["next_words"] =
            text(context, "show.answer_words",
                 {{"n", std::to_string(request->items.size())},
                  {"moment", moment_in_sentence(request->answer_due_at, context.language)}});
        view["next_href"] = app::dossier_path(dossier) + "/bo-sung";
        view["next_link"] = text(context, "show.answer");
        return;
    }
    for (const auto& handover : store::handovers_of_dossier(db, dossier.id)) {
        if (handover.confirmed_at) continue;
        view["next_words"] = text(context, "show.confirm_words");
        view["next_href"] = fmt::format("/ban-giao/{}", handover.id);
        view["next_link"] = text(context, "show.confirm");
        return;
    }
    const std::string key = fmt::format("show.next_{}", domain::to_text(dossier.state));
    if (html::has_text(context.language, key)) view["next_words"] = text(context, key);
}

bool may_withdraw(const store::Dossier& dossier) {
    domain::DossierFacts facts;
    facts.state = dossier.state;
    facts.reason_given = true;
    const auto decision =
        domain::decide(facts, domain::DossierAction::RequestWithdrawal, domain::Role::Head);
    return std::holds_alternative<domain::Transition<domain::DossierState>>(decision);
}

}  // namespace

http::Response dossier_show(PageContext& context) {
    const auto dossier = dossier_of(context);
    if (!dossier) return problem(context, dossier.error());
    if (dossier->state == domain::DossierState::Draft)
        return http::see_other(draft_base(dossier->id) + "/danh-sach");
    const std::string self = app::dossier_path(*dossier);
    if (context.request.path != self) return http::see_other(self);
    const int at = std::max(1, std::atoi(context.request.query().get("trang").c_str()));
    const Instant now = context.services.clock.now();
    Json view;
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto calendar = store::load_calendar(db, local_date(now));
        view["rows"] = rows_of(context, store::dossier_lines(db, dossier->id, sheet_rows_per_page,
                                                             (at - 1) * sheet_rows_per_page));
        view["timeline"] = timeline_of(context, db, *dossier);
        view["papers"] = papers_of(context, db, *dossier);
        view["files"] = files_view(context, store::attachments(db, dossier->id));
        view["clock"] = clock_box_of(*dossier, calendar, now, context.language);
        add_next(context, db, *dossier, view);
        return {};
    });
    if (!read) return problem(context, read.error());
    const auto pages =
        static_cast<int>((dossier->line_count + sheet_rows_per_page - 1) / sheet_rows_per_page);
    view["pagination"] =
        pagination(at > 1 ? fmt::format("?trang={}", at - 1) : "",
                   at < pages ? fmt::format("?trang={}", at + 1) : "",
                   text(context, "sheet.page_of",
                        {{"page", std::to_string(at)}, {"pages", std::to_string(pages)}}));
    const std::string what = dossier_heading(context.language, *dossier);
    view["has_files"] = !view["files"].empty();
    view["heading"] = dossier->code ? *dossier->code : what;
    view["what"] = dossier->code ? what + " ·" : "";
    view["state"] = dossier_tag(dossier->state, context.language);
    view["line_count"] = std::to_string(dossier->line_count);
    view["dossier_id"] = std::to_string(dossier->id);
    view["self"] = self;
    view["may_withdraw"] = may_withdraw(*dossier);
    view["page"] = {{"title", dossier->code ? *dossier->code + ", " + what : what}};
    return page(context, "pages/dossier_show", std::move(view));
}

namespace {

http::Response show_withdraw(PageContext& context, const store::Dossier& dossier,
                             const FormErrors& errors) {
    Field reason;
    reason.id = reason.name = "reason";
    reason.type = "area";
    reason.label = text(context, "withdraw.reason");
    reason.hint = text(context, "withdraw.hint");
    reason.error = errors.of("reason");
    if (context.request.method == "POST") reason.value = context.form().get("reason");
    Json view{{"page", {{"title", text(context, "withdraw.title")}}},
              {"self", app::dossier_path(dossier)},
              {"name", dossier.code.value_or(dossier_heading(context.language, dossier))},
              {"dossier_version", std::to_string(dossier.version)},
              {"reason", field(reason)},
              {"errors", errors.summary()}};
    return page(context, "pages/dossier_withdraw", std::move(view), errors.empty() ? 200 : 422);
}

}  // namespace

http::Response dossier_withdraw(PageContext& context) {
    const auto dossier = dossier_of(context);
    if (!dossier) return problem(context, dossier.error());
    return show_withdraw(context, *dossier, FormErrors{context});
}

http::Response dossier_withdraw_post(PageContext& context) {
    const auto dossier = dossier_of(context);
    if (!dossier) return problem(context, dossier.error());
    app::WithdrawDossier input{dossier->id, std::atoll(context.form().get("ban").c_str()),
                               context.form().get("reason")};
    const auto done = app::withdraw_dossier(context.services, context.actor, input);
    if (done) return redirect(context, app::dossier_path(*done), text(context, "withdraw.done"));
    if (done.error().field.empty()) return problem(context, done.error());
    FormErrors errors{context};
    errors.add(done.error());
    return show_withdraw(context, *dossier, errors);
}

}  // namespace antin::web
