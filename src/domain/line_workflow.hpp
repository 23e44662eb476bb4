#pragma once
#include "domain/workflow.hpp"

namespace antin::domain {

enum class LineAction {
    Propose,
    WithdrawProposal,
    AskCorrection,
    Correct,
    ExpireCorrection,
    ApproveGrant,
    ApproveRefusal,
    SendBack,
    MakeKey,
    GiveUpKey,
    Issue,
    HandOver,
    ConfirmHandover,
    Revoke,
    CallDeviceBack,
    ReturnDevice,
    ReportDeviceLost,
    Unlock,
    Close,
};
template <>
struct Names<LineAction> {
    static constexpr std::array<std::string_view, 19> values{
        "propose",       "withdraw_proposal",  "ask_correction",   "correct",  "expire_correction",
        "approve_grant", "approve_refusal",    "send_back",        "make_key", "give_up_key",
        "issue",         "hand_over",          "confirm_handover", "revoke",   "call_device_back",
        "return_device", "report_device_lost", "unlock",           "close"};
};

struct LineFacts {
    LineState state = LineState::Requested;
    Procedure procedure = Procedure::Issuance;
    std::optional<Proposal> proposal;  // of the assessor
    bool same_person = false;          // the person deciding is the one who proposed
    bool reason_given = false;         // of a refusal
    bool possession_proved = false;    // the request for the certificate is signed by the new key
};

/// The table of one row. Approved is reached only from Proposed, by somebody else than the
/// proposer; key, certificate and revocation only from Approved.
[[nodiscard]] Decision<LineState> decide(const LineFacts& facts, LineAction action, Role by);
using LineRule = Rule<LineState, LineAction, LineFacts>;
[[nodiscard]] std::span<const LineRule> line_rules();

/// Refused, or certificate issued, or revoked, or unlocked: nothing more is owed for this row.
[[nodiscard]] constexpr bool has_result(LineState state) {
    using enum LineState;
    return state != Requested && state != InCorrection && state != Proposed && state != Approved &&
           state != KeyReady;
}
/// What the row asked for was granted and carried out.
[[nodiscard]] constexpr bool is_fulfilled(LineState state) {
    return has_result(state) && state != LineState::Refused;
}

}  // namespace antin::domain
