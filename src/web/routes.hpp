#pragma once

namespace antin::web {

class WebRouter;

// One function per area, in src/web/<area>_routes.cpp; called by make_portal() in routes.cpp.
void add_frame_routes(WebRouter& router);
void add_dossier_routes(WebRouter& router);
void add_account_routes(WebRouter& router);
void add_person_routes(WebRouter& router);
void add_administration_routes(WebRouter& router);
void add_bench_routes(WebRouter& router);
void add_invitation_routes(WebRouter& router);
void add_officer_routes(WebRouter& router);
void add_public_routes(WebRouter& router);

}  // namespace antin::web
