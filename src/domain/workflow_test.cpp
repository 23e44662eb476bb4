#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <set>

#include "domain/agency_workflow.hpp"
#include "domain/certificate_workflow.hpp"
#include "domain/device_workflow.hpp"
#include "domain/dossier_workflow.hpp"
#include "domain/line_workflow.hpp"
#include "domain/permissions.hpp"
#include "domain/role.hpp"

namespace antin::domain {
namespace {

/// Every State × Action × Role: what the table lists goes to a state that it lists, what it does
/// not list is NotNow, what it lists for others is NotYourRole. `facts` satisfies every guard.
template <class State, class Action, class Facts>
void every_pair(std::span<const Rule<State, Action, Facts>> rules, Facts facts) {
    for (const auto state : all<State>()) {
        for (const auto action : all<Action>()) {
            bool known = false;
            for (const auto& rule : rules) known |= rule.from == state && rule.action == action;
            for (const auto role : all<Role>()) {
                std::set<State> targets;
                for (const auto& rule : rules) {
                    if (rule.from == state && rule.action == action && rule.by.has(role)) {
                        targets.insert(rule.to);
                    }
                }
                facts.state = state;
                const auto decision = decide(facts, action, role);
                const auto where = std::string{to_text(state)} + " " +
                                   std::string{to_text(action)} + " " + std::string{to_text(role)};
                if (!known) {
                    EXPECT_EQ(std::get<Objection>(decision), Objection::NotNow) << where;
                } else if (targets.empty()) {
                    EXPECT_EQ(std::get<Objection>(decision), Objection::NotYourRole) << where;
                } else if (const auto* done = std::get_if<Transition<State>>(&decision)) {
                    EXPECT_TRUE(targets.contains(done->to)) << where;
                } else {
                    EXPECT_NE(std::get<Objection>(decision), Objection::NotYourRole) << where;
                }
            }
        }
    }
}

TEST(Workflow, every_state_action_and_role_of_each_table) {
    DossierFacts dossier;
    dossier.signed_by_head = dossier.reason_given = dossier.every_point_answered = true;
    dossier.proposed = dossier.accepted_before = dossier.results_handed_over = true;
    dossier.lines = 3;
    dossier.points = 1;
    every_pair(dossier_rules(), dossier);
    LineFacts line;
    line.proposal = Proposal::Grant;
    line.reason_given = line.possession_proved = true;
    for (const auto procedure : all<Procedure>()) {
        line.procedure = procedure;
        every_pair(line_rules(), line);
    }
    CertificateFacts certificate;
    certificate.reason_given = true;
    every_pair(certificate_rules(), certificate);
    DeviceFacts device;
    device.keys_destroyed = device.record_given = true;
    every_pair(device_rules(), device);
    AgencyFacts agency;
    agency.proof_given = agency.invited = agency.reason_given = true;
    every_pair(agency_rules(), agency);
}

TEST(Workflow, final_states_have_no_way_out) {
    for (const auto& rule : dossier_rules()) {
        EXPECT_NE(rule.from, DossierState::IntakeRefused);
        EXPECT_NE(rule.from, DossierState::Stopped);
        EXPECT_NE(rule.from, DossierState::Returned);
    }
    for (const auto& rule : line_rules()) EXPECT_NE(rule.from, LineState::Refused);
    for (const auto& rule : certificate_rules()) EXPECT_FALSE(is_final(rule.from));
}

TEST(Workflow, national_codes_of_the_portal) {
    const std::map<DossierState, int> codes{{DossierState::Draft, 0},
                                            {DossierState::Submitted, 1},
                                            {DossierState::Accepted, 2},
                                            {DossierState::IntakeRefused, 3},
                                            {DossierState::InProgress, 4},
                                            {DossierState::AwaitingSupplement, 5},
                                            {DossierState::WithdrawalRequested, 7},
                                            {DossierState::Stopped, 8},
                                            {DossierState::Decided, 9},
                                            {DossierState::Returned, 10}};
    for (const auto& [state, code] : codes) EXPECT_EQ(national_code(state), code);
}

TEST(DossierWorkflow, nd68_d11_the_head_files_a_signed_dossier_without_defects) {
    DossierFacts facts;
    const auto submit = [&] { return decide(facts, DossierAction::Submit, Role::Head); };
    EXPECT_EQ(std::get<Objection>(submit()), Objection::NoLines);
    facts.lines = 2;
    facts.lines_with_defects = 1;
    EXPECT_EQ(std::get<Objection>(submit()), Objection::DefectsRemain);
    facts.lines_with_defects = 0;
    EXPECT_EQ(std::get<Objection>(submit()), Objection::NotSignedByHead);
    facts.signed_by_head = true;
    EXPECT_EQ(as_result(submit()).value(), DossierState::Submitted);
    EXPECT_EQ(std::get<Objection>(decide(facts, DossierAction::Submit, Role::FocalPoint)),
              Objection::NotYourRole);
}

TEST(LineWorkflow, a_device_changed_before_the_certificate_leads_back_to_approved) {
    LineFacts facts;
    facts.state = LineState::KeyReady;
    const auto give_up = [&](Role by) { return decide(facts, LineAction::GiveUpKey, by); };
    EXPECT_EQ(as_result(give_up(Role::RegistrationOfficer)).value(), LineState::Approved);
    EXPECT_EQ(std::get<Objection>(give_up(Role::System)), Objection::NotYourRole);
    facts.state = LineState::Issued;  // then its certificate is revoked: the device is lost
    EXPECT_EQ(std::get<Objection>(give_up(Role::RegistrationOfficer)), Objection::NotNow);
}

TEST(DossierWorkflow, it_waits_for_the_agency_only_when_every_open_row_does) {
    DossierFacts facts;
    facts.state = DossierState::InProgress;
    facts.lines = 3;
    facts.lines_without_result = 2;
    facts.lines_in_correction = 1;
    const auto wait = [&] { return decide(facts, DossierAction::WaitForAgency, Role::System); };
    EXPECT_EQ(std::get<Objection>(wait()), Objection::LinesStillOpen);
    facts.lines_in_correction = 2;
    EXPECT_EQ(as_result(wait()).value(), DossierState::AwaitingSupplement);
    facts.lines_in_correction = 0;
    EXPECT_FALSE(as_result(wait()));
    facts.whole_dossier_waits = true;
    EXPECT_TRUE(as_result(wait()));
}

TEST(DossierWorkflow, an_answer_leads_back_to_where_it_was_asked) {
    DossierFacts facts;
    facts.state = DossierState::AwaitingSupplement;
    facts.every_point_answered = true;
    const auto answer = [&] {
        return decide(facts, DossierAction::AnswerSupplement, Role::FocalPoint);
    };
    EXPECT_EQ(as_result(answer()).value(), DossierState::Submitted);
    facts.accepted_before = true;
    EXPECT_EQ(as_result(answer()).value(), DossierState::InProgress);
    facts.every_point_answered = false;
    EXPECT_EQ(std::get<Objection>(answer()), Objection::NotAnswered);
}

TEST(DossierWorkflow, without_an_answer_it_is_decided_or_stopped) {
    DossierFacts facts;
    facts.state = DossierState::AwaitingSupplement;
    const auto expire = [&] {
        return decide(facts, DossierAction::ExpireSupplement, Role::System);
    };
    EXPECT_EQ(as_result(expire()).value(), DossierState::Stopped);
    facts.lines_with_result = 1;
    EXPECT_EQ(as_result(expire()).value(), DossierState::Decided);
}

TEST(DossierWorkflow, stop_and_postponement_need_two_people_and_a_withdrawal_goes_back) {
    DossierFacts facts;
    facts.state = DossierState::InProgress;
    EXPECT_EQ(std::get<Objection>(decide(facts, DossierAction::Stop, Role::Approver)),
              Objection::NothingProposed);
    facts.proposed = facts.same_person = true;
    EXPECT_EQ(std::get<Objection>(decide(facts, DossierAction::Stop, Role::Approver)),
              Objection::SamePerson);
    EXPECT_EQ(std::get<Objection>(decide(facts, DossierAction::Postpone, Role::Approver)),
              Objection::SamePerson);
    facts.before_due = false;
    EXPECT_EQ(std::get<Objection>(decide(facts, DossierAction::Postpone, Role::Approver)),
              Objection::TooLate);
    facts.state = DossierState::WithdrawalRequested;
    for (const auto from : {DossierState::Submitted, DossierState::Accepted,
                            DossierState::InProgress, DossierState::AwaitingSupplement}) {
        facts.before_withdrawal = from;
        EXPECT_EQ(
            as_result(decide(facts, DossierAction::DeclineWithdrawal, Role::IntakeOfficer)).value(),
            from);
    }
}

// --- no path reaches a certificate without two people ---

RC_GTEST_PROP(LineProperty, no_path_reaches_issuance_without_two_people, ()) {
    // Three people, each with every role, act at random. Who proposed is remembered as the use case
    // does it; the table alone must keep one person from going all the way.
    LineFacts facts;
    facts.procedure =
        *rc::gen::element(Procedure::Issuance, Procedure::Renewal, Procedure::Amendment,
                          Procedure::Revocation, Procedure::DeviceRestoration);
    int proposer = 0;
    int approver = 0;
    const int steps = *rc::gen::inRange(1, 60);
    for (int i = 0; i < steps; ++i) {
        const int who = *rc::gen::inRange(1, 4);
        const auto action = *rc::gen::elementOf(std::vector<LineAction>{
            LineAction::Propose, LineAction::WithdrawProposal, LineAction::AskCorrection,
            LineAction::Correct, LineAction::ApproveGrant, LineAction::ApproveRefusal,
            LineAction::SendBack, LineAction::MakeKey, LineAction::Issue, LineAction::HandOver,
            LineAction::ConfirmHandover, LineAction::Revoke, LineAction::Unlock});
        const auto role = *rc::gen::elementOf(
            std::vector<Role>{Role::FocalPoint, Role::Head, Role::Assessor, Role::Approver,
                              Role::RegistrationOfficer, Role::System});
        if (facts.state == LineState::Requested) facts.proposal = Proposal::Grant;
        facts.reason_given = true;
        facts.possession_proved = *rc::gen::arbitrary<bool>();
        facts.same_person = proposer == who;
        const auto decision = decide(facts, action, role);
        const auto* next = std::get_if<Transition<LineState>>(&decision);
        if (next == nullptr) continue;
        if (action == LineAction::Propose) proposer = who;
        if (action == LineAction::ApproveGrant) approver = who;
        facts.state = next->to;
        const bool granted = is_fulfilled(facts.state) || facts.state == LineState::Approved ||
                             facts.state == LineState::KeyReady;
        if (granted) RC_ASSERT(proposer != 0 && approver != 0 && proposer != approver);
    }
}

TEST(LineWorkflow, a_key_needs_proof_of_possession_and_the_right_procedure) {
    LineFacts facts;
    facts.state = LineState::Approved;
    EXPECT_EQ(std::get<Objection>(decide(facts, LineAction::MakeKey, Role::RegistrationOfficer)),
              Objection::NoProofOfPossession);
    facts.procedure = Procedure::Revocation;
    EXPECT_EQ(std::get<Objection>(decide(facts, LineAction::MakeKey, Role::RegistrationOfficer)),
              Objection::NotThisProcedure);
}

/// The way of a row through `acts`, each with its role; "" where the table refuses one.
std::string way_of(LineFacts facts, const std::vector<std::pair<LineAction, Role>>& acts) {
    facts.possession_proved = facts.reason_given = true;
    facts.proposal = Proposal::Grant;
    for (const auto& [action, role] : acts) {
        const auto decision = decide(facts, action, role);
        const auto* next = std::get_if<Transition<LineState>>(&decision);
        if (next == nullptr) return {};
        facts.state = next->to;
    }
    return std::string{to_text(facts.state)};
}

TEST(LineWorkflow, each_of_the_five_requests_has_its_own_way_to_its_end) {
    using enum LineAction;
    const std::pair propose{Propose, Role::Assessor}, approve{ApproveGrant, Role::Approver};
    const auto certificate = [&](Role desk) {
        return std::vector<std::pair<LineAction, Role>>{
            propose,       approve,          {MakeKey, desk},
            {Issue, desk}, {HandOver, desk}, {ConfirmHandover, Role::FocalPoint}};
    };
    for (const auto procedure : all<Procedure>()) {
        const bool gives = procedure == Procedure::Issuance || procedure == Procedure::Renewal ||
                           procedure == Procedure::Amendment;
        LineFacts facts;
        facts.procedure = procedure;
        EXPECT_EQ(way_of(facts, certificate(Role::RegistrationOfficer)), gives ? "in_force" : "");
        for (const auto who : {Role::FocalPoint, Role::Head})
            EXPECT_EQ(way_of(facts, certificate(who)), "");
        EXPECT_EQ(way_of(facts, {propose, approve, {Revoke, Role::System}}),
                  procedure == Procedure::Revocation ? "revoked" : "");
        EXPECT_EQ(way_of(facts, {propose, approve, {Unlock, Role::RegistrationOfficer}}),
                  procedure == Procedure::DeviceRestoration ? "unlocked" : "");
        // A revocation ends an update that has no certificate yet.
        EXPECT_EQ(
            way_of(facts,
                   {propose, approve, {MakeKey, Role::RegistrationOfficer}, {Close, Role::System}}),
            gives && procedure != Procedure::Issuance ? "refused" : "");
    }
    LineFacts revocation;
    revocation.procedure = Procedure::Revocation;
    for (const auto& [action, end] :
         {std::pair{ReturnDevice, "device_returned"}, std::pair{ReportDeviceLost, "device_lost"}}) {
        EXPECT_EQ(way_of(revocation, {propose,
                                      approve,
                                      {Revoke, Role::System},
                                      {CallDeviceBack, Role::System},
                                      {action, Role::RegistrationOfficer}}),
                  end);
    }
}

TEST(LineWorkflow, a_refusal_needs_its_reason) {
    LineFacts facts;
    facts.proposal = Proposal::Refuse;
    EXPECT_EQ(std::get<Objection>(decide(facts, LineAction::Propose, Role::Assessor)),
              Objection::NoReason);
    facts.proposal = Proposal::Supplement;
    EXPECT_EQ(std::get<Objection>(decide(facts, LineAction::Propose, Role::Assessor)),
              Objection::NothingProposed);
}

TEST(Permissions, incompatible_roles_are_found) {
    EXPECT_TRUE(incompatible_pair(Roles(Role::Auditor, Role::SystemAdministrator)));
    EXPECT_TRUE(incompatible_pair(Roles(Role::SystemAdministrator, Role::Assessor)));
    EXPECT_TRUE(incompatible_pair(Roles(Role::Approver, Role::RegistrationOfficer)));
    EXPECT_FALSE(incompatible_pair(Roles(Role::FocalPoint, Role::Head)));
    EXPECT_FALSE(incompatible_pair(Roles(Role::Assessor, Role::Approver)));
    EXPECT_FALSE(incompatible_pair(Roles(Role::IntakeOfficer, Role::Assessor)));
}

TEST(Permissions, roles_stay_with_their_bodies) {
    EXPECT_TRUE(role_belongs(Role::Head, Body::Agency));
    EXPECT_FALSE(role_belongs(Role::Assessor, Body::Agency));
    EXPECT_FALSE(role_belongs(Role::CaAdministrator, Body::Province));
    EXPECT_FALSE(may(Roles(Role::Auditor), Permission::DecideDossier));
    EXPECT_FALSE(may(Roles(Role::SystemAdministrator), Permission::AssessDossier));
    for (const auto role : held_roles) {
        EXPECT_TRUE(role_belongs(role, Body::Agency) || role_belongs(role, Body::Province) ||
                    role_belongs(role, Body::Provider));
    }
}

TEST(Vocabulary, names_are_unique_and_read_back) {
    for (const auto state : all<LineState>()) EXPECT_EQ(parse<LineState>(to_text(state)), state);
    for (const auto state : all<DossierState>()) {
        EXPECT_EQ(parse<DossierState>(to_text(state)), state);
    }
    for (const auto objection : all<Objection>()) {
        EXPECT_EQ(parse<Objection>(to_text(objection)), objection);
    }
    EXPECT_FALSE(parse<Role>("nobody"));
    EXPECT_FALSE(role_from_name("system"));
}

}  // namespace
}  // namespace antin::domain
