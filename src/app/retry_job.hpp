#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/outbox.hpp"

namespace antin::app {

inline constexpr std::int64_t given_up_shown_max = 200;

/// What the background gave up and why, newest first. System administrator and auditor.
/// Errors: Forbidden "access.role".
[[nodiscard]] Result<std::vector<store::GivenUp>> read_given_up(Services& services,
                                                                const Actor& actor);

/// One of them is tried again from the start, now; id 0: all that are shown. Answers how many.
/// Errors: Forbidden "access.role"; Conflict "job.not_given_up" when it runs or is done already.
[[nodiscard]] Result<int> retry_job(Services& services, const Actor& actor, std::int64_t id);

}  // namespace antin::app
