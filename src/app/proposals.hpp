#pragma once
// What proposing a stop and proposing a postponement share.
#include <string>
#include <string_view>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"
#include "store/proposals.hpp"

namespace antin::app {

/// Refused "workflow.not_assigned_to_you" for anybody but the assigned assessor.
[[nodiscard]] Status is_assigned_to(const Actor& actor, const store::Dossier& dossier);

/// What was typed, one reason on each line, empty lines gone. TooLarge "proposal.too_long".
[[nodiscard]] Result<std::string> reasons_of(std::string_view typed);
[[nodiscard]] std::vector<std::string> lines_of(const std::string& reasons);

/// Stores it as open (a draft of the same kind becomes it), raises the dossier's version, writes
/// the step "<kind>_proposed" and tells the approvers. Refused "proposal.one_is_open".
[[nodiscard]] Result<store::DossierProposal> put_proposal(sql::Transaction& tx, Services& services,
                                                          const Actor& actor,
                                                          store::Dossier& dossier,
                                                          store::DossierProposal proposal);

}  // namespace antin::app
