#include "domain/line_workflow.hpp"

namespace antin::domain {
namespace {

using Answer = std::optional<Objection>;

constexpr Answer has_proposal(const LineFacts& facts) {
    if (!facts.proposal || *facts.proposal == Proposal::Supplement) {
        return Objection::NothingProposed;
    }
    if (*facts.proposal == Proposal::Refuse && !facts.reason_given) return Objection::NoReason;
    return std::nullopt;
}
constexpr Answer another_person(const LineFacts& facts) {
    return facts.same_person ? Objection::SamePerson : Answer{};
}
constexpr Answer grant_proposed(const LineFacts& facts) {
    if (facts.proposal != Proposal::Grant) return Objection::NothingProposed;
    return another_person(facts);
}
constexpr Answer refusal_proposed(const LineFacts& facts) {
    if (facts.proposal != Proposal::Refuse) return Objection::NothingProposed;
    if (!facts.reason_given) return Objection::NoReason;
    return another_person(facts);
}
constexpr Answer reason_given(const LineFacts& facts) {
    return facts.reason_given ? Answer{} : Objection::NoReason;
}
constexpr Answer gives_certificate(const LineFacts& facts) {
    const bool gives = facts.procedure == Procedure::Issuance ||
                       facts.procedure == Procedure::Renewal ||
                       facts.procedure == Procedure::Amendment;
    return gives ? Answer{} : Objection::NotThisProcedure;
}
constexpr Answer key_shown(const LineFacts& facts) {
    if (const auto answer = gives_certificate(facts)) return answer;
    return facts.possession_proved ? Answer{} : Objection::NoProofOfPossession;
}
/// A certificate that takes the place of another one: renewal, amendment.
constexpr Answer replaces_certificate(const LineFacts& facts) {
    const bool replaces =
        facts.procedure == Procedure::Renewal || facts.procedure == Procedure::Amendment;
    return replaces ? Answer{} : Objection::NotThisProcedure;
}
constexpr Answer is_revocation(const LineFacts& facts) {
    return facts.procedure == Procedure::Revocation ? Answer{} : Objection::NotThisProcedure;
}
constexpr Answer is_restoration(const LineFacts& facts) {
    return facts.procedure == Procedure::DeviceRestoration ? Answer{} : Objection::NotThisProcedure;
}

constexpr std::array rules = [] {
    using enum LineState;
    using enum LineAction;
    using enum Role;
    constexpr Roles agency{FocalPoint, Head};
    constexpr Roles bench{RegistrationOfficer, System};
    constexpr Roles device_desk{RegistrationOfficer, ProvinceCoordinator};
    return std::array{
        LineRule{Requested, Propose, Roles(Assessor), Proposed, &has_proposal},
        LineRule{Requested, AskCorrection, Roles(Assessor, IntakeOfficer, ProvinceCoordinator),
                 InCorrection, &reason_given},
        LineRule{InCorrection, Correct, agency, Requested},
        LineRule{InCorrection, ExpireCorrection, Roles(System), Refused},

        LineRule{Proposed, WithdrawProposal, Roles(Assessor), Requested},
        LineRule{Proposed, ApproveGrant, Roles(Approver), Approved, &grant_proposed},
        LineRule{Proposed, ApproveRefusal, Roles(Approver), Refused, &refusal_proposed},
        LineRule{Proposed, SendBack, Roles(Approver), Requested, &reason_given},

        LineRule{Approved, MakeKey, bench, KeyReady, &key_shown},
        LineRule{KeyReady, MakeKey, bench, KeyReady, &key_shown},  // asked for once more
        // Another device is taken before the certificate: its key is made anew.
        LineRule{KeyReady, GiveUpKey, Roles(RegistrationOfficer), Approved, &gives_certificate},
        LineRule{KeyReady, Issue, bench, Issued, &gives_certificate},
        LineRule{Issued, HandOver, bench, HandedOver},
        LineRule{HandedOver, ConfirmHandover, agency, InForce},
        // The device broke at the desk: its certificate is revoked, the approval stands.
        LineRule{Issued, ReportDeviceLost, Roles(RegistrationOfficer), Approved,
                 &gives_certificate},

        LineRule{Approved, Revoke, Roles(System), Revoked, &is_revocation},
        LineRule{Revoked, CallDeviceBack, Roles(System), DeviceDueBack},
        LineRule{DeviceDueBack, ReturnDevice, device_desk, DeviceReturned},
        LineRule{DeviceDueBack, ReportDeviceLost, device_desk, DeviceLost},
        LineRule{Approved, Unlock, Roles(RegistrationOfficer), Unlocked, &is_restoration},

        // The dossier stops or is withdrawn: rows without a result end with it.
        LineRule{Requested, Close, Roles(System), Refused},
        LineRule{InCorrection, Close, Roles(System), Refused},
        LineRule{Proposed, Close, Roles(System), Refused},
        LineRule{Approved, Close, Roles(System), Refused},
        // The certificate that it was to replace is revoked meanwhile.
        LineRule{KeyReady, Close, Roles(System), Refused, &replaces_certificate},
    };
}();

}  // namespace

Decision<LineState> decide(const LineFacts& facts, LineAction action, Role by) {
    return decide_by(rules, facts.state, facts, action, by);
}

std::span<const LineRule> line_rules() {
    return rules;
}

}  // namespace antin::domain
