#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct LineDecision {
    std::int64_t number = 0;
    bool agree = true;   // with the proposal; else the row goes back to the examiner
    std::string reason;  // of sending back
};
struct DecideLines {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    std::vector<LineDecision> decisions;
};
struct Decided {
    int approved = 0, refused = 0, sent_back = 0;
    int devices_due_back = 0;  // of the certificates that an approval has revoked
};

/// The approver decides what an examiner proposed, never one's own proposal: the table says so, the
/// database constraint says so, and the order at the CA carries both names. Approved rows go on at
/// once; refused rows get their paper; a dossier whose rows all have results is decided.
///
/// Errors: Refused "workflow.same_person", "workflow.nothing_proposed", "workflow.no_reason" (field
///         "line_7"); Conflict "dossier.changed"; those of ca::approve_order.
[[nodiscard]] Result<Decided> decide_lines(Services& services, const Actor& actor,
                                           const DecideLines& input);

}  // namespace antin::app
