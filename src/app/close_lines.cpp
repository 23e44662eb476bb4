#include "app/close_lines.hpp"

#include "app/officer_access.hpp"
#include "store/proposals.hpp"
#include "store/supplements.hpp"

namespace antin::app {

Status close_lines(sql::Transaction& tx, Services& services, const store::Dossier& dossier,
                   const std::string& reason) {
    const Instant now = services.clock.now();
    for (auto& line : store::dossier_lines(tx, dossier.id)) {
        if (domain::has_result(line.state)) continue;
        const auto decision = domain::decide(facts_of_line(dossier, line),
                                             domain::LineAction::Close, domain::Role::System);
        const auto* next = std::get_if<domain::Transition<domain::LineState>>(&decision);
        if (next == nullptr) return fail(domain::to_error(domain::Objection::ResultsExist));
        line.state = next->to;
        line.decision = "refused";
        line.decision_reason = reason;
        line.decided_at = now;
        if (!store::save_line(tx, line)) return dossier_changed(tx, dossier.id);
    }
    if (const auto open = store::open_supplement(tx, dossier.id)) {
        store::close_supplement(tx, open->id, "cancelled", std::nullopt, now, "");
    }
    return {};
}

void end_dossier(sql::Transaction& tx, store::Dossier& dossier, Instant now) {
    dossier.decided_at = now;
    store::drop_proposals(tx, dossier.id, "stop", now);
    store::drop_proposals(tx, dossier.id, "postponement", now);
}

}  // namespace antin::app
