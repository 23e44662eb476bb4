#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "app/read_notices.hpp"
#include "web/components.hpp"
#include "web/pages/administration_pages.hpp"

namespace antin::web {

std::int64_t page_number_of(const PageContext& context) {
    const auto typed = context.request.query().get("trang");
    std::int64_t number = 1;
    std::from_chars(typed.data(), typed.data() + typed.size(), number);
    return std::clamp<std::int64_t>(number, 1, 100'000);
}

http::Response notice_list(PageContext& context) {
    const auto number = page_number_of(context);
    const auto found = app::read_notices(context.services, context.actor, number);
    if (!found) return problem(context, found.error());
    Json view{{"page", {{"title", text(context, "notices.title")}}},
              {"notices", Json::array()},
              {"empty", found->notices.empty()},
              {"has_unread", found->unread > 0}};
    for (const auto& notice : found->notices) {
        view["notices"].push_back({{"subject", notice.subject},
                                   {"body", notice.body},
                                   {"link", notice.link},
                                   {"when", moment_words(notice.created_at, context.language)},
                                   {"datetime", to_iso(notice.created_at)},
                                   {"fresh", !notice.read_at.has_value()}});
    }
    const auto pages = (found->total + app::notices_per_page - 1) / app::notices_per_page;
    if (pages > 1) {
        const auto href = [](std::int64_t n) { return fmt::format("/thong-bao?trang={}", n); };
        view["pagination"] =
            pagination(number > 1 ? href(number - 1) : "", number < pages ? href(number + 1) : "",
                       text(context, "notices.page",
                            {{"page", std::to_string(number)}, {"pages", std::to_string(pages)}}));
    }
    return page(context, "pages/notice_list", std::move(view));
}

http::Response notice_read_post(PageContext& context) {
    const auto done = app::mark_notices_read(context.services, context.actor);
    if (!done) return problem(context, done.error());
    return redirect(context, "/thong-bao");
}

}  // namespace antin::web
