#include "app/decide_proposal.hpp"

#include <fmt/format.h>

#include "app/close_lines.hpp"
#include "app/dossier_clock.hpp"
#include "app/officer_access.hpp"
#include "app/order_paper.hpp"
#include "app/proposals.hpp"
#include "base/text.hpp"
#include "forms/paper_library.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"

namespace antin::app {
namespace {

using domain::DossierAction;
using enum domain::Role;

Result<store::DossierProposal> waiting_proposal(sql::Reader& db, std::int64_t dossier_id,
                                                std::int64_t id) {
    auto proposal = store::find_proposal(db, id);
    if (!proposal || proposal->dossier_id != dossier_id) {
        return fail(ErrorKind::NotFound, "proposal.not_found");
    }
    if (proposal->state != "open" && proposal->state != "draft") {
        return fail(ErrorKind::Refused, "proposal.outdated");
    }
    return std::move(*proposal);
}

Signer signer_of(sql::Reader& db, const Actor& actor) {
    const auto account = store::find_account(db, actor.account_id);
    return {account ? account->position : "", actor.name};
}

struct Work {
    sql::Transaction& tx;
    Services& services;
    const Actor& actor;
    store::Dossier dossier;
    store::DossierProposal proposal;
    Instant now;
};

Status tell_agency(Work& work, const char* kind,
                   std::vector<std::pair<std::string, std::string>> args) {
    args.emplace_back("code", name_of(work.dossier));
    args.emplace_back("reason", work.proposal.reason);
    notify_agency(work.tx, work.services, work.dossier.agency_id,
                  {kind, std::move(args), "/ho-so/" + name_of(work.dossier), work.dossier.id});
    return {};
}

Status stop(Work& work) {
    const auto from = work.dossier.state;
    work.dossier.state = domain::DossierState::Stopped;
    work.dossier.end_reason = work.proposal.reason;
    const auto reasons = lines_of(work.proposal.reason);
    ANTIN_CHECK(close_lines(work.tx, work.services, work.dossier,
                            fmt::format("{}", fmt::join(reasons, " "))));
    end_dossier(work.tx, work.dossier, work.now);
    if (!store::save_dossier(work.tx, work.dossier)) {
        return dossier_changed(work.tx, work.dossier.id);
    }
    order_processing_stop(work.tx, work.services, work.dossier, reasons,
                          signer_of(work.tx, work.actor));
    record_step(work.tx, work.services, work.actor, work.dossier,
                {.act = "stopped", .from = from, .is_public = true});
    return tell_agency(work, "stopped", {});
}

Status postpone(Work& work) {
    const Instant promised = *work.dossier.due_at;
    const Instant new_due = work.proposal.new_due_at.value_or(promised);
    ANTIN_CHECK(postpone_clock(work.tx, work.dossier, new_due, work.now));
    if (!store::save_dossier(work.tx, work.dossier)) {
        return dossier_changed(work.tx, work.dossier.id);
    }
    order_postponement(work.tx, work.services, work.dossier, promised, new_due,
                       fmt::format("{}", fmt::join(lines_of(work.proposal.reason), " ")),
                       signer_of(work.tx, work.actor));
    record_step(work.tx, work.services, work.actor, work.dossier,
                {.act = "postponed",
                 .from = work.dossier.state,
                 .data = fmt::format(R"({{"due":"{}","promised":"{}"}})", to_vietnamese(new_due),
                                     to_vietnamese(promised)),
                 .is_public = true});
    return tell_agency(work, "postponed",
                       {{"promised", to_vietnamese(promised)}, {"due", to_vietnamese(new_due)}});
}

Status decline(Work& work, const std::string& reason) {
    if (reason.empty()) return fail(domain::to_error(domain::Objection::NoReason));
    if (!store::save_dossier(work.tx, work.dossier)) {
        return dossier_changed(work.tx, work.dossier.id);
    }
    record_step(
        work.tx, work.services, work.actor, work.dossier,
        {.act = work.proposal.kind + "_declined", .from = work.dossier.state, .is_internal = true});
    if (work.proposal.proposed_by) {
        notify_person(work.tx, work.services, *work.proposal.proposed_by,
                      {work.proposal.kind + "_declined",
                       {{"code", name_of(work.dossier)}, {"reason", reason}},
                       officer_path(work.dossier),
                       work.dossier.id});
    }
    return {};
}

/// The table's answer, with what only the proposal knows.
Status may_decide(const Work& work) {
    auto facts = facts_of(work.dossier, store::dossier_lines(work.tx, work.dossier.id));
    facts.proposed = work.proposal.state == "open";
    facts.same_person = work.proposal.proposed_by == work.actor.account_id;
    facts.before_due = work.dossier.due_at && work.now < *work.dossier.due_at;
    const bool is_stop = work.proposal.kind == "stop";
    ANTIN_TRY(next, decide_dossier(work.actor, work.dossier, facts,
                                   is_stop ? DossierAction::Stop : DossierAction::Postpone));
    (void)next;
    if (!is_stop && work.proposal.promised_at != work.dossier.due_at) {
        return fail(ErrorKind::Refused, "proposal.outdated");
    }
    return {};
}

Result<store::Dossier> decide(sql::Transaction& tx, Services& services, const Actor& actor,
                              const DecideProposal& input) {
    ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
    ANTIN_TRY(proposal, waiting_proposal(tx, dossier.id, input.proposal_id));
    Work work{tx, services, actor, std::move(dossier), std::move(proposal), services.clock.now()};
    const auto reason = clean_text(input.reason);
    if (work.proposal.proposed_by == actor.account_id) {
        return fail(domain::to_error(domain::Objection::SamePerson));
    }
    if (input.agree) ANTIN_CHECK(may_decide(work));
    if (!store::end_proposal(tx, work.proposal.id, input.agree ? "agreed" : "declined",
                             actor.account_id, work.now, reason)) {
        return dossier_changed(tx, work.dossier.id);
    }
    if (!input.agree) {
        ANTIN_CHECK(decline(work, reason));
    } else if (work.proposal.kind == "stop") {
        ANTIN_CHECK(stop(work));
    } else {
        ANTIN_CHECK(postpone(work));
    }
    return std::move(work.dossier);
}

}  // namespace

Result<store::Dossier> decide_proposal(Services& services, const Actor& actor,
                                       const DecideProposal& input) {
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id, domain::Roles(Approver),
                                    "dossier.proposal_decided"));
    (void)seen;
    return services.db.transact(
        [&](sql::Transaction& tx) { return decide(tx, services, actor, input); });
}

