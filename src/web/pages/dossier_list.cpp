#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/dossier_access.hpp"
#include "store/calendar.hpp"
#include "store/dossier_lines.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/dossier_time.hpp"
#include "web/list_page.hpp"

namespace antin::web {
namespace {

constexpr int rows_per_page = 30;

std::vector<domain::DossierState> states_of(std::string_view filter) {
    using enum domain::DossierState;
    if (filter == "nhap") return {Draft};
    if (filter == "dang-chay")
        return {Submitted, Accepted, InProgress, AwaitingSupplement, WithdrawalRequested};
    if (filter == "xong") return {Decided, Returned, IntakeRefused, Stopped};
    return {};
}

Json state_field(PageContext& context, const std::string& filter) {
    Field ask;
    ask.id = ask.name = "hien";
    ask.type = "select";
    ask.label = text(context, "list.show");
    ask.value = filter;
    ask.options = {{"", text(context, "list.show_all"), ""},
                   {"nhap", text(context, "list.show_drafts"), ""},
                   {"dang-chay", text(context, "list.show_running"), ""},
                   {"xong", text(context, "list.show_ended"), ""}};
    return field(ask);
}

}  // namespace

std::string first_of(const PageContext& context, sql::Reader& db, const store::Dossier& dossier) {
    const auto lines = store::dossier_lines(db, dossier.id, 1, 0);
    if (lines.empty() || lines.front().name.empty()) return "";
    if (dossier.line_count < 2) return lines.front().name;
    return text(context, "list.first_of",
                {{"name", lines.front().name}, {"n", std::to_string(dossier.line_count - 1)}});
}

Json dossier_rows(PageContext& context, sql::Reader& db,
                  const std::vector<store::Dossier>& dossiers) {
    const Instant now = context.services.clock.now();
    const auto calendar = store::load_calendar(db, local_date(now));
    Json out = Json::array();
    for (const auto& dossier : dossiers) {
        out.push_back({{"href", app::dossier_path(dossier)},
                       {"what", dossier_heading(context.language, dossier)},
                       {"who", first_of(context, db, dossier)},
                       {"code", dossier.code.value_or("")},
                       {"state", dossier_tag(dossier.state, context.language)},
                       {"time", time_left_of(dossier, calendar, now, context.language)},
                       {"saved", to_vietnamese(local_date(dossier.saved_at))}});
    }
    return out;
}

http::Response dossier_list(PageContext& context) {
    const auto query = context.request.query();
    const std::string words = query.get("tim");
    const std::string filter = query.get("hien");
    const int at = ListPage{query, rows_per_page, context.language}.number();
    std::vector<store::Dossier> found;
    Json rows = Json::array();
    std::int64_t count = 0;
    bool has_more = false;
    const std::int64_t agency = own_agency(context);
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        const int from = (at - 1) * rows_per_page;
        found = words.empty()
                    ? store::agency_dossiers(db, agency, states_of(filter), rows_per_page + 1, from)
                    : store::search_agency_dossiers(db, agency, words, rows_per_page + 1, from);
        count = store::count_agency_dossiers(db, agency, states_of(filter));
        has_more = found.size() > static_cast<std::size_t>(rows_per_page);
        if (has_more) found.pop_back();
        rows = dossier_rows(context, db, found);
        return {};
    });
    if (!read) return problem(context, read.error());
    const std::string base =
        fmt::format("/ho-so?tim={}&hien={}", http::url_encode(words), http::url_encode(filter));
    const bool filtered = !words.empty() || !filter.empty();
    const auto counted = words.empty() ? count : static_cast<std::int64_t>(found.size());
    Json view{{"page", {{"title", text(context, "list.title")}}},
              {"words", words},
              {"state_field", state_field(context, filter)},
              {"count_words",
               text(context, "list.count", {{"n", count_words(counted, context.language)}})},
              {"has_rows", !rows.empty()},
              {"rows", rows},
              {"empty_words", text(context, filtered ? "list.none_found" : "list.none")},
              {"empty_href", filtered ? "/ho-so" : "/ho-so/moi"},
              {"empty_link", text(context, filtered ? "list.no_filter" : "home.new")},
              {"pagination", pagination(at > 1 ? fmt::format("{}&trang={}", base, at - 1) : "",
                                        has_more ? fmt::format("{}&trang={}", base, at + 1) : "",
                                        text(context, "list.page", {{"n", std::to_string(at)}}))}};
    return page(context, "pages/dossier_list", std::move(view));
}

}  // namespace antin::web
