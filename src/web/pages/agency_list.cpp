#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "app/edit_agency.hpp"
#include "app/invite_agency.hpp"
#include "web/components.hpp"
#include "web/list_page.hpp"
#include "web/pages/agency_pages.hpp"

namespace antin::web {
namespace {

constexpr int page_rows = 50;
constexpr std::int64_t invited_at_once_max = 2000;

/// The filters of the list that can be chosen, in the order of the page.
struct StateFilter {
    std::string_view query, state;  // state "": all of them
    std::string_view text_key;
    bool when_empty = true;
};
constexpr std::array filters{
    StateFilter{"", "", "agencies.all"},
    StateFilter{"chua-moi", "none", "agencies.not_invited"},
    StateFilter{"da-moi", "invited", "agencies.invited"},
    StateFilter{"da-duyet", "approved", "agencies.approved"},
    StateFilter{"tam-dung", "suspended", "agency_state.suspended", false},
    StateFilter{"da-dong", "closed", "agency_state.closed", false},
};

Json row_view(const PageContext& context, const store::AgencyRow& row) {
    const auto& agency = row.agency;
    const auto state = domain::parse<domain::AgencyState>(agency.state);
    return {
        {"id", agency.id},
        {"name", agency.name},
        {"code", agency.code},
        {"provisional", agency.code_provisional},
        {"email", agency.email},
        {"can_invite", !agency.email.empty() && agency.state == "none"},
        {"tag", agency_tag(state.value_or(domain::AgencyState::None), context.language)},
        {"accounts", row.accounts},
        {"dossiers", count_words(row.dossiers, context.language)},
        {"invited", row.invited_at ? to_vietnamese(local_date(*row.invited_at)) : ""},
        {"first", row.first_dossier_at ? to_vietnamese(local_date(*row.first_dossier_at)) : ""}};
}

std::string list_href(const http::Fields& query, std::int64_t number) {
    return fmt::format("/co-quan?tim={}&trang-thai={}&trang={}", http::url_encode(query.get("tim")),
                       http::url_encode(query.get("trang-thai")), number);
}

Json filter_views(const PageContext& context, const http::Fields& query,
                  const std::map<std::string, std::int64_t>& by_state) {
    std::int64_t all = 0;
    for (const auto& [state, count] : by_state) all += count;
    Json out = Json::array();
    for (const auto& one : filters) {
        const auto found = by_state.find(std::string{one.state});
        const auto count = one.state.empty() ? all : found == by_state.end() ? 0 : found->second;
        if (count == 0 && !one.when_empty) continue;
        out.push_back({{"href", fmt::format("/co-quan?tim={}&trang-thai={}",
                                            http::url_encode(query.get("tim")), one.query)},
                       {"text", text(context, one.text_key)},
                       {"count", std::to_string(count)},
                       {"current", one.query == query.get("trang-thai")}});
    }
    return out;
}

}  // namespace

http::Response agency_list(PageContext& context) {
    const auto query = context.request.query();
    store::AgencyFilter filter;
    filter.words = query.get("tim");
    for (const auto& one : filters) {
        if (one.query == query.get("trang-thai") && !one.state.empty()) {
            filter.state = std::string{one.state};
        }
    }
    const ListPage at{query, page_rows, context.language};
    filter.limit = at.rows();
    filter.offset = at.offset();
    const auto found = app::list_own_agencies(context.services, context.actor, filter);
    if (!found) return problem(context, found.error());

    Json view{{"page", {{"title", text(context, "agencies.title")}, {"wide", true}}},
              {"words", query.get("tim")},
              {"total", at.count_words(found->total)},
              {"rows", Json::array()},
              {"filters", filter_views(context, query, found->counts.by_state)}};
    bool choosable = false;
    for (const auto& row : found->rows) {
        view["rows"].push_back(row_view(context, row));
        choosable = choosable || view["rows"].back()["can_invite"].get<bool>();
    }
    view["choosable"] = choosable;
    view["can_invite_all"] = found->counts.to_invite > 0;
    view["to_invite"] = std::to_string(found->counts.to_invite);
    const auto fresh = found->counts.by_state.find("none");
    view["no_emails"] = found->counts.to_invite == 0 && filter.words.empty() &&
                        fresh != found->counts.by_state.end();
    const auto open = app::open_invitations(context.services, context.actor);
    if (!open) return problem(context, open.error());
    view["has_open"] = !open->empty();
    view["open_count"] = std::to_string(open->size());
    view["state"] = query.get("trang-thai");
    view["empty"] = found->rows.empty();
    view["pagination"] = at.pagination(found->total, "agencies.page",
                                       [&](int number) { return list_href(query, number); });
    return page(context, "pages/agency_list", std::move(view));
}

http::Response agency_invite_many(PageContext& context) {
    std::vector<app::InviteAgency> inputs;
    const bool all = context.form().get("ai") == "tat-ca";
    store::AgencyFilter filter;
    filter.state = "none";
    filter.limit = invited_at_once_max;
    const auto found = app::list_own_agencies(context.services, context.actor, filter);
    if (!found) return problem(context, found.error());
    const auto chosen = context.form().all("chon");
    for (const auto& row : found->rows) {
        const bool wanted =
            all || std::ranges::find(chosen, std::to_string(row.agency.id)) != chosen.end();
        if (wanted && !row.agency.email.empty()) {
            inputs.push_back({row.agency.id, row.agency.email, "", "focal_point"});
        }
    }
    if (inputs.empty()) {
        return redirect(context, "/co-quan", text(context, "agencies.nobody_to_invite"),
                        "attention");
    }
    const auto outcomes = app::invite_agencies(context.services, context.actor, inputs);
    if (!outcomes) return problem(context, outcomes.error());
    Json view{{"page", {{"title", text(context, "agencies.invited_title")}}},
              {"done", Json::array()},
              {"wrong", Json::array()}};
    std::string ids;
    for (const auto& outcome : *outcomes) {
        if (outcome.done) {
            view["done"].push_back(
                {{"name", outcome.done->agency_name}, {"email", outcome.input.email}});
            ids += fmt::format("{}{}", ids.empty() ? "" : ",", outcome.done->invitation_id);
        } else {
            view["wrong"].push_back({{"email", outcome.input.email},
                                     {"id", outcome.input.agency_id},
                                     {"sentence", sentence_of(context.language, *outcome.error)}});
        }
    }
    view["done_count"] = view["done"].size();
    view["wrong_count"] = view["wrong"].size();
    view["has_wrong"] = !view["wrong"].empty();
    view["has_done"] = !view["done"].empty();
    view["letters_href"] = "/co-quan/thu-moi?so=" + ids;
    return page(context, "pages/agency_invited", std::move(view));
}

http::Response invitation_letters(PageContext& context) {
    std::vector<std::int64_t> ids;
    if (context.request.query().get("ai") == "dang-mo") {
        auto open = app::open_invitations(context.services, context.actor);
        if (!open) return problem(context, open.error());
        ids = std::move(*open);
        if (ids.empty()) {
            return redirect(context, "/co-quan", text(context, "agencies.no_open_invitation"),
                            "attention");
        }
    }
    const auto typed = context.request.query().get("so");
    std::string_view rest = typed;
    while (!rest.empty()) {
        std::int64_t id = 0;
        const auto read = std::from_chars(rest.data(), rest.data() + rest.size(), id);
        if (read.ec != std::errc{}) break;
        ids.push_back(id);
        rest.remove_prefix(static_cast<std::size_t>(read.ptr - rest.data()));
        if (!rest.empty()) rest.remove_prefix(1);
    }
    const auto pdf = app::print_invitation_letters(context.services, context.actor, ids);
    if (!pdf) return problem(context, pdf.error());
    auto response = http::bytes_body("application/pdf", std::string{as_text(*pdf)});
    response.set("Cache-Control", "no-store");
    http::as_attachment(response, "thu-moi.pdf");
    return response;
}

}  // namespace antin::web
