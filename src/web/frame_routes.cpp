#include "app/choose_language.hpp"
#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {
namespace {

constexpr std::string_view forever = "Path=/; Max-Age=31536000; SameSite=Lax";

http::Response language_choose(PageContext& context) {
    const auto code = context.request.path_value("code");
    auto response = http::see_other(own_path(context.request.query().get("ve")));
    if (code != "vi" && code != "en") return response;
    // A link, so that it works before any form: a stranger's page that leads here changes no more
    // than the words of what comes later, and the person sees at once that it did.
    if (context.signed_in && context.signed_in->step == app::SignInStep::Done) {
        const auto kept = app::choose_language(context.services, *context.signed_in, code);
        if (!kept) return problem(context, kept.error());
    }
    response.set("Set-Cookie", "ngon_ngu=" + code + "; " + std::string{forever});
    return response;
}

}  // namespace

void add_frame_routes(WebRouter& router) {
    router.get("/ngon-ngu/{code}", Access::open(), language_choose);
}

}  // namespace antin::web
