#include <array>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "app/bench_access.hpp"
#include "app/change_device.hpp"
#include "app/print_pin_envelopes.hpp"
#include "app/reset_pin.hpp"
#include "app/take_line.hpp"
#include "store/calendar.hpp"
#include "store/dossiers.hpp"
#include "store/personalisations.hpp"
#include "web/components.hpp"
#include "web/dossier_time.hpp"
#include "web/pages/bench_pages.hpp"

namespace antin::web {

namespace {

constexpr std::int64_t queue_max = 200;

/// Where a queued row stands, as the script names it too.
enum class Kind { Waiting, Working, Done, Broken, PlugBack, WaitCa };
constexpr std::array kinds{Kind::Waiting, Kind::Working,  Kind::Done,
                           Kind::Broken,  Kind::PlugBack, Kind::WaitCa};

std::string_view name_of(Kind kind) {
    constexpr std::array names{"waiting", "working", "done", "broken", "plug_back", "wait_ca"};
    return names.at(static_cast<std::size_t>(kind));
}

Json kind_tag(const PageContext& context, Kind kind, const std::string& step) {
    const auto word = text(context, "bench.kind_" + std::string{name_of(kind)}, {{"step", step}});
    switch (kind) {
        case Kind::Working:
            return tag("act", "half", word);
        case Kind::Done:
            return tag("act", "token", word);
        case Kind::Broken:
            return tag("wrong", "octagon", word);
        case Kind::PlugBack:
        case Kind::WaitCa:
            return tag("held", "pause", word);
        case Kind::Waiting:
            break;
    }
    return tag("neutral", "ring", word);
}

bool mends_itself(const std::string& problem) {
    return problem == "token.missing" || problem == "token.removed" ||
           problem == "token.session_lost" || problem == "token.stalled";
}

Kind kind_of(const store::BenchRow& row) {
    const int step = row.work ? row.work->step() : 0;
    if (step == 6) return Kind::Done;
    if (mends_itself(row.line.problem)) {
        return row.line.state == domain::LineState::KeyReady ? Kind::WaitCa : Kind::PlugBack;
    }
    if (row.line.problem == "token.gone" || row.line.problem.starts_with("ca.")) {
        return Kind::WaitCa;
    }
    if (!row.line.problem.empty()) return Kind::Broken;
    return step > 0 ? Kind::PlugBack : Kind::Waiting;
}

Json queue_row(const PageContext& context, const store::BenchRow& row, int number) {
    const bool other = row.line.work_by && *row.line.work_by != context.actor.account_id;
    const int step = row.work ? row.work->step() : 0;
    const auto kind = kind_of(row);
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
            {"pin", app::is_pin_problem(row.line.problem)},
            {"broken", text(context, "bench.kind_broken", {{"step", std::to_string(step)}})},
            {"kind", name_of(kind)},
            {"step", step},
            {"tag", kind_tag(context, kind, std::to_string(step))}};
}

/// The sentences that the script says by itself.
Json script_texts(const PageContext& context) {
    Json texts = Json::array();
    for (const char* key : {"agent_blocked",
                            "agent_unreachable",
                            "agent_found",
                            "agent_found_empty",
                            "asking",
                            "pairing_wait",
                            "plug_next",
                            "plug_back",
                            "working",

                            "stopped",
                            "stopping",
                            "waits_for_ca",
                            "title_working",
                            "unknown_problem",
                            "seconds",
                            "do_not_pull",
                            "do_not_pull_left",
                            "setting_pin",
                            "signed_out",
                            "counts",
                            "nothing_left",
                            "key_rsa2048",
                            "key_rsa3072",
                            "key_rsa4096",
                            "key_p256",
                            "permission_prompt",
                            "permission_granted",
                            "permission_denied"}) {
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

namespace {

/// Everything the page shows, as of one moment.
struct Shown {
    std::vector<store::BenchRow> queue, envelopes, ready;
    Json time;
};

Result<Shown> load(PageContext& context) {
    ANTIN_CHECK(app::bench_officer(context.services, context.actor, "bench"));
    return context.services.db.read([&](sql::Reader& db) -> Result<Shown> {
        Shown shown;
        shown.queue = store::bench_queue(db, domain::Carrier::PkiToken, queue_max);
        shown.envelopes = store::envelopes_to_print(db, domain::Carrier::PkiToken, queue_max);
        shown.ready = store::rows_to_hand_over(db, domain::Carrier::PkiToken, queue_max);
        if (shown.queue.empty()) return shown;
        const auto now = context.services.clock.now();
        const auto soonest = store::find_dossier(db, shown.queue.front().line.dossier_id);
        if (soonest) {
            shown.time = time_left_of(*soonest, store::load_calendar(db, local_date(now)), now,
                                      context.language);
        }
        return shown;
    });
}

Json tags_view(const PageContext& context) {
    Json tags = Json::array();
    for (const auto kind : kinds) {
        tags.push_back({{"kind", name_of(kind)}, {"tag", kind_tag(context, kind, "{step}")}});
    }
    return tags;
}

std::string heading(const PageContext& context, const std::vector<store::BenchRow>& queue) {
    std::map<Kind, int> of;
    for (const auto& row : queue) ++of[kind_of(row)];
    if (queue.empty()) return text(context, "bench.title_empty");
    return text(context, "bench.title",
                {{"count", std::to_string(queue.size())},
                 {"done", std::to_string(of[Kind::Done])},
                 {"now", std::to_string(of[Kind::PlugBack] + of[Kind::WaitCa])},
                 {"broken", std::to_string(of[Kind::Broken])},
                 {"waiting", std::to_string(of[Kind::Waiting])}});
}

Json short_rows(const std::vector<store::BenchRow>& rows) {
    Json view = Json::array();
    for (const auto& row : rows) {
        view.push_back(
            {{"id", row.line.id}, {"name", row.line.name}, {"device", row.device_serial}});
    }
    return view;
}

}  // namespace

http::Response bench_show(PageContext& context) {
    const auto shown = load(context);
    if (!shown) return problem(context, shown.error());
    Json rows = Json::array(), problems = Json::array();
    int number = 0;
    bool has_work = false;
    for (const auto& row : shown->queue) {
        auto view = queue_row(context, row, ++number);
        has_work = has_work || view["step"] < 6;
        if (!row.line.problem.empty()) problems.push_back(view);
        rows.push_back(std::move(view));
    }
    const auto& agent = context.services.configuration.token_agent_url;
    context.extra_connect = agent;
    const auto title = heading(context, shown->queue);
    return page(context, "pages/bench_show",
                {{"page",
                  {{"title", title},
                   {"wide", true},
                   {"compact", true},
                   {"bare_main", true},
                   {"scripts", {"token.js"}}}},
                 {"heading", title},
                 {"time", shown->time},
                 {"empty", rows.empty()},
                 {"has_work", has_work},
                 {"rows", rows},
                 {"count", rows.size()},
                 {"has_problems", !problems.empty()},
                 {"problems", problems},
                 {"has_envelopes", !shown->envelopes.empty()},
                 {"envelopes", short_rows(shown->envelopes)},
                 {"envelope_count", shown->envelopes.size()},
                 {"has_ready", !shown->ready.empty()},
                 {"ready", short_rows(shown->ready)},
                 {"ready_count", shown->ready.size()},
                 {"steps", steps_view(context)},
                 {"tags", tags_view(context)},
                 {"texts", script_texts(context)},
                 {"agent", agent}});
}

http::Response bench_change_ask(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto may = app::bench_officer_of_lines(context.services, context.actor, {id});
    if (!may) return problem(context, may.error());
    const auto row =
        context.services.db.read([&](sql::Reader& db) -> Result<std::optional<store::BenchRow>> {
            return store::find_bench_row(db, id);
        });
    if (!row) return problem(context, row.error());
    using enum domain::LineState;
    const bool at_desk = *row && ((*row)->line.state == Approved ||
                                  (*row)->line.state == KeyReady || (*row)->line.state == Issued);
    if (!at_desk) return problem(context, {ErrorKind::NotFound, "line.not_found", {}, {}, {}});
    const auto& line = (*row)->line;
    const bool issued = line.state == Issued && (*row)->work;
    const auto title = text(context, "bench.change_title", {{"name", line.name}});
    return page(context, "pages/device_change",
                {{"page", {{"title", title}}},
                 {"title", title},
                 {"id", line.id},
                 {"name", line.name},
                 {"agency", (*row)->agency_name},
                 {"code", (*row)->dossier_code},
                 {"number", line.number},
                 {"device", (*row)->device_serial},
                 {"serial", line.certificate_serial.value_or("")},
                 {"nothing", !(*row)->work},
                 {"issued", issued},
                 {"before", (*row)->work && !issued}});
}

http::Response bench_change_device(PageContext& context) {
    const app::ChangeDevice input{number_in_path(context, "id"),
                                  context.form().get("hong") == "co"};
    const auto status = app::change_device(context.services, context.actor, input);
    if (!status) return problem(context, status.error());
    return redirect(context, "/cap-phat", text(context, "bench.device_changed"));
}

http::Response bench_reset_pin(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto status = app::reset_pin(context.services, context.actor, id);
    if (!status) return problem(context, status.error());
    const auto row =
        context.services.db.read([&](sql::Reader& db) -> Result<std::optional<store::BenchRow>> {
            return store::find_bench_row(db, id);
        });
    if (!row || !*row) return redirect(context, "/cap-phat");
    const bool central = (*row)->line.carrier == domain::Carrier::CentralSigning;
    return redirect(context, central ? "/cap-phat/tap-trung" : "/cap-phat",
                    text(context, central ? "bench.code_reset" : "bench.pin_reset",
                         {{"name", (*row)->line.name}, {"serial", (*row)->device_serial}}));
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
