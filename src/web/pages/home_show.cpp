#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/agency_certificates.hpp"
#include "app/dossier_access.hpp"
#include "store/agencies.hpp"
#include "store/handovers.hpp"
#include "store/notices.hpp"
#include "store/supplements.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/dossier_time.hpp"
#include "web/handover_words.hpp"
#include "web/list_page.hpp"
#include "web/officer_pages.hpp"
#include "web/web_router.hpp"
#include "web/whole_codes.hpp"

namespace antin::web {
namespace {

constexpr int running_max = 8;
constexpr int drafts_max = 8;
constexpr int expiring_days = 90;
constexpr int expiring_max = 8;

Json todo(std::string_view tone, std::string_view shape, std::string href, std::string act,
          std::string why, std::string when, bool urgent) {
    return {{"tone", tone},    {"shape", shape},        {"href", std::move(href)},
            {"act", act},      {"why", std::move(why)}, {"when", std::move(when)},
            {"urgent", urgent}};
}

/// What stops a clock stands first, then what waits to be taken, then what is not sent yet.
void add_supplements(PageContext& context, sql::Reader& db, std::int64_t agency, Json& out) {
    using enum domain::DossierState;
    for (const auto& dossier :
         store::agency_dossiers(db, agency, {Submitted, InProgress, AwaitingSupplement}, 50)) {
        const auto request = store::open_supplement(db, dossier.id);
        if (!request) continue;
        out.push_back(todo(
            "attention", "triangle", app::dossier_path(dossier) + "/bo-sung",
            text(context, "home.supplement",
                 {{"code", dossier.code.value_or(dossier_heading(context.language, dossier))}}),
            text(context,
                 dossier.state == AwaitingSupplement ? "home.supplement_stopped"
                                                     : "home.supplement_running",
                 {{"n", std::to_string(request->items.size())}}),
            text(context, "home.answer_by",
                 {{"moment", moment_in_sentence(request->answer_due_at, context.language)}}),
            true));
    }
}

void add_handovers(PageContext& context, sql::Reader& db, std::int64_t agency, Json& out) {
    for (const auto& handover : store::open_handovers(db, agency)) {
        const auto dossier = store::find_dossier(db, handover.dossier_id);
        const auto lines = store::handover_lines(db, handover.id);
        const auto what =
            handover_words(context, static_cast<std::int64_t>(lines.size()), count_accounts(lines));
        out.push_back(todo("act", "token", fmt::format("/ban-giao/{}", handover.id),
                           text(context, "home.handover", {{"what", what}}),
                           text(context, "home.handover_why",
                                {{"code", dossier ? dossier->code.value_or("") : ""}}),
                           text(context, "home.handed_on",
                                {{"date", to_vietnamese(local_date(handover.handed_at))}}),
                           false));
    }
}

void add_drafts(PageContext& context, sql::Reader& db, std::int64_t agency, Json& out) {
    const bool head = context.actor.has(domain::Role::Head, agency);
    for (const auto& draft :
         store::agency_dossiers(db, agency, {domain::DossierState::Draft}, drafts_max)) {
        const std::string what = dossier_heading(context.language, draft);
        const std::string who = first_of(context, db, draft);
        const std::string saved =
            (who.empty() ? "" : who + ". ") +
            text(context, "home.draft_saved",
                 {{"time", moment_in_sentence(draft.saved_at, context.language)}});
        if (head && draft.ready_for_head_at) {
            out.push_back(todo("attention", "pen", draft_base(draft.id) + "/ky",
                               text(context, "home.to_sign", {{"what", what}}), saved,
                               text(context, "home.not_sent"), true));
        } else if (draft.ready_for_head_at) {
            out.push_back(todo("held", "pause", draft_base(draft.id) + "/xem-lai",
                               text(context, "home.with_head", {{"what", what}}), saved,
                               text(context, "home.not_sent"), false));
        } else {
            out.push_back(todo(
                draft.note.empty() ? "neutral" : "attention",
                draft.note.empty() ? "pen" : "arrow-back", draft_base(draft.id) + "/danh-sach",
                text(context, draft.note.empty() ? "home.draft" : "home.draft_back",
                     {{"what", what}}),
                draft.note.empty() ? saved : draft.note, text(context, "home.not_sent"), false));
        }
    }
}

Json notices_of(PageContext& context, sql::Reader& db) {
    Json out = Json::array();
    for (const auto& notice : store::notices_of(db, context.actor.account_id, 5, 0)) {
        out.push_back({{"when", to_vietnamese(local_date(notice.created_at)).substr(0, 5)},
                       {"parts", with_whole_codes(notice.subject)},
                       {"href", notice.link}});
    }
    return out;
}

/// Where somebody starts who neither acts for an agency nor works on dossiers: the first page of
/// their navigation.
std::string own_start(const PageContext& context) {
    for (const auto& item : context.router.navigation()) {
        if (item.strangers || item.href == "/viec" || item.roles.empty()) continue;
        const bool mine = std::ranges::any_of(context.actor.grants, [&](const app::Grant& grant) {
            return item.roles.has(grant.role);
        });
        if (mine) return item.href;
    }
    return {};
}

Json expiring_of(PageContext& context, sql::Reader& db, std::int64_t agency) {
    const Instant now = context.services.clock.now();
    Json out = Json::array();
    for (const auto& one :
         app::expiring_certificates(db, agency, now, expiring_days, expiring_max)) {
        const Instant end = one.certificate.not_after;
        const auto left = std::chrono::floor<std::chrono::days>(end - now).count();
        out.push_back({{"name", one.name},
                       {"second", one.position.empty() ? one.certificate.email : one.position},
                       {"left", text(context, "home.days_left", {{"n", std::to_string(left)}})},
                       {"until", to_vietnamese(local_date(end))}});
    }
    return out;
}

bool is_officer(const app::Actor& actor) {
    using enum domain::Role;
    return actor.has(IntakeOfficer) || actor.has(Assessor) || actor.has(Approver);
}

}  // namespace

std::int64_t own_agency(const PageContext& context) {
    for (const auto& grant : context.actor.grants) {
        if (app::acts_for_agency(context.actor, grant.agency_id)) return grant.agency_id;
    }
    return 0;
}

http::Response home_show(PageContext& context) {
    const std::int64_t agency = own_agency(context);
    if (agency == 0 && is_officer(context.actor)) return my_work(context);
    if (agency == 0) {
        const std::string start = own_start(context);
        if (!start.empty()) return http::see_other(start);
    }
    const Instant now = context.services.clock.now();
    Json waiting = Json::array();
    Json view;
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        using enum domain::DossierState;
        add_supplements(context, db, agency, waiting);
        add_handovers(context, db, agency, waiting);
        add_drafts(context, db, agency, waiting);
        view["running"] = dossier_rows(
            context, db,
            store::agency_dossiers(
                db, agency,
                {Submitted, Accepted, InProgress, AwaitingSupplement, WithdrawalRequested, Decided},
                running_max));
        const auto all = store::count_agency_dossiers(db, agency, {});
        view["all_words"] = text(context, "home.all", {{"n", count_words(all, context.language)}});
        const auto latest = store::agency_dossiers(db, agency, {}, 1);
        view["latest"] = false;
        if (!latest.empty())
            view["latest"] = {{"href", app::dossier_path(latest.front())},
                              {"what", dossier_heading(context.language, latest.front())}};
        view["notices"] = notices_of(context, db);
        view["expiring"] = expiring_of(context, db, agency);
        return {};
    });
    if (!read) return problem(context, read.error());
    view["has_expiring"] = !view["expiring"].empty();
    view["has_notices"] = !view["notices"].empty();
    view["has_running"] = !view["running"].empty();
    view["has_todo"] = !waiting.empty();
    const std::string count = std::to_string(waiting.size());
    const std::string heading = waiting.empty() ? text(context, "work.title")
                                                : text(context, "home.waiting", {{"n", count}});
    view["heading"] = heading;
    view["todo"] = std::move(waiting);
    view["now"] = moment_words(now, context.language);
    view["page"] = {{"title", heading}};
    return page(context, "pages/home_show", std::move(view));
}

}  // namespace antin::web
