#include "app/propose_stop.hpp"

#include "app/officer_access.hpp"
#include "app/proposals.hpp"

namespace antin::app {
namespace {

Result<store::DossierProposal> propose(sql::Transaction& tx, Services& services, const Actor& actor,
                                       const ProposeStop& input) {
    ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
    ANTIN_CHECK(is_assigned_to(actor, dossier));
    ANTIN_TRY(reasons, reasons_of(input.reasons));
    auto facts = facts_of(dossier, store::dossier_lines(tx, dossier.id));
    facts.reason_given = !reasons.empty();
    ANTIN_TRY(same, decide_dossier(actor, dossier, facts, domain::DossierAction::ProposeStop));
    (void)same;  // proposing changes no state
    store::DossierProposal proposal;
    proposal.dossier_id = dossier.id;
    proposal.kind = "stop";
    proposal.reason = reasons;
    proposal.proposed_by = actor.account_id;
    proposal.proposed_at = services.clock.now();
    return put_proposal(tx, services, actor, dossier, std::move(proposal));
}

}  // namespace

Result<store::DossierProposal> propose_stop(Services& services, const Actor& actor,
                                            const ProposeStop& input) {
    ANTIN_TRY(seen,
              officer_dossier(services, actor, input.dossier_id,
                              domain::Roles(domain::Role::Assessor), "dossier.stop_proposed"));
    (void)seen;
    return services.db.transact(
        [&](sql::Transaction& tx) { return propose(tx, services, actor, input); });
}

}  // namespace antin::app
