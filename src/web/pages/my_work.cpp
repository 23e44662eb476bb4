#include <nlohmann/json.hpp>

#include "domain/permissions.hpp"
#include "store/calendar.hpp"
#include "web/components.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {
namespace {

struct Part {
    const char* name;     // text "my_work.<name>" and view of the queue
    const char* address;  // of the whole list
    store::QueueView view;
    domain::Roles roles;
};

std::vector<Part> parts() {
    using enum domain::Role;
    return {{"decide", "cho-duyet", store::QueueView::ToDecide, domain::Roles(Approver)},
            {"mine", "cua-toi", store::QueueView::Mine, domain::Roles(Assessor)},
            {"fresh", "cho-tiep-nhan", store::QueueView::Fresh, domain::Roles(IntakeOfficer)},
            {"unassigned", "chua-giao", store::QueueView::Unassigned,
             domain::Roles(IntakeOfficer, Assessor)},
            {"late", "qua-han", store::QueueView::Late, domain::Roles(IntakeOfficer, Approver)}};
}

}  // namespace

http::Response my_work(PageContext& context) {
    domain::Roles held;
    for (const auto& grant : context.actor.grants) held.add(grant.role);
    std::int64_t waiting = 0;
    Json sections = Json::array();
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        const Instant now = context.services.clock.now();
        const auto calendar = store::load_calendar(db, local_date(now));
        for (const Part& part : parts()) {
            if (!part.roles.any_of(held)) continue;
            store::QueueFilter filter;
            filter.receivers = officer_bodies(context);
            filter.view = part.view;
            filter.officer_id = context.actor.account_id;
            filter.now = now;
            filter.limit = 10;
            const auto count = store::count_work_queue(db, filter);
            Json rows = Json::array();
            for (const auto& row : store::work_queue(db, filter)) {
                rows.push_back(queue_row(context, row, calendar));
            }
            if (part.view != store::QueueView::Late) waiting += count;
            if (rows.empty() && part.view == store::QueueView::Late) continue;
            sections.push_back(
                {{"title", text(context, std::string{"my_work."} + part.name)},
                 {"empty_text", text(context, std::string{"my_work.no_"} + part.name)},
                 {"empty", rows.empty()},
                 {"count", std::to_string(count)},
                 {"href", std::string{"/hang-cho?hien="} + part.address},
                 {"rows", std::move(rows)}});
        }
        return {};
    });
    if (!read) return problem(context, read.error());
    Json view{{"sections", std::move(sections)}, {"count", std::to_string(waiting)}};
    view["page"] = {{"title", text(context, "my_work.title", {{"count", std::to_string(waiting)}})},
                    {"wide", true},
                    {"compact", true}};
    return page(context, "pages/my_work", std::move(view));
}

}  // namespace antin::web
