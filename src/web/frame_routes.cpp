#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {
namespace {

constexpr std::string_view forever = "Path=/; Max-Age=31536000; SameSite=Lax";

http::Response language_choose(PageContext& context) {
    const auto code = context.request.path_value("code");
    auto response = http::see_other(own_path(context.request.query().get("ve")));
    if (code == "vi" || code == "en") {
        response.set("Set-Cookie", "ngon_ngu=" + code + "; " + std::string{forever});
    }
    return response;
}

}  // namespace

void add_frame_routes(WebRouter& router) {
    router.get("/ngon-ngu/{code}", Access::open(), language_choose);
}

}  // namespace antin::web
