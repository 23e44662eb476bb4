#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct LineChoice {
    std::int64_t number = 0;
    std::optional<domain::Proposal> proposal;  // nothing: not looked at yet
    std::string reason;                        // of a refusal, or what to supplement
};
struct AssessLines {
    std::int64_t dossier_id = 0;
    std::vector<LineChoice> choices;
};

/// The examiner's choices, row by row or many at once. They bind nobody until sent on with
/// propose_lines; rows that have moved on are left alone. Answers how many rows changed.
/// Errors: Refused "workflow.not_assigned_to_you", "workflow.not_now".
[[nodiscard]] Result<int> assess_lines(Services& services, const Actor& actor,
                                       const AssessLines& input);

struct ProposeLines {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
};
struct Proposed {
    int granted = 0, refused = 0;
};
/// Sends every row with the choice "approve" or "refuse" to the approver. Rows go forward on their
/// own. Errors: Refused "workflow.nothing_proposed"; Invalid "workflow.no_reason" with the row as
/// field ("line_7") when a refusal has no reason.
[[nodiscard]] Result<Proposed> propose_lines(Services& services, const Actor& actor,
                                             const ProposeLines& input);

struct OpenPersonalData {
    std::int64_t dossier_id = 0;
};
/// From now on, for this day, the officer sees the personal data of this dossier unmasked; that is
/// on record. For examiners, approvers, receptionists and registration officers.
[[nodiscard]] Status open_personal_data(Services& services, const Actor& actor,
                                        const OpenPersonalData& input);
/// Did this person open the personal data of the dossier today?
[[nodiscard]] bool sees_personal_data(sql::Reader& db, const Services& services, const Actor& actor,
                                      std::int64_t dossier_id);

}  // namespace antin::app
