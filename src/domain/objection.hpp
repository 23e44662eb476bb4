#pragma once
#include "base/result.hpp"
#include "domain/vocabulary.hpp"

namespace antin::domain {

/// Why a rule of the trade says no. Shown to the person by the text "error.workflow.<name>".
enum class Objection {
    NotNow,               // this act is not possible in this state
    NotYourRole,          // possible now, but for another role
    NotSignedByHead,      // neither signature nor stamped scan of the form is there
    NoLines,              // a dossier has 1 to 1,000 rows
    DefectsRemain,        // rows still break a rule
    NoReason,             // the act needs a reason in writing
    LinesStillOpen,       // rows without a result
    NothingProposed,      // an approver decides only what an assessor proposed
    SamePerson,           // who proposed may not decide
    NothingToCorrect,     // a supplement request names at least one defect
    NotAnswered,          // not every point of the request is answered
    ResultsExist,         // rows have results already: refuse the others instead
    TooLate,              // an apology goes out before the due time
    NotThisProcedure,     // the act belongs to another kind of request
    NoProofOfPossession,  // the key is not shown to be on the device
    NotAssignedToYou,     // another officer works on it
    NotHandedOver,        // results have not left yet
};
template <>
struct Names<Objection> {
    static constexpr std::array<std::string_view, 17> values{
        "not_now",        "not_your_role",      "not_signed_by_head",     "no_lines",
        "defects_remain", "no_reason",          "lines_still_open",       "nothing_proposed",
        "same_person",    "nothing_to_correct", "not_answered",           "results_exist",
        "too_late",       "not_this_procedure", "no_proof_of_possession", "not_assigned_to_you",
        "not_handed_over"};
};

/// NotYourRole becomes Forbidden, everything else Refused; code "workflow.<name>".
[[nodiscard]] Error to_error(Objection objection);

}  // namespace antin::domain
