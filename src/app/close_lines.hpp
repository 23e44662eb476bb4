#pragma once
#include <string>

#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

/// The dossier stops or is withdrawn: every row without a result ends with `reason`, an open
/// supplement request is cancelled, and what was proposed for the dossier is void.
/// Errors: Refused "workflow.results_exist" when a row is being made at the bench already.
Status close_lines(sql::Transaction& tx, Services& services, const store::Dossier& dossier,
                   const std::string& reason);

/// Processing has ended: notes when, and drops proposals that nobody decided.
void end_dossier(sql::Transaction& tx, store::Dossier& dossier, Instant now);

}  // namespace antin::app
