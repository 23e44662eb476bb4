#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct RefuseIntake {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    std::vector<std::string> reasons;  // one sentence each, at least one
    std::string guidance;              // what the agency can do next
};

/// The receptionist does not accept: reasons on paper (Mẫu 03) and by mail.
/// Errors: Invalid "workflow.no_reason"; Conflict "dossier.changed"; Refused "workflow.not_now".
[[nodiscard]] Result<store::Dossier> refuse_intake(Services& services, const Actor& actor,
                                                   const RefuseIntake& input);

}  // namespace antin::app
