#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/read_register.hpp"
#include "sheet/write.hpp"
#include "store/agencies.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {
namespace {

constexpr std::int64_t rows_on_page = 100;

/// What the address asks for; without it this month of the first body.
struct Asked {
    app::RegisterOf of;
    std::string from, until;  // ISO, as typed
    bool readable = true;
};

Asked asked_in(PageContext& context) {
    const auto query = context.request.query();
    const Date today = local_date(context.services.clock.now());
    const auto bodies = officer_bodies(context);
    Asked out;
    out.of.body_id = number_of(query.get("noi"));
    if (out.of.body_id == 0 && !bodies.empty()) out.of.body_id = bodies.front();
    out.from = query.has("tu") ? query.get("tu")
                               : to_iso(Date{today.year() / today.month() / std::chrono::day{1}});
    out.until = query.has("den") ? query.get("den") : to_iso(today);
    const auto from = parse_iso_date(out.from), until = parse_iso_date(out.until);
    out.readable = from && until;
    out.of.from = from.value_or(today);
    out.of.until = until.value_or(today);
    return out;
}

std::string address(std::string_view path, const Asked& asked, std::int64_t page_number = 1) {
    std::string out =
        fmt::format("{}?noi={}&tu={}&den={}", path, asked.of.body_id, asked.from, asked.until);
    if (page_number > 1) out += fmt::format("&trang={}", page_number);
    return out;
}

Json fields_view(const PageContext& context, const Asked& asked, const FormErrors& errors) {
    Json out = Json::array();
    const auto add = [&](const char* name, const std::string& value, std::string_view label) {
        Field one;
        one.id = one.name = name;
        one.type = "date";
        one.label = text(context, label);
        one.value = value;
        one.width = "10";
        one.error = errors.of(name);
        out.push_back(field(one));
    };
    add("tu", asked.from, "register.from");
    add("den", asked.until, "register.until");
    return out;
}

Json bodies_view(const PageContext& context, std::int64_t chosen) {
    Json out = Json::array();
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        for (const auto id : officer_bodies(context)) {
            const auto body = store::find_agency(db, id);
            if (!body) continue;
            out.push_back(
                {{"value", std::to_string(id)}, {"text", body->name}, {"selected", id == chosen}});
        }
        return {};
    });
    if (!read) return Json::array();
    return out;
}

Json rows_view(const app::RegisterView& view, std::int64_t first) {
    Json out = Json::array();
    for (std::size_t i = 0; i < view.paper.entries.size(); ++i) {
        const auto& entry = view.paper.entries[i];
        out.push_back({{"number", std::to_string(first + static_cast<std::int64_t>(i) + 1)},
                       {"href", fmt::format("/xu-ly/{}", view.dossiers[i])},
                       {"code", entry.dossier_code},
                       {"content", entry.content},
                       {"agency", entry.agency},
                       {"received", entry.received},
                       {"due", entry.due},
                       {"returned", entry.returned},
                       {"note", entry.note}});
    }
    return out;
}

sheet::SheetToWrite sheet_of(const PageContext& context, const app::RegisterView& view) {
    sheet::SheetToWrite out;
    out.name = text(context, "register.sheet_name");
    out.titles = {view.body_name, text(context, "register.period_words",
                                       {{"from", to_vietnamese(view.paper.from)},
                                        {"until", to_vietnamese(view.paper.until)},
                                        {"count", std::to_string(view.total)}})};
    const auto add = [&](std::string_view key, double width) {
        sheet::ColumnToWrite column;
        column.heading = key == "STT" ? "STT" : text(context, key);
        column.width = width;
        out.columns.push_back(std::move(column));
    };
    add("STT", 6);
    add("register.code", 26);
    add("register.content", 48);
    add("register.agency", 40);
    add("register.received", 18);
    add("register.due", 18);
    add("register.returned", 18);
    add("register.note", 30);
    int number = 0;
    for (const auto& entry : view.paper.entries) {
        out.rows.push_back({std::to_string(++number), entry.dossier_code, entry.content,
                            entry.agency, entry.received, entry.due, entry.returned, entry.note});
    }
    return out;
}

