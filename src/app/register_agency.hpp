#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "store/agencies.hpp"
#include "store/invitations.hpp"

namespace antin::app {

/// What an agency that was not invited says of itself. All plain text, as typed.
struct AgencyDetails {
    std::string name, kind, branch, level;
    std::string province_code;                // empty: the province that this installation serves
    std::string code, tax_code, budget_code;  // identifiers; the code may be empty: a provisional
                                              // one is given at approval
    std::string address, phone, email;
    std::string contact_name, contact_position, contact_role;  // who opens the first account
};
[[nodiscard]] std::string to_json(const AgencyDetails& details);
[[nodiscard]] AgencyDetails agency_details_from_json(std::string_view json);

/// One defect of a form: its field and the text key of the sentence.
struct FieldDefect {
    std::string field, key;
    std::vector<std::pair<std::string, std::string>> args;
};
/// All defects at once; empty when the details may be sent.
[[nodiscard]] std::vector<FieldDefect> check_agency_details(Services& services,
                                                            const AgencyDetails& details);

struct ProofUpload {
    std::string name;
    Bytes content;
};

/// Registers: stamped proof attached (PDF, JPEG or PNG), the province's coordinator is told, the
/// agency gets a mail with the link by which it follows and mends. Anyone may call.
/// Returns the secret of that link. Errors: Invalid "registration.defects" (ask
/// check_agency_details), "registration.proof_missing", "registration.proof_type",
/// Refused "registration.province_not_served", TooMany "registration.too_many",
/// "registration.too_many_of_mailbox" {{until}}.
[[nodiscard]] Result<std::string> register_agency(Services& services, const Actor& actor,
                                                  const AgencyDetails& details,
                                                  const ProofUpload& proof);

/// The registration behind a link. Errors: NotFound "registration.not_found".
[[nodiscard]] Result<store::Registration> follow_registration(Services& services,
                                                              std::string_view secret);
/// What was returned is mended and sent again; an empty proof keeps the old one.
/// Errors: as register_agency; Refused "registration.not_returned".
Status mend_registration(Services& services, const Actor& actor, std::string_view secret,
                         const AgencyDetails& details, const ProofUpload& proof);

struct DecideRegistration {
    std::int64_t registration_id = 0;
    std::int64_t version = 0;
    bool approve = false;
    std::string reasons;      // of a return
    std::string agency_code;  // of an approval: empty keeps what the agency gave, or a provisional
    std::optional<std::int64_t> existing_agency_id;  // it is a body that is on the list already
};
/// The coordinator of the province approves (the body is made or found, its contact is invited by
/// mail) or returns it with reasons. Errors: NotFound, Conflict "registration.decided", Invalid
/// "registration.reasons_missing" (field "reasons"), Conflict "agency.code_taken".
Status decide_registration(Services& services, const Actor& actor, const DecideRegistration& input);

[[nodiscard]] Result<std::vector<store::Registration>> open_registrations(Services& services,
                                                                          const Actor& actor,
                                                                          std::string_view state);
/// One registration for the coordinator, with the right to see its proof.
[[nodiscard]] Result<store::Registration> see_registration(Services& services, const Actor& actor,
                                                           std::int64_t id);

inline constexpr std::int64_t same_bodies_max = 5;
/// Bodies on the province's list that this may be: by name, whatever its diacritics, or by code.
[[nodiscard]] Result<std::vector<store::AgencyRow>> same_bodies(
    Services& services, const Actor& actor, const store::Registration& registration);

/// The stamped scan, for the coordinator of its province.
struct RegistrationProof {
    std::string name, media_type;
    Bytes content;
};
[[nodiscard]] Result<RegistrationProof> read_registration_proof(Services& services,
                                                                const Actor& actor,
                                                                std::int64_t id);

}  // namespace antin::app
