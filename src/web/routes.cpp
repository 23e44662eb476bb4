#include "web/routes.hpp"

#include "web/web_router.hpp"

namespace antin::web {

std::unique_ptr<WebRouter> make_portal(app::Services& services) {
    auto router = std::make_unique<WebRouter>(services);
    add_frame_routes(*router);
    add_account_routes(*router);
    add_person_routes(*router);
    add_administration_routes(*router);
    add_bench_routes(*router);
    add_invitation_routes(*router);
    add_officer_routes(*router);
    add_public_routes(*router);
    add_dossier_routes(*router);
    return router;
}

}  // namespace antin::web
