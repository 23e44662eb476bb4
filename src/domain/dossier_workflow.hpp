#pragma once
#include "domain/workflow.hpp"

namespace antin::domain {

enum class DossierAction {
    Submit,
    RecordPaper,
    Accept,
    RefuseIntake,
    Assign,
    AskSupplement,
    WaitForAgency,
    AnswerSupplement,
    ExpireSupplement,
    Complete,
    ProposeStop,
    Stop,
    RequestWithdrawal,
    AgreeWithdrawal,
    DeclineWithdrawal,
    ProposePostponement,
    Postpone,
    Return,
};
template <>
struct Names<DossierAction> {
    static constexpr std::array<std::string_view, 18> values{"submit",
                                                             "record_paper",
                                                             "accept",
                                                             "refuse_intake",
                                                             "assign",
                                                             "ask_supplement",
                                                             "wait_for_agency",
                                                             "answer_supplement",
                                                             "expire_supplement",
                                                             "complete",
                                                             "propose_stop",
                                                             "stop",
                                                             "request_withdrawal",
                                                             "agree_withdrawal",
                                                             "decline_withdrawal",
                                                             "propose_postponement",
                                                             "postpone",
                                                             "return"};
};

/// All that the rules of a dossier may look at; gathered before deciding.
struct DossierFacts {
    DossierState state = DossierState::Draft;
    bool signed_by_head = false;   // signature in the page, signed file, or stamped scan
    bool reason_given = false;     // of a refusal, stop or postponement
    int lines = 0;                 // all rows
    int lines_with_defects = 0;    // by the line rules, at submission
    int lines_without_result = 0;  // see has_result()
    int lines_with_result = 0;     // at the moment of expiry: without those refused by it
    int lines_in_correction = 0;   // wait for the agency
    int points = 0;                // of the supplement request about to be sent
    bool every_point_answered = false;
    bool proposed = false;     // a stop or a postponement lies with the approver
    bool same_person = false;  // the person deciding is the one who proposed it
    bool before_due = true;
    bool accepted_before = false;  // has a code and a running or stopped clock
    DossierState before_withdrawal = DossierState::Draft;
    bool results_handed_over = false;
};

/// The table of the dossier (design: objects and states; national status codes outward).
[[nodiscard]] Decision<DossierState> decide(const DossierFacts& facts, DossierAction action,
                                            Role by);
using DossierRule = Rule<DossierState, DossierAction, DossierFacts>;
[[nodiscard]] std::span<const DossierRule> dossier_rules();

/// Processing has not ended; nothing may be added to the others.
[[nodiscard]] constexpr bool is_open(DossierState state) {
    using enum DossierState;
    return state == Submitted || state == Accepted || state == InProgress ||
           state == AwaitingSupplement || state == WithdrawalRequested;
}
/// The clock stands still while the agency owes an answer or asked to withdraw.
[[nodiscard]] constexpr bool clock_stands(DossierState state) {
    return state == DossierState::AwaitingSupplement || state == DossierState::WithdrawalRequested;
}

}  // namespace antin::domain
