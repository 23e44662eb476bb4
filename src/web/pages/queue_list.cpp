#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "app/assign_dossier.hpp"
#include "base/text.hpp"
#include "store/accounts.hpp"
#include "store/calendar.hpp"
#include "web/components.hpp"
#include "web/list_page.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {
namespace {

constexpr int page_size = 25;

struct View {
    std::string_view name;  // in the address
    store::QueueView view;
};
constexpr std::array views{
    View{"cho-tiep-nhan", store::QueueView::Fresh}, View{"chua-giao", store::QueueView::Unassigned},
    View{"cua-toi", store::QueueView::Mine},        View{"cho-duyet", store::QueueView::ToDecide},
    View{"dang-xu-ly", store::QueueView::Running},  View{"cho-bo-sung", store::QueueView::Waiting},
    View{"xin-rut", store::QueueView::Withdrawn},   View{"qua-han", store::QueueView::Late},
    View{"da-xong", store::QueueView::Ended},       View{"tat-ca", store::QueueView::All},
};

const View& view_named(std::string_view name) {
    for (const View& view : views) {
        if (view.name == name) return view;
    }
    return views[4];
}

/// What was asked for, else what this browser chose last (a cookie without personal data).
std::string chosen(const PageContext& context, const http::Fields& query, const char* name,
                   std::string_view cookie_part) {
    if (query.has(name)) return query.get(name);
    const auto kept = context.request.cookie("hang_cho");
    const auto at = kept.find('.');
    if (at == std::string::npos) return {};
    return cookie_part == "view" ? kept.substr(0, at) : kept.substr(at + 1);
}

std::string address(std::string_view view, std::string_view order, std::string_view words,
                    std::string_view kind, int page) {
    std::string out = fmt::format("/hang-cho?hien={}&thu-tu={}", view, order);
    if (!words.empty()) out += "&tim=" + http::url_encode(words);
    if (!kind.empty()) out += fmt::format("&loai={}", kind);
    if (page > 1) out += fmt::format("&trang={}", page);
    return out;
}

Json kind_choices(const PageContext& context, const std::string& kind) {
    Json kinds = Json::array(
        {{{"value", ""}, {"text", text(context, "queue.any_kind")}, {"selected", kind.empty()}}});
    for (const auto one : domain::all<domain::SubscriberKind>()) {
        const std::string name{domain::to_text(one)};
        kinds.push_back({{"value", name},
                         {"text", text(context, "subscriber_kind." + name)},
                         {"selected", kind == name}});
    }
    return kinds;
}

void remember(http::Response& response, std::string_view view, std::string_view order) {
    response.set("Set-Cookie",
                 fmt::format("hang_cho={}.{}; Path=/hang-cho; Max-Age=31536000; Secure; HttpOnly; "
                             "SameSite=Lax",
                             view, order));
}

/// Whom the chosen dossiers may be given to; nobody unless the officer may give work away.
Json assessors(const PageContext& context, sql::Reader& db, const View& view) {
    Json people = Json::array();
    if (view.view != store::QueueView::Unassigned) return people;
    for (const auto body : officer_bodies(context)) {
        if (!context.actor.has(domain::Role::IntakeOfficer, body) &&
            !context.actor.has(domain::Role::Approver, body)) {
            continue;
        }
        for (const auto& person : store::people_with_role(db, domain::Role::Assessor, body)) {
            people.push_back({{"value", std::to_string(person.id)}, {"text", person.full_name}});
        }
    }
    return people;
}

/// "12.3": a dossier and the version that the list showed.
std::optional<app::AssignDossier> chosen_dossier(const std::string& value, std::int64_t assessor) {
    const auto dot = value.find('.');
    if (dot == std::string::npos) return std::nullopt;
    return app::AssignDossier{number_of(value.substr(0, dot)), number_of(value.substr(dot + 1)),
                              assessor};
}

}  // namespace

