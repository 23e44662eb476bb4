#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"
#include "store/supplements.hpp"

namespace antin::app {

struct RequestSupplement {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    std::vector<store::SupplementItem> items;  // all defects at once
    std::string reason;
    int answer_working_days = 0;  // 0: as the rule says
    bool late_accepted = false;   // of a further request: "it counts as late, send it anyway"
};

/// Asks the agency to mend: by the receptionist before acceptance, by the assigned examiner after.
/// Rows named wait for the agency, all that are still to be looked at when a point concerns the
/// whole dossier; when every row without a result waits the dossier does, and its clock stops with
/// the working minutes it has.
///
/// Errors: Refused "workflow.nothing_to_correct", "workflow.not_now", "supplement.one_is_open",
///         "workflow.not_assigned_to_you", "supplement.counts_late" for a further request without
///         `late_accepted`; Conflict "dossier.changed".
/// Source: TT 03/2025/TT-VPCP Mẫu 02; from the second request on a dossier counts as late in the
///         indicators of Bộ chỉ số 766 (2.1): whoever sends it says that they know.
[[nodiscard]] Result<store::Dossier> request_supplement(Services& services, const Actor& actor,
                                                        const RequestSupplement& input);

/// The day by which an answer is asked, so many working days from now.
[[nodiscard]] Result<Instant> answer_due(sql::Reader& db, Instant now, int working_days);

/// Would one more request make the dossier count as late (rule "supplement.max_before_warning")?
[[nodiscard]] bool counts_late_next(sql::Reader& db, const store::Dossier& dossier);

/// For the jobs runner: requests whose day has passed. Their rows are refused; the dossier is
/// decided when any row has a result, else stopped; otherwise its other rows go on. Answers how
/// many were closed.
[[nodiscard]] Result<int> expire_supplements(Services& services);

}  // namespace antin::app
