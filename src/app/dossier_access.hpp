#pragma once
#include <cstdint>
#include <string_view>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

/// May this person prepare dossiers of that agency? Clerks and heads may.
[[nodiscard]] bool acts_for_agency(const Actor& actor, std::int64_t agency_id);

/// A dossier of one of the actor's agencies. What is not theirs reads like what does not exist
/// (NotFound "dossier.not_found") and stands on the audit trail. Call it outside of a transaction.
[[nodiscard]] Result<store::Dossier> agency_dossier(Services& services, const Actor& actor,
                                                    std::int64_t id);
[[nodiscard]] Result<store::Dossier> agency_dossier_by_code(Services& services, const Actor& actor,
                                                            std::string_view code);
/// The same, still a draft: else Refused "workflow.not_now".
[[nodiscard]] Result<store::Dossier> agency_draft(Services& services, const Actor& actor,
                                                  std::int64_t id);

/// Read again inside the transaction that changes it: gone or sent meanwhile is Conflict
/// "draft.sent_meanwhile".
[[nodiscard]] Result<store::Dossier> draft_again(sql::Transaction& tx, std::int64_t id);

/// "cấp mới chứng thư cho 12 người" needs the number of rows; this is the agency's own link to it.
[[nodiscard]] std::string dossier_path(const store::Dossier& dossier);

}  // namespace antin::app
