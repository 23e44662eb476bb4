#include "web/pages/administration_pages.hpp"
#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {

void add_administration_routes(WebRouter& router) {
    using enum domain::Role;
    const auto administrator = Access::of(SystemAdministrator);
    const auto reader = Access::of(SystemAdministrator, Auditor);
    const auto readers = domain::Roles(SystemAdministrator, Auditor);
    router.nav(
        {80, "/quan-tri/cai-dat", "nav.settings", domain::Roles(SystemAdministrator), false});
    router.nav({81, "/quan-tri/quy-tac", "nav.rules", readers, false});
    router.nav({82, "/quan-tri/lich", "nav.calendar", readers, false});
    router.nav({83, "/quan-tri/thu", "nav.deliveries", readers, false});
    router.nav({84, "/quan-tri/nhat-ky", "nav.journal", domain::Roles(Auditor), false});
    router.nav({95, "/thong-bao", "nav.notices", {}, false});

    router.get("/thong-bao", Access::signed_in(), notice_list);
    router.post("/thong-bao/da-doc", Access::signed_in(), notice_read_post);

    router.get("/quan-tri/cai-dat", administrator, setting_list);
    router.post("/quan-tri/cai-dat", administrator, setting_list_post);
    router.get("/quan-tri/quy-tac", reader, rule_list);
    router.get("/quan-tri/quy-tac/{name}", reader, rule_show);
    router.post("/quan-tri/quy-tac/{name}", administrator, rule_show_post);
    router.get("/quan-tri/lich", reader, calendar_list);
    router.get("/quan-tri/lich/{year}", reader, calendar_show);
    router.post("/quan-tri/lich/{year}", administrator, calendar_show_post);
    router.post("/quan-tri/lich/{year}/xem-truoc", administrator, calendar_preview_post);
    router.get("/quan-tri/thu", reader, mail_list);
    router.get("/quan-tri/thu/{id}", reader, mail_show);
    router.post("/quan-tri/thu/{id}/gui-lai", administrator, mail_resend_post);
    router.get("/quan-tri/viec-nen", reader, job_list);
    router.post("/quan-tri/viec-nen", administrator, job_retry_post);
    router.get("/quan-tri/nhat-ky", Access::of(Auditor), journal_list);
}

}  // namespace antin::web
