#include "app/withdraw_dossier.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/access.hpp"
#include "app/check_dossier.hpp"
#include "app/dossier_access.hpp"
#include "app/dossier_clock.hpp"
#include "app/notify.hpp"
#include "app/officer_access.hpp"
#include "base/text.hpp"
#include "domain/dossier_workflow.hpp"
#include "domain/line_workflow.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/attachments.hpp"
#include "store/dossier_events.hpp"
#include "store/supplements.hpp"

namespace antin::app {
namespace {

constexpr std::size_t note_length_max = 1000;

/// The role in which the actor acts for the agency; heads are also clerks.
domain::Role agency_role(const Actor& actor, std::int64_t agency_id) {
    return actor.has(domain::Role::FocalPoint, agency_id) ? domain::Role::FocalPoint
                                                          : domain::Role::Head;
}

void note_step(sql::Transaction& tx, const Services& services, const Actor& actor,
               const store::Dossier& dossier, domain::DossierState from, std::string act) {
    store::DossierEvent event;
    event.dossier_id = dossier.id;
    event.act = act;
    event.from_state = domain::to_text(from);
    event.to_state = domain::to_text(dossier.state);
    event.actor_id = actor.account_id;
    event.actor_name = actor.name;
    event.at = services.clock.now();
    event.is_public = true;
    store::add_dossier_event(tx, event);
    audit::append(tx, journal_entry(services, actor, "dossier." + act, "dossier",
                                    std::to_string(dossier.id)));
}

Result<store::Dossier> again(sql::Transaction& tx, std::int64_t id, std::int64_t version) {
    auto dossier = store::find_dossier(tx, id);
    if (!dossier) return fail(ErrorKind::NotFound, "dossier.not_found");
    if (dossier->version != version) return fail(ErrorKind::Conflict, "dossier.changed");
    return std::move(*dossier);
}

/// The examiner, or the receptionists while nobody examines it yet: somebody has to know.
void tell_officers(sql::Transaction& tx, const Services& services, const store::Dossier& dossier,
                   std::string kind) {
    const Message message{
        std::move(kind), {{"code", name_of(dossier)}}, officer_path(dossier), dossier.id};
    if (dossier.assessor_id) {
        notify_person(tx, services, *dossier.assessor_id, message);
    } else {
        notify_role(tx, services, domain::Role::IntakeOfficer, dossier.receiver_id, message);
    }
}

/// Rows that were sent back are requested again.
Status give_back_rows(sql::Transaction& tx, CheckedDossier& checked, domain::Role role) {
    for (auto& line : checked.lines) {
        if (line.state != domain::LineState::InCorrection) continue;
        domain::LineFacts facts;
        facts.state = line.state;
        facts.procedure = checked.dossier.procedure;
        ANTIN_TRY(next,
                  domain::as_result(domain::decide(facts, domain::LineAction::Correct, role)));
        line.state = next;
        line.proposal.reset();
        line.proposal_reason.clear();
        line.proposed_by.reset();
        line.proposed_at.reset();
        if (!store::save_line(tx, line)) return fail(ErrorKind::Conflict, "dossier.changed");
    }
    return {};
}

bool rows_mended(const CheckedDossier& checked) {
    for (std::size_t i = 0; i < checked.lines.size(); ++i) {
        if (checked.lines[i].state == domain::LineState::InCorrection &&
            !checked.findings.lines[i].defects.empty())
            return false;
    }
    return true;
}

/// Every point has its answer: its row was saved since, a file came for the whole dossier, or a
/// note says why it stays. An answer sent by mistake would start the clock again.
Status every_point_touched(sql::Reader& db, const CheckedDossier& checked,
                           const store::SupplementRequest& request, std::string_view note) {
    if (!note.empty()) return {};
    const auto since = [&](Instant at) { return at > request.asked_at; };
    for (const auto& item : request.items) {
        bool touched = false;
        for (const auto& line : checked.lines)
            touched =
                touched || (line.number == item.line && line.saved_at && since(*line.saved_at));
        if (item.line == 0)
            touched = std::ranges::any_of(store::attachments(db, checked.dossier.id),
                                          [&](const auto& file) { return since(file.added_at); });
        if (touched) continue;
        if (item.line == 0)
            return fail(ErrorKind::Invalid, "supplement.nothing_sent", {}, {}, "note");
        return fail(ErrorKind::Invalid, "supplement.row_untouched", {},
                    {{"row", std::to_string(item.line)}}, "note");
    }
    return {};
}

}  // namespace

Result<store::Dossier> withdraw_dossier(Services& services, const Actor& actor,
                                        const WithdrawDossier& input) {
    ANTIN_TRY(seen, agency_dossier(services, actor, input.dossier_id));
    const std::string reason = clean_text(input.reason);
    if (reason.empty()) return fail(ErrorKind::Invalid, "withdraw.no_reason", {}, {}, "reason");
    if (code_points(reason) > note_length_max)
        return fail(ErrorKind::TooLarge, "draft.note_too_long", {}, {}, "reason");
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Dossier> {
        ANTIN_TRY(dossier, again(tx, seen.id, input.version));
        domain::DossierFacts facts;
        facts.state = dossier.state;
        facts.reason_given = true;
        const auto from = dossier.state;
        ANTIN_TRY(next,
                  domain::as_result(domain::decide(facts, domain::DossierAction::RequestWithdrawal,
                                                   agency_role(actor, dossier.agency_id))));
        ANTIN_CHECK(stop_clock(tx, dossier, now));
        dossier.state = next;
        dossier.end_reason = reason;
        if (!store::save_dossier(tx, dossier)) return fail(ErrorKind::Conflict, "dossier.changed");
        note_step(tx, services, actor, dossier, from, "withdrawal_requested");
        tell_officers(tx, services, dossier, "withdrawal_requested");
        return dossier;
    });
}

Result<store::Dossier> answer_supplement(Services& services, const Actor& actor,
                                         const AnswerSupplement& input) {
    ANTIN_TRY(seen, agency_dossier(services, actor, input.dossier_id));
    const std::string note = clean_text(input.note);
    if (code_points(note) > note_length_max)
        return fail(ErrorKind::TooLarge, "draft.note_too_long", {}, {}, "note");
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Dossier> {
        ANTIN_TRY(dossier, again(tx, seen.id, input.version));
        const auto request = store::open_supplement(tx, dossier.id);
        if (!request) return fail(ErrorKind::Refused, "supplement.none_open");
        auto checked = check_dossier(tx, services, dossier);
        const auto role = agency_role(actor, dossier.agency_id);
        const auto from = dossier.state;
        domain::DossierFacts facts;
        facts.state = dossier.state;
        facts.accepted_before = dossier.accepted_at.has_value();
        facts.every_point_answered = rows_mended(checked);
        ANTIN_TRY(next, domain::as_result(
                            domain::decide(facts, domain::DossierAction::AnswerSupplement, role)));
        ANTIN_CHECK(every_point_touched(tx, checked, *request, note));
        ANTIN_CHECK(give_back_rows(tx, checked, role));
        if (!store::close_supplement(tx, request->id, "answered", actor.account_id, now, note))
            return fail(ErrorKind::Conflict, "dossier.changed");
        ANTIN_CHECK(resume_clock(tx, dossier, now));
        dossier.state = next;
        if (!store::save_dossier(tx, dossier)) return fail(ErrorKind::Conflict, "dossier.changed");
        note_step(tx, services, actor, dossier, from, "supplement_answered");
        tell_officers(tx, services, dossier, "supplement_answered");
        return dossier;
    });
}

}  // namespace antin::app
