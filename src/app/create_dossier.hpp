#pragma once
#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct CreateDossier {
    std::int64_t agency_id = 0;
    domain::Procedure procedure = domain::Procedure::Issuance;
    domain::SubscriberKind subscriber_kind = domain::SubscriberKind::Individual;
    domain::Carrier carrier = domain::Carrier::PkiToken;
};

/// Can the portal carry this kind of request to its end? What it cannot is not begun here either.
[[nodiscard]] bool is_offered(domain::Procedure procedure);

/// A new draft with what the system already knows filled in: the recipient is the person who makes
/// it; for an issuance the agency's name and province stand once for all rows.
/// Who: clerk or head of the agency, which must be approved (Refused "agency.not_approved").
/// Refused "procedure.not_yet" for a kind that is not offered.
[[nodiscard]] Result<store::Dossier> create_dossier(Services& services, const Actor& actor,
                                                    const CreateDossier& input);

}  // namespace antin::app
