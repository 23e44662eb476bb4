#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "domain/permissions.hpp"
#include "store/calendar.hpp"
#include "web/components.hpp"
#include "web/list_page.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {
namespace {

constexpr int rows_shown = 10;
constexpr int places_counted = 200;  // "hồ sơ 3 trên 17": beyond it only the neighbours are told

struct Part {
    const char* name;     // text "my_work.<name>"
    const char* address;  // of the whole list
    store::QueueView view;
    domain::Roles roles;
    bool waits_for_me = true;  // counted in the title
    bool when_empty = true;    // an empty one is told too
};

/// What waits for the officer first; then what others owe.
std::vector<Part> parts() {
    using enum domain::Role;
    using enum store::QueueView;
    const domain::Roles desk(IntakeOfficer, ProvinceCoordinator);
    return {{"decide", "cho-duyet", ToDecide, domain::Roles(Approver)},
            {"mine", "cua-toi", MineToDo, domain::Roles(Assessor)},
            {"fresh", "cho-tiep-nhan", Fresh, desk},
            {"withdrawn", "xin-rut", Withdrawn, desk, true, false},
            {"unassigned", "chua-giao", Unassigned, domain::Roles(IntakeOfficer, Assessor)},
            {"soon", "sap-den-han", Soon, domain::Roles(IntakeOfficer, Assessor, Approver), false,
             false},
            {"late", "qua-han", Late, domain::Roles(IntakeOfficer, Approver), false, false}};
}

domain::Roles roles_held(const PageContext& context) {
    domain::Roles held;
    for (const auto& grant : context.actor.grants) held.add(grant.role);
    return held;
}

store::QueueFilter filter_of(const PageContext& context, store::QueueView view, int limit) {
    store::QueueFilter filter;
    filter.receivers = officer_bodies(context);
    filter.view = view;
    filter.officer_id = context.actor.account_id;
    filter.now = context.services.clock.now();
    filter.limit = limit;
    return filter;
}

Json neighbour(const PageContext& context, std::int64_t id, const char* key) {
    return {{"href", fmt::format("/xu-ly/{}", id)}, {"text", text(context, key)}};
}

/// The dossier in one of the officer's lists, or the first of the list when it has left it.
Json place_in(const PageContext& context, const std::vector<std::int64_t>& ids, std::int64_t id) {
    Json out{{"words", ""}, {"previous", false}, {"next", false}};
    const auto at = std::ranges::find(ids, id);
    if (at == ids.end()) {
        out["next"] = neighbour(context, ids.front(), "my_work.next_first");
        return out;
    }
    if (ids.size() < static_cast<std::size_t>(places_counted)) {
        out["words"] = text(
            context, "my_work.place",
            {{"n", std::to_string(at - ids.begin() + 1)}, {"all", std::to_string(ids.size())}});
    }
    if (at != ids.begin()) out["previous"] = neighbour(context, *(at - 1), "my_work.previous");
    if (at + 1 != ids.end()) out["next"] = neighbour(context, *(at + 1), "my_work.next");
    return out;
}

}  // namespace

Json work_place(PageContext& context, std::int64_t dossier_id) {
    const auto held = roles_held(context);
    const auto found = context.services.db.read([&](sql::Reader& db) -> Result<Json> {
        std::vector<std::int64_t> first;
        for (const Part& part : parts()) {
            if (!part.waits_for_me || !part.roles.any_of(held)) continue;
            auto ids = store::work_queue_ids(db, filter_of(context, part.view, places_counted));
            if (std::ranges::find(ids, dossier_id) != ids.end()) {
                return place_in(context, ids, dossier_id);
            }
            if (first.empty()) first = std::move(ids);
        }
        if (first.empty()) return Json{{"words", ""}, {"previous", false}, {"next", false}};
        return place_in(context, first, dossier_id);
    });
    return found ? *found : Json{{"words", ""}, {"previous", false}, {"next", false}};
}

http::Response my_work(PageContext& context) {
    const auto held = roles_held(context);
    std::int64_t waiting = 0;
    Json sections = Json::array();
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto calendar = store::load_calendar(db, local_date(context.services.clock.now()));
        for (const Part& part : parts()) {
            if (!part.roles.any_of(held)) continue;
            auto filter = filter_of(context, part.view, rows_shown);
            filter.soon = soon_after(filter.now, calendar);
            const auto count = store::count_work_queue(db, filter);
            if (part.waits_for_me) waiting += count;
            if (count == 0 && !part.when_empty) continue;
            Json rows = Json::array();
            for (const auto& row : store::work_queue(db, filter)) {
                rows.push_back(queue_row(context, row, calendar));
            }
            const std::string key = std::string{"my_work."} + part.name;
            sections.push_back(
                {{"title", text(context, key)},
                 {"empty_text",
                  count == 0 ? text(context, std::string{"my_work.no_"} + part.name) : ""},
                 {"empty", rows.empty()},
                 {"count", count_words(count, context.language)},
                 {"see_all", count > rows_shown
                                 ? text(context, "my_work.see_all",
                                        {{"count", count_words(count, context.language)}})
                                 : ""},
                 {"href", std::string{"/hang-cho?hien="} + part.address},
                 {"rows", std::move(rows)}});
        }
        return {};
    });
    if (!read) return problem(context, read.error());
    Json view{{"sections", std::move(sections)}, {"count", std::to_string(waiting)}};
    view["nothing_here"] = view["sections"].empty();
    view["page"] = {{"title", text(context, "my_work.title", {{"count", std::to_string(waiting)}})},
                    {"wide", true},
                    {"compact", true}};
    return page(context, "pages/my_work", std::move(view));
}

}  // namespace antin::web
