#pragma once
#include <array>
#include <optional>
#include <string_view>

#include "domain/vocabulary.hpp"

namespace antin::domain {

/// The roles that a person can hold (Role::System is the program itself), in the order of lists.
inline constexpr std::array held_roles = [] {
    using enum Role;
    return std::array{FocalPoint,
                      Head,
                      ProvinceCoordinator,
                      IntakeOfficer,
                      Assessor,
                      Approver,
                      RegistrationOfficer,
                      CaAdministrator,
                      Auditor,
                      SystemAdministrator};
}();

/// The name in the database and in text keys ("role.<name>").
[[nodiscard]] constexpr std::string_view to_name(Role role) {
    return to_text(role);
}
/// Nothing for "system": nobody is granted that.
[[nodiscard]] constexpr std::optional<Role> role_from_name(std::string_view name) {
    const auto role = parse<Role>(name);
    return role == Role::System ? std::nullopt : role;
}

}  // namespace antin::domain
