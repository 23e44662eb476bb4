#include "app/assign_dossier.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/officer_access.hpp"
#include "store/accounts.hpp"

namespace antin::app {
namespace {

using enum domain::Role;

std::optional<store::Account> assessor_of(sql::Reader& db, std::int64_t body_id,
                                          std::int64_t account_id) {
    for (auto& person : store::people_with_role(db, Assessor, body_id)) {
        if (person.id == account_id) return std::move(person);
    }
    return std::nullopt;
}

Result<store::Dossier> assign(sql::Transaction& tx, Services& services, const Actor& actor,
                              const AssignDossier& input) {
    ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
    const auto assessor = assessor_of(tx, dossier.receiver_id, input.assessor_id);
    if (!assessor) return fail(ErrorKind::Invalid, "assign.not_an_assessor", {}, {}, "assessor");
    const bool may_give = actor.has(IntakeOfficer, dossier.receiver_id) ||
                          actor.has(Approver, dossier.receiver_id) ||
                          dossier.assessor_id == actor.account_id;
    const bool is_free = !dossier.assessor_id || !has_assessor(tx, dossier);
    if (!may_give && !(is_free && input.assessor_id == actor.account_id)) {
        return fail(domain::to_error(domain::Objection::NotAssignedToYou));
    }
    const auto from = dossier.state;
    ANTIN_TRY(next,
              decide_dossier(actor, dossier, facts_of(dossier, std::vector<store::DossierLine>{}),
                             domain::DossierAction::Assign));
    dossier.state = next;
    dossier.assessor_id = input.assessor_id;
    dossier.assigned_at = services.clock.now();
    if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
    const bool taken = input.assessor_id == actor.account_id;
    record_step(
        tx, services, actor, dossier,
        {.act = taken ? "taken" : "assigned",
         .from = from,
         .data =
             nlohmann::json{{"assessor", input.assessor_id}, {"name", assessor->full_name}}.dump(),
         .is_public = from != next});
    if (from != next) {
        notify_agency(tx, services, dossier.agency_id,
                      {"dossier_in_progress",
                       {{"code", name_of(dossier)},
                        {"due", dossier.due_at ? to_vietnamese(*dossier.due_at) : ""}},
                       "/ho-so/" + name_of(dossier),
                       dossier.id});
    }
    if (!taken) {
        notify_person(tx, services, input.assessor_id,
                      {"dossier_assigned",
                       {{"code", name_of(dossier)},
                        {"due", dossier.due_at ? to_vietnamese(*dossier.due_at) : ""}},
                       officer_path(dossier),
                       dossier.id});
    }
    return dossier;
}

}  // namespace

bool has_assessor(sql::Reader& db, const store::Dossier& dossier) {
    return dossier.assessor_id &&
           assessor_of(db, dossier.receiver_id, *dossier.assessor_id).has_value();
}

Result<store::Dossier> assign_dossier(Services& services, const Actor& actor,
                                      const AssignDossier& input) {
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id,
                                    domain::Roles(IntakeOfficer, Assessor, Approver),
                                    "dossier.assigned"));
    (void)seen;
    return services.db.transact(
        [&](sql::Transaction& tx) { return assign(tx, services, actor, input); });
}

}  // namespace antin::app
