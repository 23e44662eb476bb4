#include "domain/dossier_workflow.hpp"

namespace antin::domain {
namespace {

using Answer = std::optional<Objection>;

constexpr Answer ready_to_file(const DossierFacts& facts) {
    if (facts.lines == 0) return Objection::NoLines;
    if (facts.lines_with_defects > 0) return Objection::DefectsRemain;
    if (!facts.signed_by_head) return Objection::NotSignedByHead;
    return std::nullopt;
}
/// A paper dossier is recorded as it is: its defects become points of a supplement request.
constexpr Answer has_lines(const DossierFacts& facts) {
    return facts.lines > 0 ? Answer{} : Objection::NoLines;
}
constexpr Answer reason_given(const DossierFacts& facts) {
    return facts.reason_given ? Answer{} : Objection::NoReason;
}
constexpr Answer names_a_defect(const DossierFacts& facts) {
    return facts.points > 0 ? Answer{} : Objection::NothingToCorrect;
}
constexpr Answer every_open_line_waits(const DossierFacts& facts) {
    const bool all_wait =
        facts.lines_in_correction > 0 && facts.lines_in_correction == facts.lines_without_result;
    return all_wait ? Answer{} : Objection::LinesStillOpen;
}
constexpr Answer answered(const DossierFacts& facts) {
    return facts.every_point_answered ? Answer{} : Objection::NotAnswered;
}
constexpr Answer answered_before_acceptance(const DossierFacts& facts) {
    if (facts.accepted_before) return Objection::NotNow;
    return answered(facts);
}
constexpr Answer answered_after_acceptance(const DossierFacts& facts) {
    if (!facts.accepted_before) return Objection::NotNow;
    return answered(facts);
}
constexpr Answer some_result(const DossierFacts& facts) {
    return facts.lines_with_result > 0 ? Answer{} : Objection::NotNow;
}
constexpr Answer no_result(const DossierFacts& facts) {
    return facts.lines_with_result == 0 ? Answer{} : Objection::ResultsExist;
}
constexpr Answer every_line_has_result(const DossierFacts& facts) {
    if (facts.lines == 0) return Objection::NoLines;
    return facts.lines_without_result == 0 ? Answer{} : Objection::LinesStillOpen;
}
constexpr Answer may_propose_stop(const DossierFacts& facts) {
    if (facts.lines_with_result > 0) return Objection::ResultsExist;
    return reason_given(facts);
}
constexpr Answer another_person_decides(const DossierFacts& facts) {
    if (!facts.proposed) return Objection::NothingProposed;
    return facts.same_person ? Objection::SamePerson : Answer{};
}
constexpr Answer may_stop(const DossierFacts& facts) {
    if (facts.lines_with_result > 0) return Objection::ResultsExist;
    return another_person_decides(facts);
}
constexpr Answer may_propose_postponement(const DossierFacts& facts) {
    if (!facts.before_due) return Objection::TooLate;
    return reason_given(facts);
}
constexpr Answer may_postpone(const DossierFacts& facts) {
    if (!facts.before_due) return Objection::TooLate;
    return another_person_decides(facts);
}
template <DossierState state>
constexpr Answer came_from(const DossierFacts& facts) {
    return facts.before_withdrawal == state ? Answer{} : Objection::NotNow;
}
constexpr Answer handed_over(const DossierFacts& facts) {
    return facts.results_handed_over ? Answer{} : Objection::NotHandedOver;
}

constexpr std::array rules = [] {
    using enum DossierState;
    using enum DossierAction;
    using enum Role;
    constexpr Roles agency{FocalPoint, Head};
    // Where routing gives a procedure to the province, its coordinator stands at the desk.
    constexpr Roles desk{IntakeOfficer, ProvinceCoordinator};
    return std::array{
        // NĐ 68/2024 Điều 11: the managing agency files, its head signs.
        DossierRule{Draft, Submit, Roles(Head), Submitted, &ready_to_file},
        DossierRule{Draft, RecordPaper, desk, Accepted, &has_lines},

        DossierRule{Submitted, Accept, desk, Accepted},
        DossierRule{Submitted, RefuseIntake, desk, IntakeRefused, &reason_given},
        DossierRule{Submitted, AskSupplement, desk, Submitted, &names_a_defect},
        DossierRule{Submitted, WaitForAgency, Roles(System), AwaitingSupplement,
                    &every_open_line_waits},
        DossierRule{Submitted, AnswerSupplement, agency, Submitted, &answered},
        DossierRule{Submitted, RequestWithdrawal, agency, WithdrawalRequested},

        DossierRule{Accepted, Assign, Roles(IntakeOfficer, Assessor, Approver), InProgress},
        DossierRule{Accepted, RequestWithdrawal, agency, WithdrawalRequested},

        DossierRule{InProgress, Assign, Roles(IntakeOfficer, Assessor, Approver), InProgress},
        DossierRule{InProgress, AskSupplement, Roles(Assessor), InProgress, &names_a_defect},
        DossierRule{InProgress, WaitForAgency, Roles(System), AwaitingSupplement,
                    &every_open_line_waits},
        DossierRule{InProgress, AnswerSupplement, agency, InProgress, &answered},
        DossierRule{InProgress, Complete, Roles(System), Decided, &every_line_has_result},
        DossierRule{InProgress, ProposeStop, Roles(Assessor), InProgress, &may_propose_stop},
        DossierRule{InProgress, Stop, Roles(Approver), Stopped, &may_stop},
        DossierRule{InProgress, ProposePostponement, Roles(Assessor), InProgress,
                    &may_propose_postponement},
        DossierRule{InProgress, Postpone, Roles(Approver), InProgress, &may_postpone},
        DossierRule{InProgress, RequestWithdrawal, agency, WithdrawalRequested},

        DossierRule{AwaitingSupplement, AnswerSupplement, agency, Submitted,
                    &answered_before_acceptance},
        DossierRule{AwaitingSupplement, AnswerSupplement, agency, InProgress,
                    &answered_after_acceptance},
        DossierRule{AwaitingSupplement, ExpireSupplement, Roles(System), Decided, &some_result},
        DossierRule{AwaitingSupplement, ExpireSupplement, Roles(System), Stopped, &no_result},
        DossierRule{AwaitingSupplement, RequestWithdrawal, agency, WithdrawalRequested},

        DossierRule{WithdrawalRequested, AgreeWithdrawal,
                    Roles(IntakeOfficer, Assessor, ProvinceCoordinator), Stopped, &no_result},
        DossierRule{WithdrawalRequested, DeclineWithdrawal,
                    Roles(IntakeOfficer, Assessor, ProvinceCoordinator), Submitted,
                    &came_from<Submitted>},
        DossierRule{WithdrawalRequested, DeclineWithdrawal,
                    Roles(IntakeOfficer, Assessor, ProvinceCoordinator), Accepted,
                    &came_from<Accepted>},
        DossierRule{WithdrawalRequested, DeclineWithdrawal,
                    Roles(IntakeOfficer, Assessor, ProvinceCoordinator), InProgress,
                    &came_from<InProgress>},
        DossierRule{WithdrawalRequested, DeclineWithdrawal,
                    Roles(IntakeOfficer, Assessor, ProvinceCoordinator), AwaitingSupplement,
                    &came_from<AwaitingSupplement>},

        DossierRule{Decided, Return, Roles(IntakeOfficer, RegistrationOfficer, System), Returned,
                    &handed_over},
    };
}();

}  // namespace

Decision<DossierState> decide(const DossierFacts& facts, DossierAction action, Role by) {
    return decide_by(rules, facts.state, facts, action, by);
}

std::span<const DossierRule> dossier_rules() {
    return rules;
}

}  // namespace antin::domain
