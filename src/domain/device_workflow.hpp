#pragma once
#include "domain/workflow.hpp"

namespace antin::domain {

enum class DeviceAction {
    Assign,
    Unassign,
    Personalise,
    HandOver,
    ReportLocked,
    Unlock,
    Accept,
    CallBack,
    TakeBack,
    Erase,
    Restock,
    ReportLost,
};
template <>
struct Names<DeviceAction> {
    static constexpr std::array<std::string_view, 12> values{
        "assign", "unassign",  "personalise", "hand_over", "report_locked", "unlock",
        "accept", "call_back", "take_back",   "erase",     "restock",       "report_lost"};
};

struct DeviceFacts {
    DeviceState state = DeviceState::InStock;
    bool keys_destroyed = false;  // the token was wiped and read back empty
    bool record_given = false;    // Mẫu 08 or Mẫu 09, or who gave it to whom
};

/// The table of a key device. Every step names who, when, from whom, to whom.
[[nodiscard]] Decision<DeviceState> decide(const DeviceFacts& facts, DeviceAction action, Role by);
using DeviceRule = Rule<DeviceState, DeviceAction, DeviceFacts>;
[[nodiscard]] std::span<const DeviceRule> device_rules();

}  // namespace antin::domain
