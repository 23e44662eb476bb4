#pragma once
#include <string>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

struct WithdrawDossier {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    std::string reason;
};
/// The agency asks to have its dossier back; an officer agrees or declines. The clock stands.
/// Who: clerk or head of the agency. Errors: Refused "workflow.not_now", Invalid
/// "withdraw.no_reason", Conflict "dossier.changed".
[[nodiscard]] Result<store::Dossier> withdraw_dossier(Services& services, const Actor& actor,
                                                      const WithdrawDossier& input);

struct AnswerSupplement {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;
    std::string note;
};
/// The agency has mended what was asked: its rows go back to the officers and the clock goes on.
/// Refused "workflow.not_answered" while a row still has a defect, "supplement.none_open" when
/// nothing is asked.
[[nodiscard]] Result<store::Dossier> answer_supplement(Services& services, const Actor& actor,
                                                       const AnswerSupplement& input);

}  // namespace antin::app
