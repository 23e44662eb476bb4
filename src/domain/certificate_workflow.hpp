#pragma once
#include "domain/workflow.hpp"

namespace antin::domain {

enum class CertificateAction { Release, HoldInEmergency, LiftHold, Replace, Expire, Revoke };
template <>
struct Names<CertificateAction> {
    static constexpr std::array<std::string_view, 6> values{
        "release", "hold_in_emergency", "lift_hold", "replace", "expire", "revoke"};
};

struct CertificateFacts {
    CertificateState state = CertificateState::OnHold;
    bool same_person = false;   // who lifts the hold is who set it
    bool reason_given = false;  // of a revocation or hold
};

/// The table of a certificate as people see it. Revoked, replaced and expired are for good.
[[nodiscard]] Decision<CertificateState> decide(const CertificateFacts& facts,
                                                CertificateAction action, Role by);
using CertificateRule = Rule<CertificateState, CertificateAction, CertificateFacts>;
[[nodiscard]] std::span<const CertificateRule> certificate_rules();

[[nodiscard]] constexpr bool is_final(CertificateState state) {
    using enum CertificateState;
    return state == Replaced || state == Expired || state == Revoked;
}

}  // namespace antin::domain
