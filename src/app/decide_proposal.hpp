#pragma once
#include <string>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct DecideProposal {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    std::int64_t proposal_id = 0;
    bool agree = true;
    std::string reason;  // of declining
};
/// An approver decides what an assessor proposed for the whole dossier, never one's own proposal.
/// Agreed: the dossier stops (Mẫu 05), or its due time moves (Mẫu 04); the numbered paper, history,
/// journal and notices are written in the same transaction. Declined: the assessor is told why.
///
/// Errors: Refused "workflow.same_person", "workflow.too_late", "workflow.results_exist",
///         "workflow.no_reason", "proposal.outdated"; NotFound "proposal.not_found"; Conflict
///         "dossier.changed".
[[nodiscard]] Result<store::Dossier> decide_proposal(Services& services, const Actor& actor,
                                                     const DecideProposal& input);

struct TakeBackProposal {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    std::int64_t proposal_id = 0;
};
/// The assessor takes a proposal back, or throws a draft away, while nobody has decided.
[[nodiscard]] Result<store::Dossier> take_back_proposal(Services& services, const Actor& actor,
                                                        const TakeBackProposal& input);

/// The paper as it would go out, without number and marked as a draft, for officers of the body.
[[nodiscard]] Result<Bytes> draw_proposed_paper(Services& services, const Actor& actor,
                                                std::int64_t dossier_id, std::int64_t proposal_id);

}  // namespace antin::app
