#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/request_supplement.hpp"
#include "base/text.hpp"
#include "domain/line_workflow.hpp"
#include "store/rules.hpp"
#include "web/components.hpp"
#include "web/finding_text.hpp"
#include "web/form_errors.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {
namespace {

/// A point that the page offers: from the automatic check, from the examiner's choice, or free.
struct Point {
    std::string id;  // in names of inputs
    std::int64_t line = 0;
    std::string field, title, sentence;
    bool chosen = false;
};

std::vector<Point> points_of(const PageContext& context, const app::OfficerDossier& view) {
    std::vector<Point> points;
    const auto& checked = view.checked;
    for (std::size_t i = 0; i < checked.lines.size(); ++i) {
        const auto& line = checked.lines[i];
        if (line.state != domain::LineState::Requested) continue;
        const auto row = std::to_string(line.number);
        const auto& findings = checked.findings.lines[i];
        const bool wanted = line.proposal == domain::Proposal::Supplement;
        const auto add = [&](const std::string& field, const std::string& what, bool chosen) {
            const auto start =
                text(context, "supplement.row_start", {{"row", row}, {"name", line.name}});
            points.push_back({fmt::format("{}-{}", line.number, points.size()), line.number, field,
                              text(context, "assess.row", {{"row", row}}) + ": " + what,
                              start + " " + what, chosen});
        };
        if (wanted && !line.proposal_reason.empty()) add("", line.proposal_reason, true);
        for (const auto& defect : findings.defects) {
            add(defect.field, finding_text(defect, context.language),
                line.proposal != domain::Proposal::Grant &&
                    line.proposal != domain::Proposal::Refuse);
        }
        for (const auto& warning : findings.warnings) {
            add(warning.field, finding_text(warning, context.language), wanted);
        }
        const bool has_own = !findings.defects.empty() || !findings.warnings.empty();
        if (wanted && line.proposal_reason.empty() && !has_own) {
            add("", text(context, "supplement.say_what"), true);
        }
    }
    for (const auto& defect : checked.findings.dossier) {
        const auto what = finding_text(defect, context.language);
        points.push_back({fmt::format("0-{}", points.size()), 0, defect.field,
                          text(context, "supplement.whole") + ": " + what, what, true});
    }
    for (const auto& defect : checked.findings.recipient.defects) {
        const auto what = field_label(defect.field, context.language) + ": " +
                          finding_text(defect, context.language);
        points.push_back({fmt::format("0-{}", points.size()), 0, "recipient." + defect.field,
                          text(context, "supplement.recipient") + ": " + what, what, true});
    }
    return points;
}

/// What the form says: points with their sentences, and one free point for the whole dossier.
std::vector<store::SupplementItem> items_in(PageContext& context,
                                            const std::vector<Point>& points) {
    std::vector<store::SupplementItem> items;
    for (const Point& point : points) {
        if (context.form().get("chon-" + point.id).empty()) continue;
        auto sentence = clean_text(context.form().get("noi-dung-" + point.id).substr(0, 4000));
        if (sentence.empty()) sentence = point.sentence;
        items.push_back({point.line, point.field, std::move(sentence)});
    }
    const auto free = clean_text(context.form().get("khac").substr(0, 4000));
    if (!free.empty()) items.push_back({0, "", free});
    return items;
}

Json days_view(PageContext& context) {
    const int chosen = static_cast<int>(number_of(context.form().get("han")));
    Json options = Json::array();
    for (const int days : {0, 3, 5, 7, 10, 15}) {
        const auto due = context.services.db.read([&](sql::Reader& db) {
            return app::answer_due(db, context.services.clock.now(), days);
        });
        if (!due) continue;
        options.push_back(
            {{"value", std::to_string(days)},
             {"text", days == 0 ? text(context, "supplement.usual",
                                       {{"due", moment_in_sentence(*due, context.language)}})
                                : text(context, "supplement.days",
                                       {{"due", moment_in_sentence(*due, context.language)},
                                        {"days", std::to_string(days)}})},
             {"selected", days == chosen}});
    }
    return options;
}

/// Whether every row without a result would wait for the agency, so that the clock stops.
bool all_would_wait(const app::OfficerDossier& view, const std::vector<Point>& points) {
    const auto chosen_for = [&](std::int64_t number) {
        return std::ranges::any_of(
            points, [&](const Point& point) { return point.chosen && point.line == number; });
    };
    return std::ranges::all_of(view.checked.lines, [&](const store::DossierLine& line) {
        return domain::has_result(line.state) || line.state == domain::LineState::InCorrection ||
               chosen_for(line.number) ||
               (line.state == domain::LineState::Requested && chosen_for(0));
    });
}

http::Response render(PageContext& context, const FormErrors& errors, int status) {
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    const auto& dossier = view->checked.dossier;
    const bool typed = context.request.method == "POST";
    Json points = Json::array();
    auto offered = points_of(context, *view);
    for (Point& point : offered) {
        if (typed) point.chosen = !context.form().get("chon-" + point.id).empty();
        const auto said = context.form().get("noi-dung-" + point.id);
        points.push_back({{"id", point.id},
                          {"title", point.title},
                          {"sentence", typed && !said.empty() ? said : point.sentence},
                          {"chosen", point.chosen}});
    }
    const bool running = view->clock && !view->clock->stopped;
    TimeLeft left;
    if (running) {
        left.minutes = view->clock->minutes_left;
        left.day_minutes = view->clock->day_minutes;
    }
    const auto in_time = context.services.db.read([&](sql::Reader& db) -> Result<std::int64_t> {
        return store::rule_integer(db, "supplement.max_before_warning", dossier.rules_date);
    });
    if (!in_time) return problem(context, in_time.error());
    const bool again = dossier.supplement_count >= *in_time;
    const auto number = std::to_string(dossier.supplement_count + 1);
    Json page_view{{"head", dossier_head(context, *view)},
                   {"base", fmt::format("/xu-ly/{}", dossier.id)},
                   {"number", number},
                   {"points", points},
                   {"no_points", points.empty()},
                   {"other", typed ? context.form().get("khac") : ""},
                   {"days", days_view(context)},
                   {"running", running},
                   {"stops", running && all_would_wait(*view, offered)},
                   {"left", running ? time_left_words(left, context.language) : ""},
                   {"again", again},
                   {"late_words", again ? text(context, "supplement.again", {{"number", number}})
                                        : text(context, "supplement.once",
                                               {{"late_from", std::to_string(*in_time + 1)}})},
                   {"point_error", errors.of("points")}};
    if (!errors.empty()) page_view["errors"] = errors.summary();
    page_view["page"] = {{"title", text(context, "supplement.title") + ", " +
                                       dossier.code.value_or(view->agency.name)},
                         {"compact", true}};
    return page(context, "pages/supplement_request", std::move(page_view), status);
}

}  // namespace

