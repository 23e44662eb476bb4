#include "app/create_dossier.hpp"
#include "web/dossier_pages.hpp"
#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {
namespace {

void add_draft_routes(WebRouter& router, const Access& agency) {
    router.get("/ho-so/moi", agency, dossier_kind);
    router.get("/ho-so/moi/cap-moi", agency, dossier_new);
    router.post("/ho-so/moi/cap-moi", agency, dossier_new_post);
    for (const auto procedure : domain::all<domain::Procedure>()) {
        if (procedure == domain::Procedure::Issuance || !app::is_offered(procedure)) continue;
        router.get(procedure_path(procedure), agency, certificate_choose);
        router.post(procedure_path(procedure), agency, certificate_choose_post);
    }
    router.get("/ho-so/nhap/{id}/chon", agency, certificate_choose);
    router.post("/ho-so/nhap/{id}/chon", agency, certificate_choose_post);
    router.get("/ho-so/nhap/{id}/nguoi-nhan", agency, recipient_edit);
    router.post("/ho-so/nhap/{id}/nguoi-nhan", agency, recipient_save);
    router.get("/ho-so/nhap/{id}/danh-sach", agency, sheet_edit);
    router.post("/ho-so/nhap/{id}/danh-sach", agency, sheet_save);
    router.get("/ho-so/nhap/{id}/dong/{n}", agency, sheet_row);
    router.post("/ho-so/nhap/{id}/dong/{n}", agency, sheet_row_save);
    router.post("/ho-so/nhap/{id}/dong/{n}/xoa", agency, sheet_row_remove);
    router.get("/ho-so/nhap/{id}/dan", agency, sheet_paste);
    router.post("/ho-so/nhap/{id}/dan", agency, sheet_paste_post);
    router.get("/ho-so/nhap/{id}/nhap-tep", agency, sheet_import);
    router.post("/ho-so/nhap/{id}/nhap-tep", agency, sheet_import_post);
    router.get("/ho-so/nhap/{id}/da-co", agency, sheet_known);
    router.post("/ho-so/nhap/{id}/da-co", agency, sheet_known_post);
    router.get("/ho-so/nhap/{id}/bang-mau.xlsx", agency, sheet_template);
    router.get("/ho-so/nhap/{id}/dinh-kem", agency, files_edit);
    router.post("/ho-so/nhap/{id}/dinh-kem", agency, files_add);
    router.post("/ho-so/nhap/{id}/dinh-kem/{tep}/bo", agency, files_remove);
    router.get("/ho-so/nhap/{id}/xoa", agency, draft_delete);
    router.post("/ho-so/nhap/{id}/xoa", agency, draft_delete_post);
    router.get("/ho-so/nhap/{id}/xem-lai", agency, dossier_review);
    router.post("/ho-so/nhap/{id}/xem-lai", agency, dossier_review_post);
    router.get("/ho-so/nhap/{id}/mau.pdf", agency, request_form_pdf);
    router.get("/ho-so/nhap/{id}/ky", agency, dossier_send);
    router.post("/ho-so/nhap/{id}/ky", agency, dossier_send_post);
    router.post("/ho-so/nhap/{id}/ky/ma-thu", agency, dossier_send_mail);
    router.post("/ho-so/nhap/{id}/tra-lai", agency, dossier_send_return);
}

void add_upload_routes(WebRouter& router, const Access& agency) {
    router.add("OPTIONS", "/tai-len", agency, upload_options);
    router.post("/tai-len", agency, upload_start);
    router.get("/tai-len/{token}", agency, upload_head);  // and so HEAD
    router.add("PATCH", "/tai-len/{token}", agency, upload_patch);
    router.add("DELETE", "/tai-len/{token}", agency, upload_end);
}

}  // namespace

void add_dossier_routes(WebRouter& router) {
    using enum domain::Role;
    const Access agency = Access::of(FocalPoint, Head);
    router.nav({10, "/viec", "nav.work", domain::Roles(FocalPoint, Head)});
    router.nav({20, "/ho-so", "nav.dossiers", domain::Roles(FocalPoint, Head)});
    router.nav({40, "/thue-bao", "nav.subscribers", domain::Roles(FocalPoint, Head)});
    router.get("/viec", Access::signed_in(), home_show);
    router.get("/ho-so", agency, dossier_list);
    add_draft_routes(router, agency);
    add_upload_routes(router, agency);
    router.get("/tep/{tep}", agency, file_show);
    router.get("/thue-bao", agency, subscriber_list);
    // A sent dossier has its number until it gets its code at acceptance.
    router.get("/ho-so/da-gui/{id}", agency, dossier_show);
    router.get("/ho-so/da-gui/{id}/rut", agency, dossier_withdraw);
    router.post("/ho-so/da-gui/{id}/rut", agency, dossier_withdraw_post);
    router.get("/ho-so/da-gui/{id}/bo-sung", agency, supplement_answer);
    router.post("/ho-so/da-gui/{id}/bo-sung", agency, supplement_answer_post);
    router.get("/ho-so/{code}", agency, dossier_show);
    router.get("/ho-so/{code}/rut", agency, dossier_withdraw);
    router.post("/ho-so/{code}/rut", agency, dossier_withdraw_post);
    router.get("/ho-so/{code}/bo-sung", agency, supplement_answer);
    router.post("/ho-so/{code}/bo-sung", agency, supplement_answer_post);
    router.get("/kieu-dang", Access::open(), style_reference);
}

}  // namespace antin::web
