#pragma once
#include "domain/workflow.hpp"

namespace antin::domain {

enum class AgencyAction { Invite, Register, Approve, ReturnForCorrection, Suspend, Resume, Close };
template <>
struct Names<AgencyAction> {
    static constexpr std::array<std::string_view, 7> values{
        "invite", "register", "approve", "return_for_correction", "suspend", "resume", "close"};
};

struct AgencyFacts {
    AgencyState state = AgencyState::None;
    bool proof_given = false;  // stamped form or signature
    bool invited = false;      // an invitation of the coordinator stands behind it
    bool reason_given = false;
    bool open_dossiers = false;
};

/// The table of an agency's account. An agency that was invited is approved by activating; one that
/// registered itself shows a proof and waits for its coordinator.
[[nodiscard]] Decision<AgencyState> decide(const AgencyFacts& facts, AgencyAction action, Role by);
using AgencyRule = Rule<AgencyState, AgencyAction, AgencyFacts>;
[[nodiscard]] std::span<const AgencyRule> agency_rules();

}  // namespace antin::domain
