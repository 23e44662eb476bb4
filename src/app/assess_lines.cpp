#include "app/assess_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/officer_access.hpp"
#include "base/text.hpp"
#include "store/dossier_events.hpp"

namespace antin::app {
namespace {

using enum domain::Role;

Status must_be_assessor(const Actor& actor, const store::Dossier& dossier) {
    if (dossier.state != domain::DossierState::InProgress) {
        return fail(domain::to_error(domain::Objection::NotNow));
    }
    if (dossier.assessor_id != actor.account_id) {
        return fail(domain::to_error(domain::Objection::NotAssignedToYou));
    }
    return {};
}

Result<Proposed> propose(sql::Transaction& tx, Services& services, const Actor& actor,
                         const ProposeLines& input) {
    const Instant now = services.clock.now();
    ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
    ANTIN_CHECK(must_be_assessor(actor, dossier));
    Proposed proposed;
    for (auto& line : store::dossier_lines(tx, dossier.id)) {
        if (line.state != domain::LineState::Requested || !line.proposal ||
            *line.proposal == domain::Proposal::Supplement) {
            continue;
        }
        auto next =
            decide_line(actor, dossier, facts_of_line(dossier, line), domain::LineAction::Propose);
        if (!next) {
            next.error().field = fmt::format("line_{}", line.number);
            return fail(next.error());
        }
        line.state = *next;
        line.proposed_by = actor.account_id;
        line.proposed_at = now;
        line.sent_for_approval_at = now;
        if (!store::save_line(tx, line)) return dossier_changed(tx, dossier.id);
        (*line.proposal == domain::Proposal::Grant ? proposed.granted : proposed.refused)++;
    }
    if (proposed.granted + proposed.refused == 0) {
        return fail(domain::to_error(domain::Objection::NothingProposed));
    }
    if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
    record_step(tx, services, actor, dossier,
                {.act = "proposed",
                 .from = dossier.state,
                 .data = fmt::format(R"({{"granted":{},"refused":{}}})", proposed.granted,
                                     proposed.refused),
                 .is_internal = true});
    notify_role(tx, services, Approver, dossier.receiver_id,
                {"lines_proposed",
                 {{"code", name_of(dossier)},
                  {"count", std::to_string(proposed.granted + proposed.refused)}},
                 officer_path(dossier),
                 dossier.id});
    return proposed;
}

}  // namespace

Result<int> assess_lines(Services& services, const Actor& actor, const AssessLines& input) {
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id, domain::Roles(Assessor),
                                    "dossier.assessed"));
    ANTIN_CHECK(must_be_assessor(actor, seen));
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<int> {
        const auto dossier = store::find_dossier(tx, input.dossier_id);
        if (!dossier) return fail(ErrorKind::NotFound, "dossier.not_found");
        ANTIN_CHECK(must_be_assessor(actor, *dossier));
        auto lines = store::dossier_lines(tx, dossier->id);
        int changed = 0;
        for (const LineChoice& choice : input.choices) {
            const auto line = std::ranges::find(lines, choice.number, &store::DossierLine::number);
            if (line == lines.end() || line->state != domain::LineState::Requested) continue;
            const std::string reason = clean_text(choice.reason);
            if (line->proposal == choice.proposal && line->proposal_reason == reason) continue;
            line->proposal = choice.proposal;
            line->proposal_reason = reason;
            line->proposed_by = actor.account_id;
            line->proposed_at = now;
            if (!store::save_line(tx, *line)) return dossier_changed(tx, dossier->id);
            ++changed;
        }
        return changed;
    });
}

Result<Proposed> propose_lines(Services& services, const Actor& actor, const ProposeLines& input) {
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id, domain::Roles(Assessor),
                                    "dossier.proposed"));
    (void)seen;
    return services.db.transact(
        [&](sql::Transaction& tx) { return propose(tx, services, actor, input); });
}

bool sees_personal_data(sql::Reader& db, const Services& services, const Actor& actor,
                        std::int64_t dossier_id) {
    const Date today = local_date(services.clock.now());
    const auto events = store::dossier_events(db, dossier_id, store::EventAudience::Officer);
    return std::ranges::any_of(events, [&](const store::DossierEvent& event) {
        return event.act == "opened" && event.actor_id == actor.account_id &&
               local_date(event.at) == today;
    });
}

Status open_personal_data(Services& services, const Actor& actor, const OpenPersonalData& input) {
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id, reading_officers(),
                                    "dossier.opened"));
    (void)seen;
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto dossier = store::find_dossier(tx, input.dossier_id);
        if (!dossier) return fail(ErrorKind::NotFound, "dossier.not_found");
        if (sees_personal_data(tx, services, actor, dossier->id)) return {};
        record_step(tx, services, actor, *dossier,
                    {.act = "opened", .from = dossier->state, .is_internal = true});
        return {};
    });
}

}  // namespace antin::app
