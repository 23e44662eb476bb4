#include "app/officer_access.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "store/accounts.hpp"
#include "store/dossier_events.hpp"

namespace antin::app {
namespace {

domain::Roles roles_at(const Actor& actor, std::int64_t body_id) {
    domain::Roles roles;
    for (const Grant& grant : actor.grants) {
        // The auditor reads everything, whatever body the role was given at.
        if (grant.agency_id == body_id || grant.role == domain::Role::Auditor) {
            roles.add(grant.role);
        }
    }
    return roles;
}

/// The first role that may; else the objection that says most.
template <class State, class Facts, class Action>
Result<State> decide_with(const Actor& actor, std::int64_t body_id, const Facts& facts,
                          Action action) {
    domain::Objection answer = domain::Objection::NotYourRole;
    const auto held = roles_at(actor, body_id);
    for (const auto role : domain::all<domain::Role>()) {
        if (!held.has(role)) continue;
        const auto decision = domain::decide(facts, action, role);
        if (const auto* done = std::get_if<domain::Transition<State>>(&decision)) return done->to;
        const auto objection = std::get<domain::Objection>(decision);
        if (objection != domain::Objection::NotYourRole) answer = objection;
    }
    return fail(domain::to_error(answer));
}

}  // namespace

Result<store::Dossier> officer_dossier(Services& services, const Actor& actor, std::int64_t id,
                                       domain::Roles roles, std::string_view act) {
    ANTIN_TRY(found,
              services.db.read([&](sql::Reader& db) -> Result<std::optional<store::Dossier>> {
                  return store::find_dossier(db, id);
              }));
    if (!found || found->state == domain::DossierState::Draft) {
        return fail(ErrorKind::NotFound, "dossier.not_found");
    }
    const auto held = roles_at(actor, found->receiver_id);
    if (!held.any_of(reading_officers())) {
        return not_yours(services, actor, "dossier", std::to_string(id));
    }
    if (!held.any_of(roles)) return not_your_role(services, actor, act);
    return std::move(*found);
}

tl::unexpected<Error> dossier_changed(sql::Reader& db, std::int64_t id) {
    const auto events = store::dossier_events(db, id, store::EventAudience::Officer);
    Error error{ErrorKind::Conflict, "dossier.changed", {}, {}, {}};
    if (!events.empty()) {
        error.args = {{"name", events.back().actor_name},
                      {"time", to_vietnamese(events.back().at)}};
    } else {
        error.args = {{"name", "?"}, {"time", "?"}};
    }
    return fail(std::move(error));
}

Result<store::Dossier> dossier_again(sql::Transaction& tx, std::int64_t id, std::int64_t version) {
    auto dossier = store::find_dossier(tx, id);
    if (!dossier) return fail(ErrorKind::NotFound, "dossier.not_found");
    if (dossier->version != version) return dossier_changed(tx, id);
    return std::move(*dossier);
}

Result<domain::DossierState> decide_dossier(const Actor& actor, const store::Dossier& dossier,
                                            const domain::DossierFacts& facts,
                                            domain::DossierAction action) {
    return decide_with<domain::DossierState>(actor, dossier.receiver_id, facts, action);
}

Result<domain::LineState> decide_line(const Actor& actor, const store::Dossier& dossier,
                                      const domain::LineFacts& facts, domain::LineAction action) {
    return decide_with<domain::LineState>(actor, dossier.receiver_id, facts, action);
}

domain::DossierFacts facts_of(const store::Dossier& dossier,
                              const std::vector<store::DossierLine>& lines) {
    domain::DossierFacts facts;
    facts.state = dossier.state;
    facts.accepted_before = dossier.accepted_at.has_value();
    facts.lines = static_cast<int>(lines.size());
    bool handed_over = true;
    for (const store::DossierLine& line : lines) {
        (domain::has_result(line.state) ? facts.lines_with_result : facts.lines_without_result)++;
        facts.lines_in_correction += line.state == domain::LineState::InCorrection ? 1 : 0;
        handed_over = handed_over && domain::has_result(line.state) &&
                      line.state != domain::LineState::Issued;
    }
    facts.results_handed_over = handed_over;
    return facts;
}

domain::LineFacts facts_of_line(const store::Dossier& dossier, const store::DossierLine& line) {
    domain::LineFacts facts;
    facts.state = line.state;
    facts.procedure = dossier.procedure;
    facts.proposal = line.proposal;
    facts.reason_given = !line.proposal_reason.empty();
    return facts;
}

void record_step(sql::Transaction& tx, Services& services, const Actor& actor,
                 const store::Dossier& dossier, const Step& step) {
    store::DossierEvent event;
    event.dossier_id = dossier.id;
    event.line_number = step.line_number;
    event.act = step.act;
    event.from_state = domain::to_text(step.from);
    event.to_state = domain::to_text(dossier.state);
    if (actor.account_id != 0) event.actor_id = actor.account_id;
    event.actor_name = actor.name;
    event.at = services.clock.now();
    event.data = step.data;
    if (!step.reason.empty()) {
        auto data = nlohmann::json::parse(step.data);
        data["reason"] = step.reason;
        event.data = data.dump();
    }
    event.is_public = step.is_public;
    event.is_internal = step.is_internal;
    store::add_dossier_event(tx, event);
    audit::append(tx, journal_entry(services, actor, "dossier." + step.act, "dossier",
                                    std::to_string(dossier.id), step.data));
}

void notify_role(sql::Transaction& tx, const Services& services, domain::Role role,
                 std::int64_t body_id, const Message& message) {
    for (const auto& person : store::people_with_role(tx, role, body_id)) {
        notify_person(tx, services, person.id, message);
    }
}

std::string officer_path(const store::Dossier& dossier) {
    return fmt::format("/xu-ly/{}", dossier.id);
}

std::string name_of(const store::Dossier& dossier) {
    return dossier.code.value_or("");
}

}  // namespace antin::app
