#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "app/read_journal.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/administration_pages.hpp"

namespace antin::web {

http::Response journal_list(PageContext& context) {
    const auto query = context.request.query();
    audit::Filter filter;
    filter.act = query.get("viec");
    filter.object_kind = query.get("loai");
    filter.object_id = query.get("so");
    const auto before = query.get("truoc");
    std::from_chars(before.data(), before.data() + before.size(), filter.before);
    const auto entries = app::read_journal(context.services, context.actor, filter);
    if (!entries) return problem(context, entries.error());
    Json view{{"page", {{"title", text(context, "journal.title")}, {"wide", true}}},
              {"act", filter.act},
              {"object_kind", filter.object_kind},
              {"object_id", filter.object_id},
              {"empty", entries->empty()},
              {"older_href", ""},
              {"rows", Json::array()}};
    for (const auto& kept : *entries) {
        view["rows"].push_back({{"seq", kept.seq},
                                {"when", to_vietnamese(kept.entry.at)},
                                {"actor", kept.entry.actor_name},
                                {"act", kept.entry.act},
                                {"object", kept.entry.object_kind + " " + kept.entry.object_id},
                                {"detail", kept.entry.detail == "{}" ? "" : kept.entry.detail},
                                {"hash", kept.hash.substr(0, 16)}});
    }
    if (std::ssize(*entries) == filter.count_max) {
        view["older_href"] =
            fmt::format("/quan-tri/nhat-ky?viec={}&loai={}&so={}&truoc={}",
                        http::url_encode(filter.act), http::url_encode(filter.object_kind),
                        http::url_encode(filter.object_id), entries->back().seq);
    }
    return page(context, "pages/journal_list", std::move(view));
}

}  // namespace antin::web
