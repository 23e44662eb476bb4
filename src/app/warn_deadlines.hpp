#pragma once
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

/// For the jobs runner, every minute: one working day before a limit, and when three quarters of
/// the time are used, the assessor and the approvers of the body are told, once each for one
/// promise; the intake too while nobody has taken the dossier. With the first of them the apology
/// is drafted. What is late already needs no warning: it stands in the list of the late ones.
/// Answers how many dossiers were warned of.
[[nodiscard]] Result<int> warn_deadlines(Services& services);

}  // namespace antin::app
