#pragma once
#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct AssignDossier {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    std::int64_t assessor_id = 0;  // an active examiner of the receiving body; oneself: "take"
};

/// Gives the dossier to an examiner, or takes it. Of two who take at once one wins; the other hears
/// who and when (Conflict "dossier.changed"). An examiner takes only what nobody works on.
/// Errors: Invalid "assign.not_an_assessor"; Refused "workflow.not_assigned_to_you".
[[nodiscard]] Result<store::Dossier> assign_dossier(Services& services, const Actor& actor,
                                                    const AssignDossier& input);

/// The assigned examiner still works for the body.
[[nodiscard]] bool has_assessor(sql::Reader& db, const store::Dossier& dossier);

}  // namespace antin::app
