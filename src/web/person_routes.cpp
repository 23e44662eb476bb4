#include "web/pages/person_pages.hpp"
#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {

void add_person_routes(WebRouter& router) {
    using enum domain::Role;
    const auto own = Access::of(FocalPoint, Head);
    router.get("/nguoi", own, person_list);
    router.post("/nguoi/them", own, person_add_post);
    router.post("/nguoi/ket-thuc", own, person_end_post);
    router.post("/nguoi/moi-lai", own, person_invite_again_post);

    const auto reader = Access::of(SystemAdministrator, Auditor);
    const auto administrator = Access::of(SystemAdministrator);
    router.get("/quan-tri/nguoi", reader, role_list);
    router.get("/quan-tri/nguoi/moi", administrator, role_new);
    router.post("/quan-tri/nguoi/moi", administrator, role_new_post);
    router.get("/quan-tri/nguoi/{id}", reader, role_person);
    router.post("/quan-tri/nguoi/{id}/giao", administrator, role_give_post);
    router.post("/quan-tri/nguoi/{id}/ket-thuc", administrator, role_end_post);
    router.post("/quan-tri/nguoi/{id}/tinh-trang", administrator, role_state_post);
    router.post("/quan-tri/nguoi/{id}/moi-lai", administrator, role_invite_again_post);
    router.post("/quan-tri/nguoi/{id}/mat-khau", administrator, role_password_post);
    router.nav({.order = 600,
                .href = "/quan-tri/nguoi",
                .text_key = "nav.everybody",
                .roles = domain::Roles(SystemAdministrator, Auditor)});
}

}  // namespace antin::web