http::Response queue_assign_post(PageContext& context) {
    const auto assessor = number_of(context.form().get("assessor"));
    int given = 0, chosen = 0;
    std::string why;
    for (const auto& value : context.form().all("chon")) {
        const auto input = chosen_dossier(value, assessor);
        if (!input || ++chosen > page_size) continue;
        const auto done = app::assign_dossier(context.services, context.actor, *input);
        if (done)
            ++given;
        else
            why = sentence_of(context.language, done.error());
    }
    const std::string back = "/hang-cho?hien=chua-giao";
    if (chosen == 0) {
        return redirect(context, back, text(context, "queue.choose_first"), "attention");
    }
    auto words = text(context, "queue.assigned", {{"count", std::to_string(given)}});
    if (given == chosen) return redirect(context, back, words);
    words += " " + text(context, "queue.not_assigned",
                        {{"count", std::to_string(chosen - given)}, {"why", why}});
    return redirect(context, back, words, "attention");
}

http::Response queue_list(PageContext& context) {
    const auto query = context.request.query();
    const View& view = view_named(chosen(context, query, "hien", "view"));
    const std::string order = chosen(context, query, "thu-tu", "order") == "moi" ? "moi" : "han";
    const std::string words = clean_text(query.get("tim")).substr(0, 200);
    const std::string kind = query.get("loai");
    const ListPage at{query, page_size, context.language};
    store::QueueFilter filter;
    filter.receivers = officer_bodies(context);
    filter.view = view.view;
    filter.officer_id = context.actor.account_id;
    filter.now = context.services.clock.now();
    filter.words = words;
    filter.kind = domain::parse<domain::SubscriberKind>(kind);
    filter.newest_first = order == "moi";
    filter.limit = at.rows();
    filter.offset = at.offset();

    Json page_view;
    std::int64_t total = 0;
    auto read = context.services.db.read([&](sql::Reader& db) -> Result<Json> {
        const auto calendar = store::load_calendar(db, local_date(filter.now));
        Json rows = Json::array();
        for (const auto& row : store::work_queue(db, filter)) {
            rows.push_back(queue_row(context, row, calendar));
        }
        Json tabs = Json::array();
        for (const View& other : views) {
            store::QueueFilter counted = filter;
            counted.view = other.view;
            const bool current = other.name == view.name;
            std::string count;
            if (current || !store::is_long(other.view)) {
                const auto number = store::count_work_queue(db, counted);
                count = at.count_words(number);
                if (current) total = number;
            }
            tabs.push_back({{"href", address(other.name, order, words, kind, 1)},
                            {"text", text(context, "queue.view_" + std::string{other.name})},
                            {"count", count},
                            {"current", current}});
        }
        page_view["tabs"] = std::move(tabs);
        page_view["people"] = assessors(context, db, view);
        return rows;
    });
    if (!read) return problem(context, read.error());
    page_view["rows"] = std::move(*read);
    page_view["empty"] = page_view["rows"].empty();
    page_view["may_give"] = !page_view["people"].empty();
    page_view["view"] = view.name;
    page_view["order"] = order;
    page_view["words"] = words;
    page_view["total"] = at.count_words(total);
    page_view["may_sort"] = !store::is_long(view.view);
    page_view["order_href"] = address(view.name, order == "han" ? "moi" : "han", words, kind, 1);
    page_view["order_text"] =
        text(context, order == "han" ? "queue.order_newest" : "queue.order_due");
    page_view["clear_href"] = address(view.name, order, "", "", 1);
    page_view["filtered"] = !words.empty() || filter.kind.has_value();
    page_view["kinds"] = kind_choices(context, kind);
    page_view["pagination"] = at.pagination(total, "queue.page", [&](int number) {
        return address(view.name, order, words, kind, number);
    });
    page_view["page"] = {
        {"title", text(context, "queue.title")}, {"wide", true}, {"compact", true}};
    auto response = page(context, "pages/queue_list", std::move(page_view));
    remember(response, view.name, order);
    return response;
}

}  // namespace antin::web