http::Response supplement_request(PageContext& context) {
    return render(context, FormErrors{context}, 200);
}

http::Response supplement_request_post(PageContext& context) {
    if (context.form().get("viec") == "xem") return render(context, FormErrors{context}, 200);
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    FormErrors errors{context};
    app::RequestSupplement input;
    input.dossier_id = view->checked.dossier.id;
    input.version = number_of(context.form().get("version"));
    input.items = items_in(context, points_of(context, *view));
    input.answer_working_days =
        static_cast<int>(std::clamp<std::int64_t>(number_of(context.form().get("han")), 0, 60));
    input.reason = text(context, "supplement.reason");
    if (input.items.empty()) errors.add_key("points", "error.workflow.nothing_to_correct");
    if (!errors.empty()) return render(context, errors, 422);
    const auto done = app::request_supplement(context.services, context.actor, input);
    if (!done) {
        if (done.error().kind == ErrorKind::NotFound || done.error().kind == ErrorKind::Forbidden) {
            return problem(context, done.error());
        }
        errors.add(done.error());
        return render(context, errors, status_of(done.error().kind));
    }
    return redirect(
        context, fmt::format("/xu-ly/{}", input.dossier_id),
        text(context, "officer.supplement_sent", {{"count", std::to_string(input.items.size())}}));
}

}  // namespace antin::web
