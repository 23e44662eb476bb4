#include "demo_bench.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "base/bytes.hpp"

namespace antin::program {
namespace {

using nlohmann::json;

constexpr int steps_max = 200;  // of one row: each step is safe to repeat, so a fault would loop
constexpr std::chrono::milliseconds authority_wait{300};

/// One step posted as the page's script does; the answer is the task that follows.
Result<json> post_step(DemoPerson& officer, const DemoPage& bench, std::int64_t line,
                       const char* act, const json& body) {
    ANTIN_TRY(text, officer.post_json(bench, fmt::format("/cap-phat/dong/{}/{}", line, act),
                                      body.dump()));
    const auto answer = json::parse(text, nullptr, false);
    if (!answer.is_object() || !answer.contains("task")) {
        return fail(ErrorKind::Refused, "demo.page", officer.name() + ": " + text);
    }
    return answer.at("task");
}

/// The open step of a row: what the device does, and what is told to the portal.
Result<json> next_step(DemoPerson& officer, DemoAgent& agent, const DemoPage& bench,
                       std::int64_t line, const json& task) {
    const json device{{"serial", task.at("device")}, {"pin", task.at("pin")}};
    const auto with = [&](json more) {
        more.update(device);
        return more;
    };
    switch (task.at("step").get<int>()) {
        case 1: {
            ANTIN_TRY(done, agent.ask("prepare", with({{"label", task.at("label")}})));
            return post_step(officer, bench, line, "xoa-trang", json::object());
        }
        case 2: {
            ANTIN_TRY(made, agent.ask("generate", with({{"key", task.at("key")},
                                                        {"kinds", task.at("kinds")}})));
            return post_step(officer, bench, line, "khoa", {{"request", made.at("request")}});
        }
        case 3:
            return post_step(officer, bench, line, "cap", json::object());
        case 4: {
            ANTIN_TRY(done, agent.ask("write", with({{"key", task.at("key")},
                                                     {"certificate", task.at("certificate")}})));
            return post_step(officer, bench, line, "ghi", {{"read_back", done.at("read_back")}});
        }
        default: {
            ANTIN_TRY(tried, agent.ask("check", with({{"key", task.at("key")},
                                                      {"challenge", task.at("challenge")}})));
            return post_step(officer, bench, line, "kiem", tried);
        }
    }
}

Result<std::string> one_row(DemoPerson& officer, DemoAgent& agent, const DemoPage& bench,
                            std::int64_t line, const std::string& device) {
    ANTIN_TRY(task, post_step(officer, bench, line, "nhan", {{"serials", {device}}}));
    std::string certificate;
    for (int i = 0; i < steps_max; ++i) {
        const int step = task.at("step").get<int>();
        if (!task.at("certificate").get<std::string>().empty()) {
            certificate = task.at("certificate").get<std::string>();
        }
        if (step >= 6) break;
        ANTIN_TRY(next, next_step(officer, agent, bench, line, task));
        if (next.at("step").get<int>() == step) std::this_thread::sleep_for(authority_wait);
        task = std::move(next);
    }
    const auto der = from_base64(certificate);
    if (!der || der->empty()) {
        return fail(ErrorKind::Refused, "demo.page",
                    fmt::format("row {} stays at step {}", line, task.at("step").get<int>()));
    }
    return std::string{as_text(*der)};
}

}  // namespace

Result<std::vector<std::string>> personalise(DemoPerson& officer, DemoAgent& agent,
                                             const std::vector<std::int64_t>& lines) {
    ANTIN_TRY(plugged, agent.plugged());
    if (plugged.size() < lines.size()) {
        return fail(ErrorKind::Unavailable, "demo.agent", "too few software tokens");
    }
    std::string serials;
    for (const auto& serial : plugged) serials += serial + "\n";
    ANTIN_TRY(stock, officer.open("/kho"));
    ANTIN_TRY(received, officer.submit(stock, "/kho/nhan",
                                       {{"serials", serials},
                                        {"model", "Thẻ phần mềm (trình diễn)"},
                                        {"place", "Trình diễn"}}));
    ANTIN_TRY(bench, officer.open("/cap-phat"));
    std::vector<std::string> certificates;
    std::vector<std::string> printed;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        ANTIN_TRY(certificate, one_row(officer, agent, bench, lines[i], plugged[i]));
        certificates.push_back(std::move(certificate));
        printed.push_back(std::to_string(lines[i]));
    }
    ANTIN_TRY(after, officer.open("/cap-phat"));
    ANTIN_TRY(envelopes, officer.submit_chosen(after, "/cap-phat/phong-bi", "dong", printed));
    return certificates;
}

Status hand_over_and_confirm(DemoPerson& officer, DemoPerson& head, std::int64_t dossier_id) {
    ANTIN_TRY(page, officer.open(fmt::format("/ban-giao/moi?ho-so={}", dossier_id)));
    ANTIN_TRY(handed, officer.submit(page, "/ban-giao/moi",
                                     {{"recipient_name", "Lò Thị Thử"},
                                      {"recipient_position", "Văn thư"},
                                      {"method", "direct"}}));
    ANTIN_TRY(list, head.open("/ban-giao"));
    ANTIN_TRY(open, head.open(list.link("/ban-giao/")));
    ANTIN_TRY(confirmed, head.submit(open, "/xac-nhan"));
    return {};
}

}  // namespace antin::program
