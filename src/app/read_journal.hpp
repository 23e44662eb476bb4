#pragma once
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "audit/journal.hpp"
#include "base/result.hpp"

namespace antin::app {

/// The audit trail for the auditor, newest first. Errors: Forbidden "access.role".
[[nodiscard]] Result<std::vector<audit::Kept>> read_journal(Services& services, const Actor& actor,
                                                            const audit::Filter& filter);

}  // namespace antin::app
