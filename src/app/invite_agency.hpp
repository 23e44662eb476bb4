#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/agencies.hpp"
#include "store/invitations.hpp"

namespace antin::app {

/// Who is invited, and as what: "focal_point", "head", or "both" (one person may be both).
struct InviteAgency {
    std::int64_t agency_id = 0;
    std::string email;      // official; where the mail goes and the later sign-in name
    std::string full_name;  // may be empty
    std::string role = "focal_point";
};

struct Invited {
    std::int64_t invitation_id = 0;
    std::string agency_name;
};
/// One agency's result in a batch.
struct InviteOutcome {
    InviteAgency input;
    std::optional<Invited> done;
    std::optional<Error> error;
};

/// Invites one agency: record, mail, journal. The province's coordinator only.
/// Errors: NotFound "agency.not_found" (not of the actor's province), Refused
/// "invitation.agency_closed", Invalid "invitation.email_*" (field "email") or
/// "invitation.role" (field "role").
[[nodiscard]] Result<Invited> invite_agency(Services& services, const Actor& actor,
                                            const InviteAgency& input);

/// Many at once: those that can be invited are, the others say why; nothing is lost.
/// Errors: TooLarge "invitation.too_many" above 2,000.
[[nodiscard]] Result<std::vector<InviteOutcome>> invite_agencies(
    Services& services, const Actor& actor, const std::vector<InviteAgency>& inputs);

/// The part of both that runs inside a transaction: for use cases that invite as one of their
/// effects. The caller has checked that `agency` is in the actor's province.
[[nodiscard]] Result<Invited> invite_in(sql::Transaction& tx, const Services& services,
                                        const Actor& actor, const InviteAgency& input,
                                        store::Agency agency, std::string_view batch);

/// Takes an unused invitation back. Errors: NotFound, Conflict "invitation.used".
Status withdraw_invitation(Services& services, const Actor& actor, std::int64_t invitation_id);

/// The code of mail, letter and QR, "ABCD-EFGH-JKMN". Made from the vault key and the invitation's
/// number, so that a letter can be printed again and the database holds only a hash of it.
[[nodiscard]] std::string invitation_code(const Services& services, std::int64_t invitation_id);
/// 32 bytes that only the holder of the vault key can make: for links and codes that must be sent
/// or printed again although the database holds no more than a hash of them.
[[nodiscard]] Bytes derived_secret(const Services& services, std::string_view purpose);
/// What a person typed, as it is hashed: upper case, without spaces and hyphens.
[[nodiscard]] std::string plain_invitation_code(std::string_view typed);

/// The invitations of the coordinator's province that can still be used, by name of the agency
/// (at most 2,000). Errors: Forbidden "access.role".
[[nodiscard]] Result<std::vector<std::int64_t>> open_invitations(Services& services,
                                                                 const Actor& actor);

/// One letter per invitation as one PDF. Coordinator of the province of each.
[[nodiscard]] Result<Bytes> print_invitation_letters(Services& services, const Actor& actor,
                                                     const std::vector<std::int64_t>& invitations);

/// The body (Sở KH&CN) for which the actor coordinates `province_code`, if it does.
[[nodiscard]] std::optional<store::Agency> coordinating_desk(sql::Reader& db, const Actor& actor,
                                                             std::string_view province_code);

}  // namespace antin::app
