#include "app/advance_dossier.hpp"

#include <fmt/format.h>

#include "app/close_lines.hpp"
#include "app/dossier_clock.hpp"
#include "app/officer_access.hpp"
#include "store/personalisations.hpp"
#include "store/supplements.hpp"

namespace antin::app {
namespace {

/// One step of the program itself, if the table allows it now.
Result<bool> step(sql::Transaction& tx, Services& services, const Actor& actor,
                  store::Dossier& dossier, domain::DossierAction action, const char* act) {
    const auto lines = store::dossier_lines(tx, dossier.id);
    const auto decision = domain::decide(facts_of(dossier, lines), action, domain::Role::System);
    const auto* next = std::get_if<domain::Transition<domain::DossierState>>(&decision);
    if (next == nullptr) return false;
    const auto from = dossier.state;
    dossier.state = next->to;
    const Instant now = services.clock.now();
    int refused = 0;
    for (const auto& line : lines) refused += line.state == domain::LineState::Refused ? 1 : 0;
    if (dossier.state == domain::DossierState::Decided) end_dossier(tx, dossier, now);
    if (dossier.state == domain::DossierState::Returned) dossier.returned_at = now;
    if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
    const int granted = static_cast<int>(lines.size()) - refused;
    record_step(tx, services, actor, dossier,
                {.act = act,
                 .from = from,
                 .data = fmt::format(R"({{"granted":{},"refused":{}}})", granted, refused),
                 .is_public = true});
    notify_agency(tx, services, dossier.agency_id,
                  {std::string{"dossier_"} + act,
                   {{"code", name_of(dossier)},
                    {"granted", std::to_string(granted)},
                    {"refused", std::to_string(refused)}},
                   "/ho-so/" + name_of(dossier),
                   dossier.id});
    return true;
}

/// Every row that is left waits for the agency: so does the dossier, and its clock stops. The
/// request may have named two rows of forty when thirty-eight were still open.
Status wait_for_agency(sql::Transaction& tx, Services& services, const Actor& actor,
                       store::Dossier& dossier) {
    if (!store::open_supplement(tx, dossier.id)) return {};
    const auto decision =
        domain::decide(facts_of(dossier, store::dossier_lines(tx, dossier.id)),
                       domain::DossierAction::WaitForAgency, domain::Role::System);
    const auto* next = std::get_if<domain::Transition<domain::DossierState>>(&decision);
    if (next == nullptr) return {};
    const auto from = dossier.state;
    dossier.state = next->to;
    ANTIN_CHECK(stop_clock(tx, dossier, services.clock.now()));
    if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
    record_step(tx, services, actor, dossier,
                {.act = "waits_for_agency", .from = from, .is_public = true});
    return {};
}

}  // namespace

Status advance_dossier(sql::Transaction& tx, Services& services, const Actor& actor,
                       std::int64_t dossier_id) {
    auto dossier = store::find_dossier(tx, dossier_id);
    if (!dossier) return fail(ErrorKind::NotFound, "dossier.not_found");
    // A certificate counts as a result once its device is written, read back and tried.
    if (store::count_unready_lines(tx, dossier_id) > 0) return {};
    ANTIN_TRY(decided,
              step(tx, services, actor, *dossier, domain::DossierAction::Complete, "decided"));
    (void)decided;
    ANTIN_TRY(returned,
              step(tx, services, actor, *dossier, domain::DossierAction::Return, "returned"));
    (void)returned;
    return wait_for_agency(tx, services, actor, *dossier);
}

}  // namespace antin::app
