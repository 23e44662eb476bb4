#include <charconv>
#include <nlohmann/json.hpp>

#include "app/print_pin_envelopes.hpp"
#include "app/take_line.hpp"
#include "store/personalisations.hpp"
#include "web/components.hpp"
#include "web/pages/bench_pages.hpp"

namespace antin::web {

namespace {

constexpr std::int64_t queue_max = 200;

/// What the tag of a queued row says: where it stands, or what it waits for.
Json row_tag(const PageContext& context, const store::BenchRow& row) {
    const int step = row.work ? row.work->step() : 0;
    if (!row.line.problem.empty()) {
        return tag("wrong", "octagon",
                   text(context, "bench.broken_at", {{"step", std::to_string(step)}}));
    }
    if (step == 6) return tag("act", "token", text(context, "bench.written"));
    if (step > 0)
        return tag("act", "half", text(context, "bench.at_step", {{"step", std::to_string(step)}}));
    return tag("neutral", "ring", text(context, "bench.waiting"));
}

Json queue_row(const PageContext& context, const store::BenchRow& row, int number) {
    const bool other = row.line.work_by && *row.line.work_by != context.actor.account_id;
    Error problem;
    problem.code = row.line.problem;
    return {{"number", number},
            {"id", row.line.id},
            {"name", row.line.name},
            {"agency", row.agency_name},
            {"code", row.dossier_code},
            {"device", row.device_serial},
            {"officer", other ? row.officer_name : ""},
            {"problem", row.line.problem.empty() ? "" : sentence_of(context.language, problem)},
            {"may_change", row.work && row.line.state != domain::LineState::Issued},
            {"step", row.work ? row.work->step() : 0},
            {"tag", row_tag(context, row)}};
}

/// The sentences that the script says by itself.
Json script_texts(const PageContext& context) {
    Json texts = Json::array();
    for (const char* key : {"agent_unreachable", "agent_found", "pairing_wait", "paired",
                            "plug_next", "plug_back", "working", "row_done", "all_done", "stopped",
                            "waits_for_ca", "title_working", "unknown_problem", "seconds"}) {
        texts.push_back({{"key", key}, {"text", text(context, std::string{"bench.js_"} + key)}});
    }
    for (const char* code : {"token.missing",
                             "token.removed",
                             "token.stalled",
                             "token.failed",
                             "token.pin_wrong",
                             "token.pin_wrong_final",
                             "token.pin_locked",
                             "token.pin_final_try",
                             "token.full",
                             "token.so_pin_wrong",
                             "token.so_pin_locked",
                             "token.session_lost",
                             "token.gone",
                             "token.key_missing",
                             "token.key_too_big",
                             "token.key_other_kind",
                             "token.certificate_missing",
                             "token.write_protected",
                             "agent.not_paired",
                             "agent.pairing_refused",
                             "agent.pairing_timeout",
                             "agent.no_so_pin",
                             "agent.busy",
                             "agent.protocol",
                             "agent.operation_unknown"}) {
        texts.push_back({{"key", code}, {"text", text(context, std::string{"error."} + code)}});
    }
    return texts;
}

Json steps_view(const PageContext& context) {
    Json steps = Json::array();
    for (int step = 1; step <= 6; ++step) {
        steps.push_back(
            {{"number", step}, {"word", text(context, "bench.step_" + std::to_string(step))}});
    }
    return steps;
}

}  // namespace

std::int64_t number_in_path(const PageContext& context, std::string_view name) {
    const auto words = context.request.path_value(name);
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(words.data(), words.data() + words.size(), number);
    return error == std::errc{} && end == words.data() + words.size() ? number : 0;
}

std::vector<std::int64_t> chosen_numbers(PageContext& context, std::string_view name) {
    std::vector<std::int64_t> numbers;
    for (const auto& words : context.form().all(name)) {
        std::int64_t number = 0;
        std::from_chars(words.data(), words.data() + words.size(), number);
        if (number > 0 && numbers.size() < 1000) numbers.push_back(number);
    }
    return numbers;
}

http::Response bench_show(PageContext& context) {
    const auto queue =
        context.services.db.read([](sql::Reader& db) -> Result<std::vector<store::BenchRow>> {
            return store::bench_queue(db, domain::Carrier::PkiToken, queue_max);
        });
    if (!queue) return problem(context, queue.error());
    const auto envelopes =
        context.services.db.read([](sql::Reader& db) -> Result<std::vector<store::BenchRow>> {
            return store::envelopes_to_print(db, queue_max);
        });
    if (!envelopes) return problem(context, envelopes.error());
    Json rows = Json::array(), to_print = Json::array(), problems = Json::array();
    int number = 0, waiting = 0;
    for (const auto& row : *queue) {
        auto view = queue_row(context, row, ++number);
        if (view["step"] < 6) ++waiting;
        if (!row.line.problem.empty()) problems.push_back(view);
        rows.push_back(std::move(view));
    }
    for (const auto& row : *envelopes) {
        to_print.push_back(
            {{"id", row.line.id}, {"name", row.line.name}, {"device", row.device_serial}});
    }
    const auto& agent = context.services.configuration.token_agent_url;
    context.extra_connect = agent;
    const auto title = waiting == 0
                           ? text(context, "bench.title_empty")
                           : text(context, "bench.title", {{"count", std::to_string(waiting)}});
    return page(
        context, "pages/bench_show",
        {{"page", {{"title", title}, {"wide", true}, {"compact", true}, {"scripts", {"token.js"}}}},
         {"title", title},
         {"waiting", waiting},
         {"empty", rows.empty()},
         {"rows", rows},
         {"count", rows.size()},
         {"has_problems", !problems.empty()},
         {"problems", problems},
         {"has_envelopes", !to_print.empty()},
         {"envelopes", to_print},
         {"envelope_count", to_print.size()},
         {"steps", steps_view(context)},
         {"texts", script_texts(context)},
         {"agent", agent}});
}

http::Response bench_change_device(PageContext& context) {
    const auto status =
        app::change_device(context.services, context.actor, number_in_path(context, "id"),
                           context.form().get("hong") == "co");
    if (!status) return problem(context, status.error());
    return redirect(context, "/cap-phat", text(context, "bench.device_changed"));
}

http::Response bench_release(PageContext& context) {
    const auto status =
        app::release_line(context.services, context.actor, number_in_path(context, "id"));
    if (!status) return problem(context, status.error());
    if (wants_json(context.request)) return json({{"ok", true}});
    return redirect(context, "/cap-phat", text(context, "bench.released"));
}

http::Response bench_envelopes(PageContext& context) {
    const auto pdf =
        app::print_pin_envelopes(context.services, context.actor, chosen_numbers(context, "dong"));
    if (!pdf) return problem(context, pdf.error());
    auto response = http::bytes_body("application/pdf", std::string{as_text(*pdf)});
    response.set("Cache-Control", "no-store");
    http::as_attachment(response, "phong-bi-pin.pdf");
    return response;
}

}  // namespace antin::web
