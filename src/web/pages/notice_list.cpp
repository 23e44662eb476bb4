#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/read_notices.hpp"
#include "web/components.hpp"
#include "web/list_page.hpp"
#include "web/pages/administration_pages.hpp"
#include "web/whole_codes.hpp"

namespace antin::web {

http::Response notice_list(PageContext& context) {
    const ListPage at{context.request.query(), app::notices_per_page, context.language};
    const auto found = app::read_notices(context.services, context.actor, at.number());
    if (!found) return problem(context, found.error());
    Json view{{"page", {{"title", text(context, "notices.title")}}},
              {"notices", Json::array()},
              {"empty", found->notices.empty()},
              {"has_unread", found->unread > 0}};
    for (const auto& notice : found->notices) {
        view["notices"].push_back({{"subject", notice.subject},
                                   {"title", {{"parts", with_whole_codes(notice.subject)}}},
                                   {"words", {{"parts", with_whole_codes(notice.body)}}},
                                   {"link", notice.link},
                                   {"when", moment_words(notice.created_at, context.language)},
                                   {"datetime", to_iso(notice.created_at)},
                                   {"fresh", !notice.read_at.has_value()}});
    }
    view["pagination"] = at.pagination(found->total, "notices.page",
                                       [](int n) { return fmt::format("/thong-bao?trang={}", n); });
    return page(context, "pages/notice_list", std::move(view));
}

http::Response notice_read_post(PageContext& context) {
    const auto done = app::mark_notices_read(context.services, context.actor);
    if (!done) return problem(context, done.error());
    return redirect(context, "/thong-bao");
}

}  // namespace antin::web
