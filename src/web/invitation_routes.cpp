#include "web/pages/agency_pages.hpp"
#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {

void add_invitation_routes(WebRouter& router) {
    using enum domain::Role;
    const auto coordinator = Access::of(ProvinceCoordinator);
    router.nav({20, "/co-quan", "nav.agencies", domain::Roles(ProvinceCoordinator), false});
    router.nav(
        {25, "/dang-ky/cho-duyet", "nav.registrations", domain::Roles(ProvinceCoordinator), false});

    router.get("/co-quan", coordinator, agency_list);
    router.post("/co-quan/moi", coordinator, agency_invite_many);
    router.get("/co-quan/nhap", coordinator, agency_import);
    router.post("/co-quan/nhap", coordinator, agency_import_post);
    router.get("/co-quan/thu-moi", coordinator, invitation_letters);
    router.get("/co-quan/{id}", coordinator, agency_show);
    router.post("/co-quan/{id}", coordinator, agency_edit_post);
    router.post("/co-quan/{id}/tinh-trang", coordinator, agency_state_post);
    router.post("/co-quan/{id}/moi", coordinator, agency_invite_post);
    router.post("/co-quan/{id}/ket-thuc", coordinator, agency_person_end_post);
    router.post("/co-quan/{id}/thu-hoi-loi-moi", coordinator, invitation_withdraw_post);

    router.get("/kich-hoat", Access::open(), activation_show);
    router.post("/kich-hoat", Access::open(), activation_post);

    router.get("/dang-ky", Access::open(), registration_new);
    router.post("/dang-ky", Access::open(), registration_post);
    router.get("/dang-ky/theo-doi", Access::open(), registration_follow);
    router.post("/dang-ky/theo-doi", Access::open(), registration_mend_post);
    router.get("/dang-ky/cho-duyet", coordinator, registration_list);
    router.get("/dang-ky/{id}", coordinator, registration_show);
    router.get("/dang-ky/{id}/minh-chung", coordinator, registration_proof);
    router.post("/dang-ky/{id}", coordinator, registration_decide_post);
}

}  // namespace antin::web
