#include "web/officer_pages.hpp"
#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {

void add_officer_routes(WebRouter& router) {
    using enum domain::Role;
    const auto readers = Access::of(IntakeOfficer, Assessor, Approver, RegistrationOfficer, Auditor,
                                    ProvinceCoordinator);
    const auto intake = Access::of(IntakeOfficer, ProvinceCoordinator);
    router.nav(
        {28, "/cong-viec", "nav.my_work", domain::Roles(IntakeOfficer, Assessor, Approver), false});
    router.nav({30, "/hang-cho", "nav.queue",
                domain::Roles(IntakeOfficer, Assessor, Approver, RegistrationOfficer, Auditor),
                false});
    router.nav({32, "/so-theo-doi", "nav.register",
                domain::Roles(IntakeOfficer, Assessor, Approver, Auditor), false});

    router.get("/cong-viec", readers, my_work);
    router.get("/hang-cho", readers, queue_list);
    router.post("/hang-cho/phan-cong", Access::of(IntakeOfficer, Approver), queue_assign_post);
    router.get("/xu-ly/{id}", readers, dossier_assess);
    router.get("/xu-ly/{id}/tep/{file}", readers, dossier_file);
    router.post("/xu-ly/{id}/tiep-nhan", intake, dossier_accept_post);
    router.get("/xu-ly/{id}/tu-choi", intake, dossier_intake_refuse);
    router.post("/xu-ly/{id}/tu-choi", intake, dossier_intake_refuse_post);
    router.post("/xu-ly/{id}/nhan-viec", Access::of(Assessor), dossier_take_post);
    router.post("/xu-ly/{id}/phan-cong", Access::of(IntakeOfficer, Assessor, Approver),
                dossier_assign_post);
    router.post("/xu-ly/{id}/mo-du-lieu", readers, dossier_open_post);
    router.post("/xu-ly/{id}/tham-dinh", Access::of(Assessor), dossier_assess_post);
    router.post("/xu-ly/{id}/quyet-dinh", Access::of(Approver), dossier_approve_post);
    router.post("/xu-ly/{id}/rut", Access::of(IntakeOfficer, Assessor, ProvinceCoordinator),
                dossier_withdrawal_post);
    router.get("/xu-ly/{id}/dung", Access::of(Assessor), stop_new);
    router.post("/xu-ly/{id}/dung", Access::of(Assessor), stop_new_post);
    router.get("/xu-ly/{id}/hen-lai", Access::of(Assessor), postponement_new);
    router.post("/xu-ly/{id}/hen-lai", Access::of(Assessor), postponement_new_post);
    router.post("/xu-ly/{id}/de-nghi/{proposal}", Access::of(Assessor, Approver),
                proposal_decide_post);
    router.get("/xu-ly/{id}/de-nghi/{proposal}", readers, proposal_paper);
    router.get("/xu-ly/{id}/phieu-kiem-soat", readers, control_sheet_show);
    router.post("/xu-ly/{id}/phieu-kiem-soat", Access::of(IntakeOfficer, Assessor, Approver),
                control_sheet_post);
    router.get("/xu-ly/{id}/phieu-kiem-soat.pdf", readers, control_sheet_pdf);
    router.get("/so-theo-doi", readers, register_list);
    router.get("/so-theo-doi/{file}", readers, register_file);
    const auto asking = Access::of(IntakeOfficer, ProvinceCoordinator, Assessor);
    router.get("/xu-ly/{id}/bo-sung", asking, supplement_request);
    router.post("/xu-ly/{id}/bo-sung", asking, supplement_request_post);
}

}  // namespace antin::web
