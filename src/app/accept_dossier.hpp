#pragma once
#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct AcceptDossier {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
};

/// The receptionist accepts: code `<body>-YYMMDD-NNNN` without gaps per body and day, check value,
/// due time with the calendar's version, receipt ordered, agency told. The same person once more
/// gets the same dossier and nothing happens twice.
///
/// Errors: Conflict "dossier.changed"; Refused "workflow.not_now"; Unavailable
///         "calendar.year_missing" when the due day is not in the calendar.
/// Source: NĐ 68/2024/NĐ-CP Điều 11; TT 03/2025/TT-VPCP Mẫu 01.
[[nodiscard]] Result<store::Dossier> accept_dossier(Services& services, const Actor& actor,
                                                    const AcceptDossier& input);

}  // namespace antin::app
