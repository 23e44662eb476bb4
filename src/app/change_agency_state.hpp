#pragma once
#include <cstdint>
#include <string>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/agency_workflow.hpp"

namespace antin::app {

struct ChangeAgencyState {
    std::int64_t agency_id = 0, version = 0;
    domain::AgencyAction action = domain::AgencyAction::Suspend;  // Suspend, Resume or Close
    std::string reason;  // required but for Resume; people of the agency read it
};

/// Suspends, resumes or closes an agency's account, by the table of domain/agency_workflow. Roles
/// at a suspended or closed agency are not in force from that moment (store::grants_of).
/// The coordinator of its province only. Errors: NotFound; Conflict "agency.changed"; those of the
/// table ("workflow.no_reason", "workflow.lines_still_open", …).
Status change_agency_state(Services& services, const Actor& actor, const ChangeAgencyState& input);

}  // namespace antin::app
