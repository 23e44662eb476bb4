#include "app/change_agency_state.hpp"

#include <algorithm>
#include <iterator>

#include "app/access.hpp"
#include "app/edit_agency.hpp"
#include "app/notify.hpp"
#include "base/text.hpp"
#include "domain/dossier_workflow.hpp"
#include "store/dossiers.hpp"

namespace antin::app {
namespace {

std::vector<domain::DossierState> open_states() {
    std::vector<domain::DossierState> out;
    std::ranges::copy_if(domain::all<domain::DossierState>(), std::back_inserter(out),
                         domain::is_open);
    return out;
}

std::string act_name(domain::AgencyAction action) {
    switch (action) {
        case domain::AgencyAction::Suspend:
            return "suspended";
        case domain::AgencyAction::Resume:
            return "resumed";
        default:
            return "closed";
    }
}

}  // namespace

Status change_agency_state(Services& services, const Actor& actor, const ChangeAgencyState& input) {
    ANTIN_TRY(seen, see_agency(services, actor, input.agency_id));
    const auto reason = clean_text(input.reason);
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        auto agency = store::find_agency(tx, input.agency_id);
        const auto state = domain::parse<domain::AgencyState>(agency->state);
        if (!state || agency->version != input.version) {
            return fail(ErrorKind::Conflict, "agency.changed");
        }
        domain::AgencyFacts facts{.state = *state};
        facts.reason_given = !reason.empty();
        facts.open_dossiers = store::count_agency_dossiers(tx, agency->id, open_states()) > 0;
        ANTIN_TRY(next, domain::as_result(domain::decide(facts, input.action,
                                                         domain::Role::ProvinceCoordinator)));
        // People are told while their roles still count: afterwards nobody of them is in force.
        notify_agency(tx, services, agency->id,
                      {"agency_" + act_name(input.action),
                       {{"agency", agency->name}, {"reason", reason}},
                       "",
                       std::nullopt});
        agency->state = domain::to_text(next);
        agency->state_reason = reason;
        ANTIN_CHECK(store::update_agency(tx, *agency));
        audit::append(tx, journal_entry(services, actor, "agency." + act_name(input.action),
                                        "agency", std::to_string(agency->id)));
        return {};
    });
}

}  // namespace antin::app
