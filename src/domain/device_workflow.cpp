#include "domain/device_workflow.hpp"

namespace antin::domain {
namespace {

constexpr std::optional<Objection> keys_destroyed(const DeviceFacts& facts) {
    if (facts.keys_destroyed) return std::nullopt;
    return Objection::NotNow;
}
constexpr std::optional<Objection> record_given(const DeviceFacts& facts) {
    if (facts.record_given) return std::nullopt;
    return Objection::NoReason;
}

constexpr std::array rules = [] {
    using enum DeviceState;
    using enum DeviceAction;
    using enum Role;
    constexpr Roles bench{RegistrationOfficer};
    constexpr Roles agency{FocalPoint, Head};
    constexpr Roles desk{RegistrationOfficer, ProvinceCoordinator};
    constexpr Roles anyone_holding{FocalPoint, Head, RegistrationOfficer};
    return std::array{
        DeviceRule{InStock, Assign, bench, Assigned},
        DeviceRule{Assigned, Unassign, Roles(RegistrationOfficer, System), InStock},
        DeviceRule{Assigned, Personalise, Roles(RegistrationOfficer, System), Personalised},
        DeviceRule{Personalised, HandOver, bench, HandedOver},
        DeviceRule{Personalised, CallBack, Roles(RegistrationOfficer, System), DueBack},
        DeviceRule{HandedOver, ReportLocked, anyone_holding, Locked},
        DeviceRule{Locked, Unlock, bench, Unlocked},
        DeviceRule{Unlocked, HandOver, bench, HandedOver},
        DeviceRule{Unlocked, Accept, agency, HandedOver},
        DeviceRule{HandedOver, CallBack, Roles(System), DueBack},
        DeviceRule{Locked, CallBack, Roles(System), DueBack},
        DeviceRule{Unlocked, CallBack, Roles(System), DueBack},
        // NĐ 68/2024 Điều 20: Mẫu 08 for a device given back, Mẫu 09 for a lost one.
        DeviceRule{DueBack, TakeBack, desk, Returned, &record_given},
        DeviceRule{HandedOver, ReportLost, anyone_holding, Lost, &record_given},
        DeviceRule{Locked, ReportLost, anyone_holding, Lost, &record_given},
        DeviceRule{DueBack, ReportLost, anyone_holding, Lost, &record_given},
        DeviceRule{Assigned, ReportLost, bench, Lost, &record_given},
        DeviceRule{Personalised, ReportLost, bench, Lost, &record_given},
        DeviceRule{Returned, Erase, bench, Erased, &keys_destroyed},
        DeviceRule{Erased, Restock, bench, InStock},
    };
}();

}  // namespace

Decision<DeviceState> decide(const DeviceFacts& facts, DeviceAction action, Role by) {
    return decide_by(rules, facts.state, facts, action, by);
}

std::span<const DeviceRule> device_rules() {
    return rules;
}

}  // namespace antin::domain