http::Response show(PageContext& context, const Asked& asked, const app::RegisterView& view,
                    const FormErrors& errors, std::int64_t page_number) {
    const auto pages = std::max<std::int64_t>(1, (view.total + rows_on_page - 1) / rows_on_page);
    const auto bodies = bodies_view(context, asked.of.body_id);
    Json page_view{{"fields", fields_view(context, asked, errors)},
                   {"bodies", bodies},
                   {"several_bodies", bodies.size() > 1},
                   {"body", asked.of.body_id},
                   {"rows", rows_view(view, (page_number - 1) * rows_on_page)},
                   {"empty", view.paper.entries.empty()},
                   {"total", std::to_string(view.total)},
                   {"pdf_href", address("/so-theo-doi/so-theo-doi.pdf", asked)},
                   {"xlsx_href", address("/so-theo-doi/so-theo-doi.xlsx", asked)},
                   {"csv_href", address("/so-theo-doi/so-theo-doi.csv", asked)},
                   {"errors", errors.summary()}};
    page_view["pagination"] =
        pagination(page_number > 1 ? address("/so-theo-doi", asked, page_number - 1) : "",
                   page_number < pages ? address("/so-theo-doi", asked, page_number + 1) : "",
                   text(context, "queue.page",
                        {{"page", std::to_string(page_number)}, {"pages", std::to_string(pages)}}));
    if (pages == 1) page_view["pagination"] = false;
    page_view["page"] = {
        {"title", text(context, "register.title")}, {"wide", true}, {"compact", true}};
    return page(context, "pages/register_list", std::move(page_view), errors.empty() ? 200 : 422);
}

}  // namespace

http::Response register_list(PageContext& context) {
    auto asked = asked_in(context);
    const auto page_number =
        std::clamp<std::int64_t>(number_of(context.request.query().get("trang")), 1, 100000);
    FormErrors errors{context};
    if (!asked.readable) {
        errors.add_key("tu", "error.register.day");
        return show(context, asked, {}, errors, 1);
    }
    asked.of.limit = rows_on_page;
    asked.of.offset = (page_number - 1) * rows_on_page;
    const auto view = app::read_register(context.services, context.actor, asked.of);
    if (view) return show(context, asked, *view, errors, page_number);
    if (view.error().kind != ErrorKind::Invalid) return problem(context, view.error());
    errors.add(view.error());
    return show(context, asked, {}, errors, 1);
}

http::Response register_file(PageContext& context) {
    const auto file = context.request.path_value("file");
    const auto asked = asked_in(context);
    if (!asked.readable) return problem(context, {ErrorKind::Invalid, "register.day"});
    const auto view = app::read_register(context.services, context.actor, asked.of);
    if (!view) return problem(context, view.error());
    http::Response response;
    if (file == "so-theo-doi.pdf") {
        const auto bytes = app::draw_register(context.services, *view);
        if (!bytes) return problem(context, bytes.error());
        response = http::bytes_body("application/pdf", std::string{as_text(*bytes)});
    } else if (file == "so-theo-doi.xlsx") {
        auto bytes = sheet::write_xlsx(sheet_of(context, *view));
        if (!bytes) return problem(context, bytes.error());
        response = http::bytes_body(
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", std::move(*bytes));
    } else if (file == "so-theo-doi.csv") {
        response =
            http::bytes_body("text/csv; charset=utf-8", sheet::write_csv(sheet_of(context, *view)));
    } else {
        return problem(context, {ErrorKind::NotFound, "page.not_found"});
    }
    http::as_attachment(response, fmt::format("so-theo-doi-{}-{}{}", asked.from, asked.until,
                                              file.substr(file.rfind('.'))));
    response.set("Cache-Control", "private, no-store");
    return response;
}

}  // namespace antin::web