Result<store::Dossier> take_back_proposal(Services& services, const Actor& actor,
                                          const TakeBackProposal& input) {
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id, domain::Roles(Assessor),
                                    "dossier.proposal_taken_back"));
    (void)seen;
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Dossier> {
        ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
        ANTIN_CHECK(is_assigned_to(actor, dossier));
        ANTIN_TRY(proposal, waiting_proposal(tx, dossier.id, input.proposal_id));
        if (!store::end_proposal(tx, proposal.id, "dropped", actor.account_id, services.clock.now(),
                                 "")) {
            return dossier_changed(tx, dossier.id);
        }
        if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
        record_step(
            tx, services, actor, dossier,
            {.act = proposal.kind + "_taken_back", .from = dossier.state, .is_internal = true});
        return dossier;
    });
}

Result<Bytes> draw_proposed_paper(Services& services, const Actor& actor, std::int64_t dossier_id,
                                  std::int64_t proposal_id) {
    ANTIN_TRY(dossier, officer_dossier(services, actor, dossier_id, reading_officers(),
                                       "dossier.proposal_seen"));
    if (services.papers == nullptr) return fail(ErrorKind::Internal, "internal", "no layouts");
    ANTIN_TRY(proposal, services.db.read([&](sql::Reader& db) {
        return waiting_proposal(db, dossier.id, proposal_id);
    }));
    ANTIN_TRY(content, services.db.read([&](sql::Reader& db) -> Result<forms::PaperContent> {
        return proposed_paper(db, services, dossier, proposal);
    }));
    content.mark = html::text(html::Language::Vietnamese, "paper.mark_draft");
    return services.papers->draw(proposal.kind == "stop" ? "processing-stop" : "postponement",
                                 content);
}

}  // namespace antin::app
