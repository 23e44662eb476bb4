#include <nlohmann/json.hpp>

#include "app/bench_access.hpp"
#include "app/receive_devices.hpp"
#include "store/devices.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/list_page.hpp"
#include "web/pages/bench_pages.hpp"

namespace antin::web {

namespace {

constexpr int page_size = 50;

store::DeviceFilter filter_of(const PageContext& context) {
    const auto query = context.request.query();
    store::DeviceFilter filter;
    filter.state = domain::parse<domain::DeviceState>(query.get("trang-thai"));
    for (const char c : query.get("so")) {
        if (c != '%' && c != '_' && c != ' ' && filter.serial_begin.size() < 40) {
            filter.serial_begin += c;
        }
    }
    return filter;
}

std::string link(const store::DeviceFilter& filter, std::int64_t page_number) {
    const std::string state{filter.state ? domain::to_text(*filter.state) : std::string_view{}};
    return "/kho?trang-thai=" + state + "&so=" + http::url_encode(filter.serial_begin) +
           "&trang=" + std::to_string(page_number);
}

http::Response show(PageContext& context, FormErrors& errors, int status) {
    const auto may = app::bench_officer(context.services, context.actor, "stock");
    if (!may) return problem(context, may.error());
    const ListPage at{context.request.query(), page_size, context.language};
    auto filter = filter_of(context);
    filter.limit = at.rows();
    filter.offset = at.offset();
    std::int64_t count = 0;
    const auto devices =
        context.services.db.read([&](sql::Reader& db) -> Result<std::vector<store::DeviceRow>> {
            count = store::count_devices(db, filter);
            return store::list_devices(db, filter);
        });
    if (!devices) return problem(context, devices.error());
    Json rows = Json::array();
    for (const auto& one : *devices) {
        rows.push_back(
            {{"serial", one.device.serial},
             {"model", one.device.model},
             {"kind", text(context, "carrier." + std::string{domain::to_text(one.device.kind)})},
             {"place", one.device.place},
             {"agency", one.agency_name},
             {"name", one.line_name},
             {"code", one.dossier_code},
             {"tag", device_tag(one.device.state, context.language)}});
    }
    Json filters = Json::array();
    filters.push_back({{"text", text(context, "stock.all")},
                       {"href", "/kho"},
                       {"current", !filter.state.has_value()}});
    for (const auto state : domain::all<domain::DeviceState>()) {
        filters.push_back(
            {{"text", text(context, "device_state." + std::string{domain::to_text(state)})},
             {"href", "/kho?trang-thai=" + std::string{domain::to_text(state)}},
             {"current", filter.state == state}});
    }
    return page(
        context, "pages/device_list",
        {{"page", {{"title", text(context, "stock.title")}, {"wide", true}, {"compact", true}}},
         {"errors", errors.summary()},
         {"rows", rows},
         {"empty", rows.empty()},
         {"count", at.count_words(count)},
         {"filters", filters},
         {"so", filter.serial_begin},
         {"serials", field({.id = "serials",
                            .name = "serials",
                            .label = text(context, "stock.serials"),
                            .value = context.form().get("serials"),
                            .hint = text(context, "stock.serials_hint"),
                            .error = errors.of("serials"),
                            .type = "area"})},
         {"model", field({.id = "model",
                          .name = "model",
                          .label = text(context, "stock.model"),
                          .value = context.form().get("model")})},
         {"place", field({.id = "place",
                          .name = "place",
                          .label = text(context, "stock.place"),
                          .value = context.form().get("place")})},
         {"pagination",
          at.pagination(count, "queue.page", [&](int number) { return link(filter, number); })}},
        status);
}

}  // namespace

http::Response device_list(PageContext& context) {
    FormErrors errors{context};
    return show(context, errors, 200);
}

http::Response device_receive(PageContext& context) {
    FormErrors errors{context};
    app::ReceiveDevices input;
    input.serials = context.form().get("serials");
    input.model = text_field(context, errors, "model", 100);
    input.place = text_field(context, errors, "place", 200);
    if (errors.empty()) {
        const auto received = app::receive_devices(context.services, context.actor, input);
        if (received) {
            return redirect(
                context, "/kho",
                text(context, received->known.empty() ? "stock.received" : "stock.received_some",
                     {{"count", std::to_string(received->added)},
                      {"known", std::to_string(received->known.size())}}));
        }
        if (received.error().kind == ErrorKind::Forbidden) {
            return problem(context, received.error());
        }
        errors.add(received.error());
    }
    return show(context, errors, 422);
}

http::Response device_show(PageContext& context) {
    const auto may = app::bench_officer(context.services, context.actor, "stock");
    if (!may) return problem(context, may.error());
    const auto serial = context.request.path_value("serial");
    std::vector<store::DeviceEvent> events;
    const auto device =
        context.services.db.read([&](sql::Reader& db) -> Result<std::optional<store::Device>> {
            auto found = store::find_device_by_serial(db, serial);
            if (found) events = store::device_events(db, found->id);
            return found;
        });
    if (!device) return problem(context, device.error());
    if (!*device) return problem(context, {ErrorKind::NotFound, "device.not_found", {}, {}, {}});
    Json timeline = Json::array();
    for (const auto& event : events) {
        std::string way = event.from_whom;
        if (!event.to_whom.empty()) way += (way.empty() ? "→ " : " → ") + event.to_whom;
        const auto reason = "error." + event.note;  // why, where it is on record
        if (!event.note.empty() && html::has_text(context.language, reason)) {
            way += (way.empty() ? "" : ". ") + text(context, reason);
        }
        timeline.push_back({{"title", text(context, "device_event." + event.act)},
                            {"by", event.actor_name},
                            {"when", moment_words(event.at, context.language)},
                            {"datetime", to_iso(event.at)},
                            {"text", way},
                            {"link_href", ""},
                            {"link_text", ""},
                            {"later", false}});
    }
    const auto title = text(context, "stock.device_title", {{"serial", (*device)->serial}});
    return page(context, "pages/device_show",
                {{"page", {{"title", title}}},
                 {"title", title},
                 {"model", (*device)->model},
                 {"place", (*device)->place},
                 {"tag", device_tag((*device)->state, context.language)},
                 {"timeline", timeline}});
}

}  // namespace antin::web
