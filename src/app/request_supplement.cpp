#include "app/request_supplement.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/advance_dossier.hpp"
#include "app/dossier_clock.hpp"
#include "app/officer_access.hpp"
#include "app/order_paper.hpp"
#include "base/text.hpp"
#include "html/template.hpp"
#include "store/calendar.hpp"
#include "store/rules.hpp"

namespace antin::app {
namespace {

using enum domain::Role;

Status may_ask(sql::Reader& db, const Actor& actor, const store::Dossier& dossier) {
    if (store::open_supplement(db, dossier.id)) {
        return fail(ErrorKind::Refused, "supplement.one_is_open");
    }
    const bool after_acceptance = dossier.state == domain::DossierState::InProgress;
    if (after_acceptance && dossier.assessor_id != actor.account_id) {
        return fail(domain::to_error(domain::Objection::NotAssignedToYou));
    }
    return {};
}

/// Rows named in the request wait for the agency; with a point for the whole dossier, all open
/// ones.
Status send_lines_back(sql::Transaction& tx, const Actor& actor, const store::Dossier& dossier,
                       const RequestSupplement& input, std::vector<store::DossierLine>& lines) {
    const bool whole = std::ranges::any_of(
        input.items, [](const store::SupplementItem& item) { return item.line == 0; });
    for (store::DossierLine& line : lines) {
        const bool named = std::ranges::any_of(input.items, [&](const store::SupplementItem& item) {
            return item.line == line.number;
        });
        if (!named && !(whole && line.state == domain::LineState::Requested)) continue;
        auto facts = facts_of_line(dossier, line);
        facts.reason_given = true;
        auto next = decide_line(actor, dossier, facts, domain::LineAction::AskCorrection);
        if (!next) {
            next.error().field = fmt::format("line_{}", line.number);
            return fail(next.error());
        }
        line.state = *next;
        line.proposal = domain::Proposal::Supplement;
        if (!store::save_line(tx, line)) return dossier_changed(tx, dossier.id);
    }
    return {};
}

std::vector<std::string> sentences(const RequestSupplement& input) {
    std::vector<std::string> out;
    for (const auto& item : input.items) out.push_back(item.sentence);
    return out;
}

/// Every row without a result waits: so does the dossier, and its clock stops.
Status wait_if_all_wait(sql::Transaction& tx, Services& services, store::Dossier& dossier,
                        const std::vector<store::DossierLine>& lines, bool whole) {
    auto facts = facts_of(dossier, lines);
    facts.whole_dossier_waits = whole;
    const auto decision =
        domain::decide(facts, domain::DossierAction::WaitForAgency, domain::Role::System);
    const auto* next = std::get_if<domain::Transition<domain::DossierState>>(&decision);
    if (next == nullptr) return {};
    dossier.state = next->to;
    return stop_clock(tx, dossier, services.clock.now());
}

Result<store::Dossier> ask(sql::Transaction& tx, Services& services, const Actor& actor,
                           const RequestSupplement& input) {
    const Instant now = services.clock.now();
    ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
    ANTIN_CHECK(may_ask(tx, actor, dossier));
    const auto from = dossier.state;
    auto lines = store::dossier_lines(tx, dossier.id);
    auto facts = facts_of(dossier, lines);
    facts.points = static_cast<int>(input.items.size());
    ANTIN_TRY(next, decide_dossier(actor, dossier, facts, domain::DossierAction::AskSupplement));
    ANTIN_CHECK(send_lines_back(tx, actor, dossier, input, lines));
    dossier.state = next;
    ++dossier.supplement_count;
    const bool whole = std::ranges::any_of(input.items, [](const auto& i) { return i.line == 0; });
    ANTIN_CHECK(wait_if_all_wait(tx, services, dossier, lines, whole));
    ANTIN_TRY(due, answer_due(tx, now, input.answer_working_days));
    store::SupplementRequest request;
    request.dossier_id = dossier.id;
    request.number = dossier.supplement_count;
    request.state = "open";
    request.items = input.items;
    request.asked_by = actor.account_id;
    request.asked_at = now;
    request.answer_due_at = due;
    request.before_acceptance = !dossier.accepted_at;
    (void)store::add_supplement(tx, request);
    if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
    order_supplement(tx, services, dossier, {sentences(input), input.reason, due}, actor.name);
    record_step(
        tx, services, actor, dossier,
        {.act = "supplement_asked",
         .from = from,
         .data = fmt::format(R"({{"number":{},"points":{}}})", request.number, input.items.size()),
         .is_public = true});
    notify_agency(tx, services, dossier.agency_id,
                  {"supplement_asked",
                   {{"code", name_of(dossier)},
                    {"count", std::to_string(input.items.size())},
                    {"due", to_vietnamese(due)},
                    {"items", fmt::format("{}", fmt::join(sentences(input), "\n"))}},
                   dossier.code ? "/ho-so/" + *dossier.code + "/bo-sung"
                                : fmt::format("/ho-so/da-gui/{}/bo-sung", dossier.id),
                   dossier.id});
    return dossier;
}

/// The agency did not answer: its rows are refused, and the dossier ends or goes on without them.
Status expire(sql::Transaction& tx, Services& services, const Actor& actor,
              const store::SupplementRequest& request) {
    const Instant now = services.clock.now();
    if (!store::close_supplement(tx, request.id, "expired", std::nullopt, now, "")) return {};
    auto dossier = store::find_dossier(tx, request.dossier_id);
    if (!dossier) return {};
    auto lines = store::dossier_lines(tx, dossier->id);
    const auto with_result = facts_of(*dossier, lines).lines_with_result;
    for (store::DossierLine& line : lines) {
        const auto decision = domain::decide(facts_of_line(*dossier, line),
                                             domain::LineAction::ExpireCorrection, System);
        const auto* next = std::get_if<domain::Transition<domain::LineState>>(&decision);
        if (next == nullptr) continue;
        line.state = next->to;
        line.decision = "refused";
        line.decision_reason =
            html::text(html::Language::Vietnamese, "line.reason.supplement_expired");
        line.decided_at = now;
        if (!store::save_line(tx, line)) return dossier_changed(tx, dossier->id);
    }
    const auto from = dossier->state;
    auto facts = facts_of(*dossier, lines);
    facts.lines_with_result = with_result;
    const auto decision =
        domain::decide(facts, domain::DossierAction::ExpireSupplement, domain::Role::System);
    if (const auto* next = std::get_if<domain::Transition<domain::DossierState>>(&decision)) {
        dossier->state = next->to;
        dossier->decided_at = now;
        dossier->end_reason = "supplement_expired";
    }
    if (!store::save_dossier(tx, *dossier)) return dossier_changed(tx, dossier->id);
    record_step(tx, services, actor, *dossier,
                {.act = "supplement_expired", .from = from, .is_public = true});
    notify_agency(
        tx, services, dossier->agency_id,
        {"supplement_expired",
         {{"code", name_of(*dossier)}},
         dossier->code ? "/ho-so/" + *dossier->code : fmt::format("/ho-so/da-gui/{}", dossier->id),
         dossier->id});
    return advance_dossier(tx, services, actor, dossier->id);
}

}  // namespace

Result<Instant> answer_due(sql::Reader& db, Instant now, int working_days) {
    const Date today = local_date(now);
    if (working_days <= 0) {
        working_days =
            static_cast<int>(store::rule_integer(db, "supplement.answer_wd", to_iso(today)));
    }
    ANTIN_TRY(due, domain::due_after_days(now, working_days, store::load_calendar(db, today)));
    return due.at;
}

Result<store::Dossier> request_supplement(Services& services, const Actor& actor,
                                          const RequestSupplement& input) {
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id,
                                    domain::Roles(IntakeOfficer, ProvinceCoordinator, Assessor),
                                    "dossier.supplement_asked"));
    (void)seen;
    return services.db.transact(
        [&](sql::Transaction& tx) { return ask(tx, services, actor, input); });
}

Result<int> expire_supplements(Services& services) {
    const Actor actor = Actor::system("Ấn Tín");
    return services.db.transact([&](sql::Transaction& tx) -> Result<int> {
        const auto overdue = store::overdue_supplements(tx, services.clock.now(), 50);
        for (const auto& request : overdue) ANTIN_CHECK(expire(tx, services, actor, request));
        return static_cast<int>(overdue.size());
    });
}

}  // namespace antin::app
