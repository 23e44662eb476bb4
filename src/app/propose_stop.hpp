#pragma once
#include <string>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/proposals.hpp"

namespace antin::app {

struct ProposeStop {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    std::string reasons;  // one on each line
};
/// The assigned assessor finds that the conditions are not met: the dossier would stop as a whole.
/// Nothing changes for the agency until another person agrees (decide_proposal).
///
/// Errors: Refused "workflow.results_exist" (refuse the other rows instead), "workflow.no_reason",
///         "workflow.not_assigned_to_you", "proposal.one_is_open"; Conflict "dossier.changed";
///         TooLarge "proposal.too_long".
/// Source: TT 03/2025/TT-VPCP Mẫu 05; status 8 of the national portal.
[[nodiscard]] Result<store::DossierProposal> propose_stop(Services& services, const Actor& actor,
                                                          const ProposeStop& input);

}  // namespace antin::app
