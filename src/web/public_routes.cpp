#include "web/public_pages.hpp"
#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {

void add_public_routes(WebRouter& router) {
    router.get("/", Access::open(), public_home);
    router.get("/tra-cuu", Access::open(), lookup_show);
    router.get("/tro-giup", Access::open(), guidance_list);
    router.get("/tro-giup/mau-bieu", Access::open(), forms_list);
    router.get("/tro-giup/mau-bieu/{name}", Access::open(), forms_blank);
    router.get("/tro-giup/{topic}", Access::open(), guidance_show);
    router.get("/kho-chung-thu", Access::open(), repository_show);
    router.get("/tinh-trang", Access::open(), status_show);
    router.get("/giay-to/{id}", Access::signed_in(), paper_show);
    router.nav({.order = 10, .href = "/tra-cuu", .text_key = "nav.lookup", .strangers = true});
    router.nav(
        {.order = 20, .href = "/kho-chung-thu", .text_key = "nav.repository", .strangers = true});
    router.nav({.order = 30, .href = "/tro-giup", .text_key = "nav.guidance", .strangers = true});
}

}  // namespace antin::web
