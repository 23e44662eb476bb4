#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/check_dossier.hpp"
#include "app/dossier_clock.hpp"
#include "app/services.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/attachments.hpp"
#include "store/dossier_events.hpp"
#include "store/papers.hpp"
#include "store/proposals.hpp"
#include "store/supplements.hpp"

namespace antin::app {

/// Everything an officer sees of a dossier at one glance, read at one moment.
struct OfficerDossier {
    CheckedDossier checked;  // dossier, rows, findings
    store::Agency agency, receiver;
    std::optional<store::Account> assessor;
    bool assessor_is_here = false;          // still an examiner of the body
    std::vector<store::Account> assessors;  // whom it may be given to
    std::vector<store::DossierEvent> events;
    std::vector<store::Attachment> attachments;
    std::vector<store::Paper> papers;
    std::vector<store::SupplementRequest> supplements;
    std::vector<store::DossierProposal> proposals;  // that wait for a decision, and drafts
    std::optional<ClockReading> clock;
    bool sees_personal_data = false;  // opened today by this person, on record
    // What the actor may do here, by role at the receiving body; states are asked by the table.
    bool is_intake = false, is_assessor = false, is_approver = false, is_mine = false;
};
[[nodiscard]] Result<OfficerDossier> view_officer_dossier(Services& services, const Actor& actor,
                                                          std::int64_t id);

/// A file of the dossier for an officer who may read it. NotFound "file.not_found" else.
struct OfficerFile {
    store::File file;
    Bytes bytes;
};
[[nodiscard]] Result<OfficerFile> read_dossier_file(Services& services, const Actor& actor,
                                                    std::int64_t dossier_id,
                                                    std::int64_t attachment_id);

/// "•••••••••417", "s•••@laichau.gov.vn", "•••••••101": enough to tell rows apart.
[[nodiscard]] std::string masked(std::string_view field_key, std::string_view value);

}  // namespace antin::app
