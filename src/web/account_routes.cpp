#include "web/pages/account_pages.hpp"
#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {

void add_account_routes(WebRouter& router) {
    // Reached before password and second factor are in order.
    constexpr Access half{.any_step = true};
    // A script of ours on a page whose session has ended: the token of that session is gone with
    // it, so the browser's word about the origin decides, and the answer is a new session.
    constexpr Access in_place{.everyone = true, .any_step = true, .any_token = true};

    router.get("/dang-nhap", Access::open(), sign_in_get);
    router.post("/dang-nhap", Access::open(), sign_in_post);
    router.get("/dang-nhap/ma", Access::open(), sign_second_factor_get);
    router.post("/dang-nhap/ma", half, sign_second_factor_post);
    router.post("/dang-nhap/ma-thu", half, sign_second_factor_mail_post);
    router.post("/dang-nhap/tai-cho", in_place, sign_in_place_post);
    router.post("/dang-nhap/tai-cho/ma", half, sign_in_place_code_post);
    router.post("/thoat", half, sign_out_post);

    router.get("/mat-khau/quen", Access::open(), password_forgotten_get);
    router.post("/mat-khau/quen", Access::open(), password_forgotten_post);
    router.get("/mat-khau/dat-lai/{secret}", Access::open(), password_link_get);
    router.post("/mat-khau/dat-lai/{secret}", Access::open(), password_link_post);

    router.get("/tai-khoan", Access::signed_in(), account_show_get);
    router.post("/tai-khoan/thoat-noi-khac", Access::signed_in(), account_end_others_post);
    router.post("/tai-khoan/ma-du-phong", Access::signed_in(), account_recovery_codes_post);
    router.get("/tai-khoan/mat-khau", half, account_password_get);
    router.post("/tai-khoan/mat-khau", half, account_password_post);
    router.get("/tai-khoan/xac-thuc", half, account_second_factor_get);
    router.post("/tai-khoan/xac-thuc", half, account_second_factor_post);

    router.nav({.order = 900, .href = "/tai-khoan", .text_key = "nav.account", .roles = {}});
}

}  // namespace antin::web
