#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"
#include "store/proposals.hpp"

namespace antin::app {

struct ProposePostponement {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    int working_days = 1;  // after the due day; days of the clock for a revocation
    std::string reason;
};
/// The assigned assessor sees that the promise cannot be kept and says so before it is broken:
/// an apology with a new due time. It counts once another person agrees (decide_proposal), which
/// must happen before the due time too.
///
/// Errors: Refused "workflow.too_late", "workflow.no_reason", "workflow.not_assigned_to_you",
///         "postponement.used_up" {{times}}, "proposal.one_is_open", "postponement.clock_stands";
///         Invalid "postponement.days" {{most}}; Conflict "dossier.changed".
/// Source: TT 03/2025/TT-VPCP Mẫu 04; how often and how far are rules (RECALLED).
[[nodiscard]] Result<store::DossierProposal> propose_postponement(Services& services,
                                                                  const Actor& actor,
                                                                  const ProposePostponement& input);

/// A choice of the page: so many days later, and the moment that this is.
struct LaterDue {
    int days = 0;
    Instant at;
};
[[nodiscard]] Result<std::vector<LaterDue>> later_dues(sql::Reader& db,
                                                       const store::Dossier& dossier);

/// The clock prepares the apology one working day before the limit: a draft that the assessor
/// reads, mends and sends to the approver. Nothing when one waits already, when the dossier is not
/// in progress, or when no further postponement is allowed. Answers whether it made one.
[[nodiscard]] Result<bool> draft_postponement(sql::Transaction& tx, Services& services,
                                              const Actor& system, const store::Dossier& dossier);

}  // namespace antin::app
