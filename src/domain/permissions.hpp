#pragma once
#include <optional>
#include <utility>

#include "domain/vocabulary.hpp"

namespace antin::domain {

/// Where a role belongs: an account of one kind holds only roles of that kind.
enum class Body { Agency, Province, Provider };
template <>
struct Names<Body> {
    static constexpr std::array<std::string_view, 3> values{"agency", "province", "provider"};
};

/// May this role be held by a person of this body? A province's department may process the kinds
/// that routing gives to it, so it may have receptionists, examiners and approvers of its own.
[[nodiscard]] bool role_belongs(Role role, Body body);

/// Two roles that one person may not hold together, if the set has such a pair.
/// Who administers or audits never processes; who decides on certificates never makes keys of the
/// CA.
[[nodiscard]] std::optional<std::pair<Role, Role>> incompatible_pair(Roles roles);

/// Roles that sign in with a second factor. Heads may use a code by official mail instead of TOTP.
[[nodiscard]] constexpr bool needs_second_factor(Roles roles) {
    using enum Role;
    return roles.any_of(Roles(Head, ProvinceCoordinator, IntakeOfficer, Assessor, Approver,
                              RegistrationOfficer, CaAdministrator, Auditor, SystemAdministrator));
}
[[nodiscard]] constexpr bool is_officer(Roles roles) {
    using enum Role;
    return roles.any_of(Roles(IntakeOfficer, Assessor, Approver, RegistrationOfficer));
}

/// What a person may look at or do, apart from the state of a thing (that is the workflows' part).
enum class Permission {
    PrepareDossier,
    SubmitDossier,
    ManageAgencyPeople,
    SeeOwnAgency,
    InviteAgencies,
    FollowProvince,
    SeeQueue,
    IntakeDossier,
    RecordPaperDossier,
    AssignDossier,
    AssessDossier,
    DecideDossier,
    PersonaliseDevice,
    UnmaskPersonalData,
    ManagePeople,
    ManageSettings,
    ManageCa,
    ReadEverything,
    ReadAudit,
    ReadDeliveries,
};
template <>
struct Names<Permission> {
    static constexpr std::array<std::string_view, 20> values{"prepare_dossier",
                                                             "submit_dossier",
                                                             "manage_agency_people",
                                                             "see_own_agency",
                                                             "invite_agencies",
                                                             "follow_province",
                                                             "see_queue",
                                                             "intake_dossier",
                                                             "record_paper_dossier",
                                                             "assign_dossier",
                                                             "assess_dossier",
                                                             "decide_dossier",
                                                             "personalise_device",
                                                             "unmask_personal_data",
                                                             "manage_people",
                                                             "manage_settings",
                                                             "manage_ca",
                                                             "read_everything",
                                                             "read_audit",
                                                             "read_deliveries"};
};

[[nodiscard]] Roles roles_with(Permission permission);
[[nodiscard]] inline bool may(Roles roles, Permission permission) {
    return roles.any_of(roles_with(permission));
}

}  // namespace antin::domain
