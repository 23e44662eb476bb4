#include "app/propose_postponement.hpp"

#include <fmt/format.h>

#include "app/dossier_clock.hpp"
#include "app/officer_access.hpp"
#include "app/proposals.hpp"
#include "html/template.hpp"
#include "store/calendar.hpp"
#include "store/rules.hpp"

namespace antin::app {
namespace {

/// Postponements that were decided; the limit of how many there may be is a rule.
Status one_more_allowed(sql::Reader& db, const store::Dossier& dossier) {
    const auto most = store::rule_integer(db, "postponement.max_times", dossier.rules_date);
    if (store::count_agreed(db, dossier.id, "postponement") < most) return {};
    return fail(ErrorKind::Refused, "postponement.used_up", {}, {{"times", std::to_string(most)}});
}

Result<Instant> due_after(sql::Reader& db, const store::Dossier& dossier, int days) {
    const auto most =
        static_cast<int>(store::rule_integer(db, "postponement.max_wd", dossier.rules_date));
    if (days < 1 || days > most) {
        return fail(ErrorKind::Invalid, "postponement.days", {}, {{"most", std::to_string(most)}},
                    "days");
    }
    const auto calendar = store::load_calendar(db, local_date(*dossier.due_at));
    ANTIN_TRY(due, domain::later_due(clock_of(dossier), days, calendar));
    return due.at;
}

Result<store::DossierProposal> propose(sql::Transaction& tx, Services& services, const Actor& actor,
                                       const ProposePostponement& input) {
    const Instant now = services.clock.now();
    ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
    ANTIN_CHECK(is_assigned_to(actor, dossier));
    if (!dossier.due_at) return fail(ErrorKind::Refused, "postponement.clock_stands");
    ANTIN_TRY(reasons, reasons_of(input.reason));
    auto facts = facts_of(dossier, store::dossier_lines(tx, dossier.id));
    facts.reason_given = !reasons.empty();
    facts.before_due = now < *dossier.due_at;
    ANTIN_TRY(same,
              decide_dossier(actor, dossier, facts, domain::DossierAction::ProposePostponement));
    (void)same;  // proposing changes no state
    ANTIN_CHECK(one_more_allowed(tx, dossier));
    ANTIN_TRY(new_due, due_after(tx, dossier, input.working_days));
    store::DossierProposal proposal;
    proposal.dossier_id = dossier.id;
    proposal.kind = "postponement";
    proposal.reason = reasons;
    proposal.promised_at = dossier.due_at;
    proposal.new_due_at = new_due;
    proposal.proposed_by = actor.account_id;
    proposal.proposed_at = now;
    return put_proposal(tx, services, actor, dossier, std::move(proposal));
}

/// What the record itself says; why it took so long only the assessor knows.
std::string drafted_reason(sql::Reader& db, const store::Dossier& dossier) {
    const auto facts = facts_of(dossier, store::dossier_lines(db, dossier.id));
    return html::text(html::Language::Vietnamese, "postponement.drafted_reason",
                      {{"open", std::to_string(facts.lines_without_result)},
                       {"all", std::to_string(facts.lines)}});
}

}  // namespace

Result<store::DossierProposal> propose_postponement(Services& services, const Actor& actor,
                                                    const ProposePostponement& input) {
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id,
                                    domain::Roles(domain::Role::Assessor),
                                    "dossier.postponement_proposed"));
    (void)seen;
    return services.db.transact(
        [&](sql::Transaction& tx) { return propose(tx, services, actor, input); });
}

Result<std::vector<LaterDue>> later_dues(sql::Reader& db, const store::Dossier& dossier) {
    std::vector<LaterDue> out;
    if (!dossier.due_at) return out;
    const auto most =
        static_cast<int>(store::rule_integer(db, "postponement.max_wd", dossier.rules_date));
    for (int days = 1; days <= most; ++days) {
        ANTIN_TRY(at, due_after(db, dossier, days));
        out.push_back({days, at});
    }
    return out;
}

Result<bool> draft_postponement(sql::Transaction& tx, Services& services, const Actor& system,
                                const store::Dossier& dossier) {
    if (dossier.state != domain::DossierState::InProgress || !dossier.due_at) return false;
    if (!one_more_allowed(tx, dossier)) return false;
    for (const auto& waiting : store::waiting_proposals(tx, dossier.id)) {
        if (waiting.kind == "postponement") return false;
    }
    ANTIN_TRY(new_due, due_after(tx, dossier, 1));
    store::DossierProposal draft;
    draft.dossier_id = dossier.id;
    draft.kind = "postponement";
    draft.state = "draft";
    draft.reason = drafted_reason(tx, dossier);
    draft.promised_at = dossier.due_at;
    draft.new_due_at = new_due;
    draft.proposed_at = services.clock.now();
    store::add_proposal(tx, draft);
    record_step(tx, services, system, dossier,
                {.act = "postponement_drafted", .from = dossier.state, .is_internal = true});
    return true;
}

}  // namespace antin::app
