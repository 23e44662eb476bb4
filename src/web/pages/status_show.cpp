#include <nlohmann/json.hpp>

#include "app/list_authorities.hpp"
#include "app/portal_contact.hpp"
#include "web/public_pages.hpp"

namespace antin::web {

http::Response status_show(PageContext& context) {
    Json view;
    view["page"] = {{"title", text(context, "status.title")}};
    // The contact line lies in the database: an answer means that it can be read.
    const bool database = !app::portal_contact(context.services).empty();
    const auto authorities = app::list_authorities(context.services);
    const auto now = context.services.clock.now();
    bool fresh = !authorities.empty();
    Json summary = Json::array();
    for (const auto& one : authorities) {
        const bool good = one.crl_next_update && *one.crl_next_update > now;
        fresh = fresh && good;
        summary.push_back(
            {{"key", one.common_name},
             {"value", text(context, good ? "status.crl_fresh" : "status.crl_old")},
             {"second",
              one.crl_next_update ? moment_words(*one.crl_next_update, context.language) : ""},
             {"act_href", ""}});
    }
    const bool well = database && fresh;
    view["state"] = well ? tag("done", "tick", text(context, "status.well"))
                         : tag("attention", "triangle", text(context, "status.unwell"));
    view["sentence"] = text(context, well ? "status.well_text" : "status.unwell_text");
    view["summary"] = std::move(summary);
    return page(context, "pages/status_show", std::move(view));
}

}  // namespace antin::web
