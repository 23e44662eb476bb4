#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/vocabulary.hpp"

namespace antin::app {

/// An invented person with a one-time password.
struct DemoAccount {
    std::string email, full_name, one_time_password;
};
/// Everybody whom the main job needs, with fresh identifiers at each call.
struct DemoCast {
    std::int64_t agency_id = 0;
    std::string agency_name, agency_code;
    DemoAccount clerk, head;                               // of the invented agency
    DemoAccount intake, assessor, approver, registration;  // of the provider
};

/// Makes the cast, marked as demo and so left out of figures. Only the command line calls it
/// (Actor::system): whoever may run it owns the data folder. Dossiers that are not a demo's forbid
/// it unless `allow_real`: Refused "demo.real_dossiers". Conflict-free at every repeat.
[[nodiscard]] Result<DemoCast> make_demo_cast(Services& services, bool allow_real);

/// Ends the roles of a cast, so that nothing of it can sign in later.
Status end_demo_cast(Services& services, const DemoCast& cast);

}  // namespace antin::app
