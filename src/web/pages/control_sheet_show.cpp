#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/make_control_sheet.hpp"
#include "web/components.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {

http::Response control_sheet_show(PageContext& context) {
    const auto id = id_in_path(context);
    const auto view = app::read_control_sheet(context.services, context.actor, id);
    if (!view) return problem(context, view.error());
    Json steps = Json::array();
    int number = 0;
    for (const auto& step : view->steps) {
        steps.push_back({{"number", std::to_string(++number)},
                         {"handed_by", step.handed_by},
                         {"taken_by", step.taken_by},
                         {"at", step.at},
                         {"result", step.result}});
    }
    using enum domain::Role;
    const auto body = view->dossier.receiver_id;
    const bool may_make = context.actor.has(IntakeOfficer, body) ||
                          context.actor.has(Assessor, body) || context.actor.has(Approver, body);
    Json page_view{
        {"base", fmt::format("/xu-ly/{}", id)},  {"code", view->dossier.code.value_or("")},
        {"agency", view->agency_name},           {"number", view->number ? view->number->text : ""},
        {"may_make", may_make && !view->number}, {"steps", std::move(steps)}};
    page_view["page"] = {
        {"title", text(context, "control_sheet.title") + ", " + view->dossier.code.value_or("")},
        {"wide", true},
        {"compact", true}};
    return page(context, "pages/control_sheet_show", std::move(page_view));
}

http::Response control_sheet_post(PageContext& context) {
    const auto id = id_in_path(context);
    const auto made = app::make_control_sheet(context.services, context.actor, id);
    if (!made) return problem(context, made.error());
    return redirect(context, fmt::format("/xu-ly/{}/phieu-kiem-soat", id),
                    text(context, "control_sheet.made", {{"number", made->text}}));
}

http::Response control_sheet_pdf(PageContext& context) {
    const auto file = app::draw_control_sheet(context.services, context.actor, id_in_path(context));
    if (!file) return problem(context, file.error());
    auto response = http::bytes_body("application/pdf", std::string{as_text(file->bytes)});
    http::as_attachment(response, file->file_name);
    response.set("Cache-Control", "private, no-store");
    return response;
}

}  // namespace antin::web
