#include <nlohmann/json.hpp>

#include "app/list_papers.hpp"
#include "web/public_pages.hpp"

namespace antin::web {

http::Response forms_list(PageContext& context) {
    Json view;
    view["page"] = {{"title", text(context, "forms.title")}};
    const bool administrator = context.actor.has(domain::Role::SystemAdministrator);
    view["administrator"] = administrator;
    view["requests"] = Json::array();
    view["papers"] = Json::array();
    for (const auto& about : app::list_papers(context.services)) {
        const bool request = about.name.starts_with("mau-") && about.name <= "mau-06";
        if (request) {
            view["requests"].push_back({{"href", "/tro-giup/mau-bieu/" + about.name + ".pdf"},
                                        {"title", about.title},
                                        {"sheet_href", ""}});
        }
        if (!administrator) continue;
        const Json mark = about.official_text_read
                              ? tag("done", "tick", text(context, "forms.mark_read"))
                              : tag("attention", "triangle", text(context, "forms.mark_rebuilt"));
        view["papers"].push_back(
            {{"title", about.title},
             {"file", about.name + ".json, " + about.version +
                          (about.replaced ? ", " + text(context, "forms.replaced") : "")},
             {"source", about.source},
             {"mark", mark}});
    }
    return page(context, "pages/forms_list", std::move(view));
}

http::Response forms_blank(PageContext& context) {
    std::string name = context.request.path_value("name");
    if (!name.ends_with(".pdf")) {
        return problem(context, Error{ErrorKind::NotFound, "page.not_found"});
    }
    name.resize(name.size() - 4);
    const auto file = app::draw_blank_form(context.services, name);
    if (!file) return problem(context, file.error());
    auto response = http::bytes_body("application/pdf", std::string{as_text(*file)});
    http::as_attachment(response, name + ".pdf");
    return response;
}

}  // namespace antin::web
