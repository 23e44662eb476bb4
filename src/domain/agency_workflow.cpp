#include "domain/agency_workflow.hpp"

namespace antin::domain {
namespace {

constexpr std::optional<Objection> invited(const AgencyFacts& facts) {
    if (facts.invited) return std::nullopt;
    return Objection::NotNow;
}
constexpr std::optional<Objection> proof_given(const AgencyFacts& facts) {
    if (facts.proof_given || facts.invited) return std::nullopt;
    return Objection::NotSignedByHead;
}
constexpr std::optional<Objection> reason_given(const AgencyFacts& facts) {
    if (facts.reason_given) return std::nullopt;
    return Objection::NoReason;
}
constexpr std::optional<Objection> may_close(const AgencyFacts& facts) {
    if (facts.open_dossiers) return Objection::LinesStillOpen;
    return reason_given(facts);
}

constexpr std::array rules = [] {
    using enum AgencyState;
    using enum AgencyAction;
    using enum Role;
    constexpr Roles agency{FocalPoint, Head};
    constexpr Roles coordinator{ProvinceCoordinator, SystemAdministrator};
    return std::array{
        AgencyRule{None, Invite, coordinator, Invited},
        AgencyRule{None, Register, agency, Registered, &proof_given},
        // An agency that registered but waits may be invited as well; the invitation wins.
        AgencyRule{Registered, Invite, coordinator, Invited},
        AgencyRule{Invited, Invite, coordinator, Invited},
        // The coordinator's invitation is the approval: activating it opens the account.
        AgencyRule{Invited, Register, agency, Approved, &invited},
        AgencyRule{Registered, Approve, coordinator, Approved, &proof_given},
        AgencyRule{Registered, ReturnForCorrection, coordinator, ReturnedForCorrection,
                   &reason_given},
        AgencyRule{ReturnedForCorrection, Register, agency, Registered, &proof_given},
        AgencyRule{Approved, Suspend, coordinator, Suspended, &reason_given},
        AgencyRule{Suspended, Resume, coordinator, Approved},
        AgencyRule{Invited, Close, coordinator, Closed, &reason_given},
        AgencyRule{Registered, Close, coordinator, Closed, &reason_given},
        AgencyRule{ReturnedForCorrection, Close, coordinator, Closed, &reason_given},
        AgencyRule{Approved, Close, coordinator, Closed, &may_close},
        AgencyRule{Suspended, Close, coordinator, Closed, &may_close},
    };
}();

}  // namespace

Decision<AgencyState> decide(const AgencyFacts& facts, AgencyAction action, Role by) {
    return decide_by(rules, facts.state, facts, action, by);
}

std::span<const AgencyRule> agency_rules() {
    return rules;
}

}  // namespace antin::domain
