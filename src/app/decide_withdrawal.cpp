#include "app/decide_withdrawal.hpp"

#include <fmt/format.h>

#include "app/dossier_clock.hpp"
#include "app/officer_access.hpp"
#include "base/text.hpp"
#include "html/template.hpp"
#include "store/dossier_events.hpp"
#include "store/supplements.hpp"

namespace antin::app {
namespace {

/// Where the dossier stood when the agency asked: its last step into the request says so.
domain::DossierState state_before(sql::Reader& db, std::int64_t id) {
    const auto events = store::dossier_events(db, id, store::EventAudience::Officer);
    const auto asked = domain::to_text(domain::DossierState::WithdrawalRequested);
    for (auto event = events.rbegin(); event != events.rend(); ++event) {
        if (event->to_state != asked || event->from_state == asked) continue;
        return domain::parse<domain::DossierState>(event->from_state)
            .value_or(domain::DossierState::Submitted);
    }
    return domain::DossierState::Submitted;
}

Status close_lines(sql::Transaction& tx, Services& services, const store::Dossier& dossier) {
    for (auto& line : store::dossier_lines(tx, dossier.id)) {
        const auto decision = domain::decide(facts_of_line(dossier, line),
                                             domain::LineAction::Close, domain::Role::System);
        const auto* next = std::get_if<domain::Transition<domain::LineState>>(&decision);
        if (next == nullptr) continue;
        line.state = next->to;
        line.decision_reason = html::text(html::Language::Vietnamese, "line.reason.withdrawn");
        line.decided_at = services.clock.now();
        if (!store::save_line(tx, line)) return dossier_changed(tx, dossier.id);
    }
    if (const auto open = store::open_supplement(tx, dossier.id)) {
        store::close_supplement(tx, open->id, "cancelled", std::nullopt, services.clock.now(), "");
    }
    return {};
}

Result<store::Dossier> decide(sql::Transaction& tx, Services& services, const Actor& actor,
                              const DecideWithdrawal& input) {
    const Instant now = services.clock.now();
    ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
    const auto from = dossier.state;
    auto facts = facts_of(dossier, store::dossier_lines(tx, dossier.id));
    facts.before_withdrawal = state_before(tx, dossier.id);
    const auto action = input.agree ? domain::DossierAction::AgreeWithdrawal
                                    : domain::DossierAction::DeclineWithdrawal;
    ANTIN_TRY(next, decide_dossier(actor, dossier, facts, action));
    const std::string reason = clean_text(input.reason);
    if (!input.agree && reason.empty()) {
        return fail(domain::to_error(domain::Objection::NoReason));
    }
    dossier.state = next;
    if (input.agree) {
        ANTIN_CHECK(close_lines(tx, services, dossier));
        dossier.decided_at = now;
        dossier.end_reason = "withdrawn";
    } else {
        dossier.end_reason.clear();  // what the agency wrote when it asked
        if (!domain::clock_stands(next)) ANTIN_CHECK(resume_clock(tx, dossier, now));
    }
    if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
    record_step(tx, services, actor, dossier,
                {.act = input.agree ? "withdrawn" : "withdrawal_declined",
                 .from = from,
                 .is_public = true,
                 .reason = input.agree ? "" : reason});
    notify_agency(
        tx, services, dossier.agency_id,
        {input.agree ? "withdrawn" : "withdrawal_declined",
         {{"code", name_of(dossier)}, {"reason", reason}},
         dossier.code ? "/ho-so/" + *dossier.code : fmt::format("/ho-so/da-gui/{}", dossier.id),
         dossier.id});
    return dossier;
}

}  // namespace

Result<store::Dossier> decide_withdrawal(Services& services, const Actor& actor,
                                         const DecideWithdrawal& input) {
    using enum domain::Role;
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id,
                                    domain::Roles(IntakeOfficer, Assessor, ProvinceCoordinator),
                                    "dossier.withdrawn"));
    (void)seen;
    return services.db.transact(
        [&](sql::Transaction& tx) { return decide(tx, services, actor, input); });
}

}  // namespace antin::app
