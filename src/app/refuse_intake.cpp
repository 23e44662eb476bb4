#include "app/refuse_intake.hpp"

#include <fmt/format.h>

#include "app/officer_access.hpp"
#include "app/order_paper.hpp"

namespace antin::app {

Result<store::Dossier> refuse_intake(Services& services, const Actor& actor,
                                     const RefuseIntake& input) {
    using enum domain::Role;
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id,
                                    domain::Roles(IntakeOfficer, ProvinceCoordinator),
                                    "dossier.intake_refused"));
    (void)seen;
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Dossier> {
        ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
        const auto from = dossier.state;
        auto facts = facts_of(dossier, std::vector<store::DossierLine>{});
        facts.reason_given = !input.reasons.empty();
        ANTIN_TRY(next, decide_dossier(actor, dossier, facts, domain::DossierAction::RefuseIntake));
        dossier.state = next;
        dossier.decided_at = services.clock.now();
        dossier.end_reason = fmt::format("{}", fmt::join(input.reasons, " "));
        if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
        order_intake_refusal(tx, services, dossier, input.reasons, input.guidance, actor.name);
        record_step(tx, services, actor, dossier, {.act = "intake_refused", .from = from});
        notify_agency(tx, services, dossier.agency_id,
                      {"intake_refused",
                       {{"subject", dossier_subject(dossier)}, {"reasons", dossier.end_reason}},
                       fmt::format("/ho-so/da-gui/{}", dossier.id),
                       dossier.id});
        return dossier;
    });
}

}  // namespace antin::app
