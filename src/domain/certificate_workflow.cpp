#include "domain/certificate_workflow.hpp"

namespace antin::domain {
namespace {

constexpr std::optional<Objection> reason_given(const CertificateFacts& facts) {
    if (facts.reason_given) return std::nullopt;
    return Objection::NoReason;
}
constexpr std::optional<Objection> another_person_lifts(const CertificateFacts& facts) {
    if (!facts.reason_given) return Objection::NoReason;
    if (facts.same_person) return Objection::SamePerson;
    return std::nullopt;
}

constexpr std::array rules = [] {
    using enum CertificateState;
    using enum CertificateAction;
    using enum Role;
    return std::array{
        // In force once the agency has confirmed the handover (Mẫu 07). What takes its place ends
        // it
        // then; in an emergency hold only a person does.
        CertificateRule{OnHold, Release, Roles(FocalPoint, Head), InForce},
        CertificateRule{OnHold, Revoke, Roles(System, Approver), Revoked, &reason_given},
        CertificateRule{OnHold, Expire, Roles(System), Expired},
        CertificateRule{InForce, HoldInEmergency, Roles(Assessor, Approver), EmergencyHold,
                        &reason_given},
        CertificateRule{InForce, Replace, Roles(System), Replaced},
        CertificateRule{InForce, Expire, Roles(System), Expired},
        CertificateRule{InForce, Revoke, Roles(System, Approver), Revoked, &reason_given},
        CertificateRule{EmergencyHold, LiftHold, Roles(Approver), InForce, &another_person_lifts},
        CertificateRule{EmergencyHold, Expire, Roles(System), Expired},
        CertificateRule{EmergencyHold, Revoke, Roles(System, Approver), Revoked, &reason_given},
    };
}();

}  // namespace

Decision<CertificateState> decide(const CertificateFacts& facts, CertificateAction action,
                                  Role by) {
    return decide_by(rules, facts.state, facts, action, by);
}

std::span<const CertificateRule> certificate_rules() {
    return rules;
}

}  // namespace antin::domain
