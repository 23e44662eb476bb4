#pragma once
// Handlers of the pages for everybody, registered in public_routes.cpp.
#include "web/components.hpp"
#include "web/frame.hpp"

namespace antin::web {

http::Response public_home(PageContext& context);
http::Response lookup_show(PageContext& context);
http::Response guidance_list(PageContext& context);
http::Response guidance_show(PageContext& context);
http::Response forms_list(PageContext& context);
http::Response forms_blank(PageContext& context);
http::Response repository_show(PageContext& context);
http::Response status_show(PageContext& context);
http::Response paper_show(PageContext& context);

}  // namespace antin::web
