#include "web/pages/bench_pages.hpp"
#include "web/routes.hpp"
#include "web/web_router.hpp"

namespace antin::web {

void add_bench_routes(WebRouter& router) {
    using enum domain::Role;
    const auto officer = Access::of(RegistrationOfficer);
    router.nav({40, "/cap-phat", "nav.bench", domain::Roles(RegistrationOfficer), false});
    router.nav({41, "/ban-giao", "nav.handover", domain::Roles(RegistrationOfficer), false});
    router.nav({42, "/kho", "nav.stock", domain::Roles(RegistrationOfficer), false});

    router.get("/cap-phat", officer, bench_show);
    router.post("/cap-phat/dong/{id}/nhan", officer, bench_take);
    router.post("/cap-phat/dong/{id}/xoa-trang", officer, bench_prepared);
    router.post("/cap-phat/dong/{id}/khoa", officer, bench_key);
    router.post("/cap-phat/dong/{id}/cap", officer, bench_issue);
    router.post("/cap-phat/dong/{id}/ghi", officer, bench_written);
    router.post("/cap-phat/dong/{id}/kiem", officer, bench_checked);
    router.post("/cap-phat/dong/{id}/loi", officer, bench_problem);
    router.post("/cap-phat/dong/{id}/tha", officer, bench_release);
    router.get("/cap-phat/dong/{id}/doi-thiet-bi", officer, bench_change_ask);
    router.post("/cap-phat/dong/{id}/doi-thiet-bi", officer, bench_change_device);
    router.post("/cap-phat/dong/{id}/pin-moi", officer, bench_reset_pin);
    router.post("/cap-phat/phong-bi", officer, bench_envelopes);
    router.get("/cap-phat/tap-trung", officer, central_show);
    router.post("/cap-phat/tap-trung", officer, central_post);
    router.get("/cap-phat/sim", officer, sim_show);
    router.get("/cap-phat/sim/danh-sach.csv", officer, sim_download);
    router.post("/cap-phat/sim", officer, sim_post);

    router.get("/ban-giao", Access::of(RegistrationOfficer, FocalPoint, Head), handover_list);
    router.get("/ban-giao/moi", officer, handover_new);
    router.post("/ban-giao/moi", officer, handover_post);
    router.get("/ban-giao/{id}", Access::of(RegistrationOfficer, FocalPoint, Head), handover_show);
    router.post("/ban-giao/{id}/xac-nhan", Access::of(FocalPoint, Head), handover_confirm);

    router.get("/kho", officer, device_list);
    router.post("/kho/nhan", officer, device_receive);
    router.get("/kho/{serial}", officer, device_show);
}

}  // namespace antin::web
