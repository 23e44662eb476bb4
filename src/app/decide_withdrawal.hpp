#pragma once
#include <string>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct DecideWithdrawal {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    bool agree = true;
    std::string reason;  // of declining
};

/// The agency asked to withdraw. Agreeing stops the dossier ("Đã rút") and ends its open rows;
/// declining leads back to where it was, and the clock goes on with the minutes it had.
/// Errors: Refused "workflow.results_exist" when a row has a result; "workflow.no_reason";
///         Conflict "dossier.changed".
[[nodiscard]] Result<store::Dossier> decide_withdrawal(Services& services, const Actor& actor,
                                                       const DecideWithdrawal& input);

}  // namespace antin::app
