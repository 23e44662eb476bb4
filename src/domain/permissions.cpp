#include "domain/permissions.hpp"

namespace antin::domain {

bool role_belongs(Role role, Body body) {
    using enum Role;
    switch (body) {
        case Body::Agency:
            return Roles(FocalPoint, Head).has(role);
        case Body::Province:
            return Roles(ProvinceCoordinator, IntakeOfficer, Assessor, Approver).has(role);
        case Body::Provider:
            return Roles(IntakeOfficer, Assessor, Approver, RegistrationOfficer, CaAdministrator,
                         Auditor, SystemAdministrator)
                .has(role);
    }
    return false;
}

std::optional<std::pair<Role, Role>> incompatible_pair(Roles roles) {
    using enum Role;
    // Examiner and approver may be one person over time, never on the same dossier: that is a guard
    // of the workflow. Here stand the pairs that no dossier makes right.
    constexpr std::array<std::pair<Role, Role>, 18> pairs{{
        {Auditor, SystemAdministrator},
        {Auditor, CaAdministrator},
        {Auditor, IntakeOfficer},
        {Auditor, Assessor},
        {Auditor, Approver},
        {Auditor, RegistrationOfficer},
        {Auditor, ProvinceCoordinator},
        {Auditor, Head},
        {Auditor, FocalPoint},
        {SystemAdministrator, IntakeOfficer},
        {SystemAdministrator, Assessor},
        {SystemAdministrator, Approver},
        {SystemAdministrator, RegistrationOfficer},
        {SystemAdministrator, CaAdministrator},
        {CaAdministrator, Assessor},
        {CaAdministrator, Approver},
        {CaAdministrator, RegistrationOfficer},
        {Approver, RegistrationOfficer},
    }};
    for (const auto& pair : pairs) {
        if (roles.has(pair.first) && roles.has(pair.second)) return pair;
    }
    return std::nullopt;
}

Roles roles_with(Permission permission) {
    using enum Role;
    switch (permission) {
        case Permission::PrepareDossier:
            return Roles(FocalPoint, Head);
        case Permission::SubmitDossier:
            return Roles(Head);
        case Permission::ManageAgencyPeople:
            return Roles(Head);
        case Permission::SeeOwnAgency:
            return Roles(FocalPoint, Head);
        case Permission::InviteAgencies:
            return Roles(ProvinceCoordinator);
        case Permission::FollowProvince:
            return Roles(ProvinceCoordinator);
        case Permission::SeeQueue:
            return Roles(IntakeOfficer, Assessor, Approver, RegistrationOfficer, Auditor);
        case Permission::IntakeDossier:
            return Roles(IntakeOfficer, ProvinceCoordinator);
        case Permission::RecordPaperDossier:
            return Roles(IntakeOfficer, ProvinceCoordinator);
        case Permission::AssignDossier:
            return Roles(IntakeOfficer, Assessor, Approver);
        case Permission::AssessDossier:
            return Roles(Assessor);
        case Permission::DecideDossier:
            return Roles(Approver);
        case Permission::PersonaliseDevice:
            return Roles(RegistrationOfficer);
        case Permission::UnmaskPersonalData:
            return Roles(IntakeOfficer, Assessor, Approver, RegistrationOfficer, Auditor);
        case Permission::ManagePeople:
            return Roles(SystemAdministrator);
        case Permission::ManageSettings:
            return Roles(SystemAdministrator);
        case Permission::ManageCa:
            return Roles(CaAdministrator);
        case Permission::ReadEverything:
            return Roles(Auditor);
        case Permission::ReadAudit:
            return Roles(Auditor);
        case Permission::ReadDeliveries:
            return Roles(SystemAdministrator, Auditor);
    }
    return {};
}

}  // namespace antin::domain
