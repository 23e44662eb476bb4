#include "app/decide_lines.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/access.hpp"
#include "app/advance_dossier.hpp"
#include "app/bench_access.hpp"
#include "app/certificate_order.hpp"
#include "app/officer_access.hpp"
#include "app/order_paper.hpp"
#include "app/revoke_line.hpp"
#include "base/text.hpp"
#include "ca/authority.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/rules.hpp"

namespace antin::app {
namespace {

using enum domain::Role;

struct Work {
    sql::Transaction& tx;
    Services& services;
    const Actor& actor;
    store::Dossier dossier;
    Decided decided{};
    std::vector<std::string> refusals{};  // "Dòng 4, Lò Thị Hạnh: …"
};

domain::LineAction action_for(const LineDecision& decision, const store::DossierLine& line) {
    if (!decision.agree) return domain::LineAction::SendBack;
    return line.proposal == domain::Proposal::Refuse ? domain::LineAction::ApproveRefusal
                                                     : domain::LineAction::ApproveGrant;
}

Status approve_at_ca(Work& work, const store::DossierLine& line) {
    const auto proposer = store::find_account(work.tx, line.proposed_by.value_or(0));
    if (!proposer) return fail(domain::to_error(domain::Objection::NothingProposed));
    return order_certificate(work.tx, work.services, work.dossier, line,
                             {proposer->id, proposer->full_name},
                             {work.actor.account_id, work.actor.name});
}

bool revokes(const Work& work) {
    return work.dossier.procedure == domain::Procedure::Revocation;
}

/// What an approval sets going: a certificate to be issued, or one that ends now.
Status carry_out(Work& work, store::DossierLine& line) {
    if (!revokes(work)) return approve_at_ca(work, line);
    ANTIN_TRY(due_back, revoke_line(work.tx, work.services, work.actor, work.dossier, line));
    work.decided.devices_due_back += due_back ? 1 : 0;
    return {};
}

Status decide_one(Work& work, const LineDecision& decision, store::DossierLine& line) {
    auto facts = facts_of_line(work.dossier, line);
    facts.same_person = line.proposed_by == work.actor.account_id;
    if (!decision.agree) facts.reason_given = !clean_text(decision.reason).empty();
    const auto action = action_for(decision, line);
    auto next = decide_line(work.actor, work.dossier, facts, action);
    if (!next) {
        next.error().field = fmt::format("line_{}", line.number);
        return fail(next.error());
    }
    line.state = *next;
    const std::string name = fmt::format("line.{}", domain::to_text(action));
    if (action == domain::LineAction::SendBack) {
        line.proposal.reset();
        line.proposal_reason.clear();
        line.sent_for_approval_at.reset();
        line.decision_reason = clean_text(decision.reason);
        ++work.decided.sent_back;
    } else {
        line.decided_by = work.actor.account_id;
        line.decided_at = work.services.clock.now();
        line.decision = *next == domain::LineState::Approved ? "approved" : "refused";
        line.decision_reason = line.proposal_reason;
    }
    if (!store::save_line(work.tx, line)) return dossier_changed(work.tx, work.dossier.id);
    if (*next == domain::LineState::Approved) {
        ANTIN_CHECK(carry_out(work, line));
        ++work.decided.approved;
    } else if (*next == domain::LineState::Refused) {
        ++work.decided.refused;
        work.refusals.push_back(html::text(html::Language::Vietnamese, "line.refusal",
                                           {{"number", std::to_string(line.number)},
                                            {"name", line.name},
                                            {"reason", line.decision_reason}}));
    }
    audit::append(work.tx, journal_entry(work.services, work.actor, name, "dossier_line",
                                         std::to_string(line.id)));
    return {};
}

/// The agency learns what was decided, and what it owes now.
void tell_agency(Work& work) {
    const auto& decided = work.decided;
    const auto say = [&](const char* kind, std::vector<std::pair<std::string, std::string>> args) {
        args.emplace_back("code", name_of(work.dossier));
        notify_agency(work.tx, work.services, work.dossier.agency_id,
                      {kind, std::move(args), "/ho-so/" + name_of(work.dossier), work.dossier.id});
    };
    say(revokes(work) ? "revocation_decided" : "lines_decided",
        {{"approved", std::to_string(decided.approved)},
         {"refused", std::to_string(decided.refused)}});
    if (decided.devices_due_back == 0) return;
    const auto days = store::rule_integer(work.tx, "device.return_wd", work.dossier.rules_date);
    say("devices_due_back",
        {{"count", std::to_string(decided.devices_due_back)}, {"days", std::to_string(days)}});
}

void tell(Work& work) {
    const auto& decided = work.decided;
    if (decided.approved + decided.refused > 0) tell_agency(work);
    const auto bench = bench_body(work.tx, work.dossier.receiver_id);
    if (decided.approved > 0 && bench && !revokes(work)) {
        notify_role(work.tx, work.services, RegistrationOfficer, *bench,
                    {"lines_approved",
                     {{"code", name_of(work.dossier)}, {"count", std::to_string(decided.approved)}},
                     "/cap-phat",
                     work.dossier.id});
    }
    if (decided.sent_back > 0 && work.dossier.assessor_id) {
        notify_person(
            work.tx, work.services, *work.dossier.assessor_id,
            {"lines_sent_back",
             {{"code", name_of(work.dossier)}, {"count", std::to_string(decided.sent_back)}},
             officer_path(work.dossier),
             work.dossier.id});
    }
}

Result<Decided> decide_all(sql::Transaction& tx, Services& services, const Actor& actor,
                           const DecideLines& input) {
    ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
    if (dossier.state != domain::DossierState::InProgress) {
        return fail(domain::to_error(domain::Objection::NotNow));
    }
    Work work{tx, services, actor, std::move(dossier)};
    auto lines = store::dossier_lines(tx, work.dossier.id);
    for (const LineDecision& decision : input.decisions) {
        const auto line = std::ranges::find(lines, decision.number, &store::DossierLine::number);
        if (line == lines.end()) return fail(ErrorKind::NotFound, "dossier.not_found");
        ANTIN_CHECK(decide_one(work, decision, *line));
    }
    const auto& decided = work.decided;
    if (decided.approved + decided.refused + decided.sent_back == 0) {
        return fail(domain::to_error(domain::Objection::NothingProposed));
    }
    if (!store::save_dossier(tx, work.dossier)) return dossier_changed(tx, work.dossier.id);
    record_step(tx, services, actor, work.dossier,
                {.act = revokes(work) ? "revocation_decided" : "lines_decided",
                 .from = work.dossier.state,
                 .data = fmt::format(R"({{"approved":{},"refused":{},"sent_back":{}}})",
                                     decided.approved, decided.refused, decided.sent_back)});
    if (!work.refusals.empty()) {
        order_line_refusal(tx, services, work.dossier, work.refusals, actor.name);
    }
    tell(work);
    ANTIN_CHECK(advance_dossier(tx, services, actor, work.dossier.id));
    return decided;
}

}  // namespace

Result<Decided> decide_lines(Services& services, const Actor& actor, const DecideLines& input) {
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id, domain::Roles(Approver),
                                    "dossier.lines_decided"));
    (void)seen;
    auto decided = services.db.transact(
        [&](sql::Transaction& tx) { return decide_all(tx, services, actor, input); });
    if (decided && services.authority != nullptr) services.authority->wake();
    return decided;
}

}  // namespace antin::app
