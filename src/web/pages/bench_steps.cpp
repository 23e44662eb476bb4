// What the bench's script posts: one step of one row each, answered by the task that follows.
#include <nlohmann/json.hpp>

#include "app/issue_line.hpp"
#include "app/record_key.hpp"
#include "app/take_line.hpp"
#include "base/bytes.hpp"
#include "web/components.hpp"
#include "web/pages/bench_pages.hpp"

namespace antin::web {

namespace {

Json body_of(const PageContext& context) {
    auto body = Json::parse(context.request.body, nullptr, false);
    return body.is_object() ? body : Json::object();
}

std::string word(const Json& body, const char* field) {
    const auto found = body.find(field);
    return found != body.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

Result<Bytes> bytes_in(const Json& body, const char* field) {
    auto bytes = from_base64(word(body, field));
    if (!bytes || bytes->empty()) return fail(ErrorKind::Invalid, "bench.bytes", field);
    return std::move(*bytes);
}

Json task_json(const PageContext& context, const app::BenchTask& task) {
    Json out{{"line", task.line_id},
             {"number", task.number},
             {"code", task.dossier_code},
             {"name", task.name},
             {"agency", task.agency_name},
             {"step", task.step},
             {"device", task.device_serial},
             {"label", task.device_label},
             {"pin", task.pin},
             {"set_pin", task.set_pin},
             {"key", task.key_label},
             {"kinds", task.key_kinds},
             {"challenge", to_base64(as_bytes(task.challenge))},
             {"serial", task.certificate_serial},
             {"certificate", to_base64(task.certificate)},
             {"certificate_note", ""},
             {"problem", ""}};
    if (task.valid_until) {
        out["certificate_note"] = text(context, "bench.certificate_note",
                                       {{"serial", task.certificate_serial},
                                        {"date", to_vietnamese(local_date(*task.valid_until))}});
    }
    if (!task.problem.empty()) {
        Error error;
        error.code = task.problem;
        out["problem"] = sentence_of(context.language, error);
    }
    return out;
}

http::Response next_task(PageContext& context, std::int64_t line_id) {
    const auto task = app::bench_task(context.services, context.actor, line_id);
    if (!task) return problem(context, task.error());
    return json({{"ok", true}, {"task", task_json(context, *task)}});
}

http::Response after(PageContext& context, std::int64_t line_id, const Status& status) {
    return status ? next_task(context, line_id) : problem(context, status.error());
}

}  // namespace

http::Response bench_take(PageContext& context) {
    app::TakeLine input;
    input.line_id = number_in_path(context, "id");
    const auto body = body_of(context);
    if (body.contains("serials") && body["serials"].is_array()) {
        for (const auto& serial : body["serials"]) {
            if (serial.is_string() && input.plugged.size() < 64) input.plugged.push_back(serial);
        }
    }
    const auto task = app::take_line(context.services, context.actor, input);
    if (!task) return problem(context, task.error());
    return json({{"ok", true}, {"task", task_json(context, *task)}});
}

http::Response bench_prepared(PageContext& context) {
    const auto id = number_in_path(context, "id");
    return after(context, id, app::record_prepared(context.services, context.actor, id));
}

http::Response bench_key(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto request = bytes_in(body_of(context), "request");
    if (!request) return problem(context, request.error());
    return after(context, id, app::record_key(context.services, context.actor, id, *request));
}

http::Response bench_issue(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto issued = app::issue_line(context.services, context.actor, id);
    return issued ? next_task(context, id) : problem(context, issued.error());
}

http::Response bench_written(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto read_back = bytes_in(body_of(context), "read_back");
    if (!read_back) return problem(context, read_back.error());
    return after(context, id, app::record_written(context.services, context.actor, id, *read_back));
}

http::Response bench_checked(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto body = body_of(context);
    const auto read_back = bytes_in(body, "read_back");
    if (!read_back) return problem(context, read_back.error());
    const auto signature = bytes_in(body, "signature");
    if (!signature) return problem(context, signature.error());
    return after(context, id,
                 app::record_checked(context.services, context.actor, id, *read_back, *signature));
}

http::Response bench_problem(PageContext& context) {
    const auto id = number_in_path(context, "id");
    return after(context, id,
                 app::report_line_problem(context.services, context.actor, id,
                                          word(body_of(context), "code")));
}

}  // namespace antin::web
