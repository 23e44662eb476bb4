// Centralised accounts and SIM PKI: rows without a device at the desk.
#include <nlohmann/json.hpp>

#include "app/bench_access.hpp"
#include "app/issue_central.hpp"
#include "store/personalisations.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/bench_pages.hpp"

namespace antin::web {

namespace {

Result<std::vector<store::BenchRow>> queue_of(PageContext& context, domain::Carrier carrier) {
    ANTIN_CHECK(app::bench_officer(context.services, context.actor, "bench"));
    return context.services.db.read([&](sql::Reader& db) -> Result<std::vector<store::BenchRow>> {
        return store::bench_queue(db, carrier, 1000);
    });
}

Json rows_view(const PageContext& context, const std::vector<store::BenchRow>& queue) {
    Json rows = Json::array();
    for (const auto& row : queue) {
        Error error;
        error.code = row.line.problem;
        const int step = row.work ? row.work->step() : 0;
        rows.push_back(
            {{"id", row.line.id},
             {"name", row.line.name},
             {"agency", row.agency_name},
             {"code", row.dossier_code},
             {"number", row.line.number},
             {"to_print", step == 6},
             {"problem", row.line.problem.empty() ? "" : sentence_of(context.language, error)},
             {"tag", line_tag(row.line.state, context.language)}});
    }
    return rows;
}

/// Accounts whose code was printed and that wait to be handed over.
Json ready_view(PageContext& context, domain::Carrier carrier) {
    const auto ready =
        context.services.db.read([&](sql::Reader& db) -> Result<std::vector<store::BenchRow>> {
            return store::rows_to_hand_over(db, carrier, 1000);
        });
    Json rows = Json::array();
    if (!ready) return rows;
    for (const auto& row : *ready) {
        rows.push_back(
            {{"id", row.line.id}, {"name", row.line.name}, {"device", row.device_serial}});
    }
    return rows;
}

http::Response show(PageContext& context, const char* view_name, const char* title_key,
                    domain::Carrier carrier, Json more, int status = 200) {
    const auto queue = queue_of(context, carrier);
    if (!queue) return problem(context, queue.error());
    const auto title = text(context, title_key);
    const auto ready = ready_view(context, carrier);
    const auto rows = rows_view(context, *queue);
    Json open_rows = Json::array(), print_rows = Json::array();
    for (const auto& row : rows) (row["to_print"] ? print_rows : open_rows).push_back(row);
    Json view{{"page", {{"title", title}, {"wide", true}, {"compact", true}}},
              {"title", title},
              {"rows", rows},
              {"has_open", !open_rows.empty()},
              {"open_rows", open_rows},
              {"has_print", !print_rows.empty()},
              {"print_rows", print_rows},
              {"empty", queue->empty()},
              {"count", queue->size()},
              {"outcomes", false},
              {"has_ready", !ready.empty()},
              {"ready", ready},
              {"file_error", ""}};
    view.update(more);
    return page(context, view_name, std::move(view), status);
}

}  // namespace

http::Response central_show(PageContext& context) {
    return show(context, "pages/central_show", "bench.central_title",
                domain::Carrier::CentralSigning, Json::object());
}

http::Response central_post(PageContext& context) {
    const auto outcomes =
        app::issue_central(context.services, context.actor, chosen_numbers(context, "dong"));
    if (!outcomes) return problem(context, outcomes.error());
    Json rows = Json::array();
    for (const auto& outcome : *outcomes) {
        rows.push_back(
            {{"name", outcome.name},
             {"code", outcome.dossier_code},
             {"serial", outcome.certificate_serial},
             {"error", outcome.error ? sentence_of(context.language, *outcome.error) : ""}});
    }
    return show(context, "pages/central_show", "bench.central_title",
                domain::Carrier::CentralSigning,
                {{"outcomes", rows.empty() ? Json(false) : Json{{"rows", rows}}}});
}

http::Response sim_show(PageContext& context) {
    return show(context, "pages/sim_show", "bench.sim_title", domain::Carrier::SimPki,
                Json::object());
}

http::Response sim_download(PageContext& context) {
    const auto csv = app::sim_list(context.services, context.actor);
    if (!csv) return problem(context, csv.error());
    auto response = http::bytes_body("text/csv; charset=utf-8", *csv);
    http::as_attachment(response, "sim-pki-cho-cap.csv");
    return response;
}

http::Response sim_post(PageContext& context) {
    const auto& uploads = context.uploads();
    FormErrors errors{context};
    if (uploads.empty() || uploads.front().content.empty()) {
        errors.add_key("file", "bench.sim_choose");
    } else {
        const auto result =
            app::issue_sim(context.services, context.actor, uploads.front().content);
        if (result) {
            auto response = http::bytes_body("text/csv; charset=utf-8", result->csv);
            response.set("Cache-Control", "no-store");
            http::as_attachment(response, "sim-pki-chung-thu.csv");
            return response;
        }
        auto error = result.error();
        if (error.kind == ErrorKind::Forbidden) return problem(context, error);
        error.field = "file";
        errors.add(error);
    }
    return show(context, "pages/sim_show", "bench.sim_title", domain::Carrier::SimPki,
                {{"errors", errors.summary()}, {"file_error", errors.of("file")}}, 422);
}

}  // namespace antin::web
