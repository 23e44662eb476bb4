#include "app/accept_dossier.hpp"

#include <fmt/format.h>

#include "app/dossier_clock.hpp"
#include "app/look_up_dossier.hpp"
#include "app/officer_access.hpp"
#include "app/order_paper.hpp"
#include "base/text.hpp"
#include "domain/identifiers.hpp"
#include "store/agencies.hpp"
#include "store/counters.hpp"

namespace antin::app {
namespace {

std::string next_code(sql::Transaction& tx, const store::Agency& body, Date day) {
    const auto year_month_day = to_iso(day);
    const auto number = store::next_number(
        tx, fmt::format("dossier/{}/{}{}{}", body.code, year_month_day.substr(2, 2),
                        year_month_day.substr(5, 2), year_month_day.substr(8, 2)));
    return domain::dossier_code(body.code, day, number);
}

Result<store::Dossier> accept(sql::Transaction& tx, Services& services, const Actor& actor,
                              const AcceptDossier& input) {
    const Instant now = services.clock.now();
    if (auto same = store::find_dossier(tx, input.dossier_id);
        same && same->accepted_by == actor.account_id && same->version == input.version + 1) {
        return std::move(*same);  // the same form once more
    }
    ANTIN_TRY(dossier, dossier_again(tx, input.dossier_id, input.version));
    const auto from = dossier.state;
    ANTIN_TRY(next,
              decide_dossier(actor, dossier, facts_of(dossier, std::vector<store::DossierLine>{}),
                             domain::DossierAction::Accept));
    const auto body = store::find_agency(tx, dossier.receiver_id);
    if (!body) return fail(ErrorKind::Unavailable, "provider.missing");
    dossier.state = next;
    dossier.accepted_by = actor.account_id;
    dossier.accepted_at = now;
    dossier.code = next_code(tx, *body, local_date(now));
    dossier.check_value = new_check_value();
    dossier.search_text += " " + fold(*dossier.code);
    ANTIN_CHECK(start_clock(tx, dossier, now));
    if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
    order_receipt(tx, services, dossier, actor.name);
    record_step(tx, services, actor, dossier,
                {.act = "accepted",
                 .from = from,
                 .data = fmt::format(R"({{"code":"{}"}})", *dossier.code),
                 .is_public = true});
    notify_agency(tx, services, dossier.agency_id,
                  {"dossier_accepted",
                   {{"code", *dossier.code},
                    {"check", *dossier.check_value},
                    {"due", to_vietnamese(*dossier.due_at)}},
                   "/ho-so/" + *dossier.code,
                   dossier.id});
    notify_role(tx, services, domain::Role::Assessor, dossier.receiver_id,
                {"dossier_waits",
                 {{"code", *dossier.code}, {"due", to_vietnamese(*dossier.due_at)}},
                 officer_path(dossier),
                 dossier.id});
    return dossier;
}

}  // namespace

Result<store::Dossier> accept_dossier(Services& services, const Actor& actor,
                                      const AcceptDossier& input) {
    using enum domain::Role;
    ANTIN_TRY(seen, officer_dossier(services, actor, input.dossier_id,
                                    domain::Roles(IntakeOfficer, ProvinceCoordinator),
                                    "dossier.accepted"));
    (void)seen;
    return services.db.transact(
        [&](sql::Transaction& tx) { return accept(tx, services, actor, input); });
}

}  // namespace antin::app
