#include <nlohmann/json.hpp>

#include "web/public_pages.hpp"

namespace antin::web {

http::Response public_home(PageContext& context) {
    if (context.signed_in) return http::see_other("/viec");
    // The first page is Vietnamese whatever the browser asks for; only a choice made here changes
    // it.
    if (context.request.cookie("ngon_ngu").empty()) context.language = Language::Vietnamese;
    Json view;
    view["page"]["title"] = text(context, "home.page_title");
    return page(context, "pages/public_home", std::move(view));
}

}  // namespace antin::web
