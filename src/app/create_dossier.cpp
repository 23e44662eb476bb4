#include "app/create_dossier.hpp"

#include "app/access.hpp"
#include "app/dossier_access.hpp"
#include "app/route_dossier.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossier_events.hpp"

namespace antin::app {
namespace {

/// Section 1 as far as the account tells it; the clerk completes the rest once and the next dossier
/// takes it from this one.
store::FieldValues recipient_from(sql::Reader& db, const store::Account& account,
                                  const store::Agency& agency, domain::Procedure procedure) {
    const auto earlier = store::agency_dossiers(db, agency.id, {}, 1);
    store::FieldValues out;
    // Mẫu 06 asks for the person's body besides, and for no address.
    if (procedure == domain::Procedure::DeviceRestoration) out["agency_name"] = agency.name;
    if (!earlier.empty() && !earlier.front().recipient.empty()) {
        out.insert(earlier.front().recipient.begin(), earlier.front().recipient.end());
        return out;
    }
    const auto put = [&](const char* key, const std::string& value) {
        if (!value.empty()) out[key] = value;
    };
    put("full_name", account.full_name);
    put("personal_id", account.personal_id);
    put("position", account.position);
    put("phone", account.phone);
    put("email", account.email);
    put("address", agency.address);
    return out;
}

store::FieldValues shared_from(const store::Agency& agency, domain::SubscriberKind kind) {
    store::FieldValues out;
    if (!agency.province_name.empty()) out["province"] = agency.province_name;
    if (kind != domain::SubscriberKind::Organisation) out["agency_name"] = agency.name;
    return out;
}

}  // namespace

bool is_offered(domain::Procedure procedure) {
    return procedure != domain::Procedure::DeviceRestoration;
}

Result<store::Dossier> create_dossier(Services& services, const Actor& actor,
                                      const CreateDossier& input) {
    if (!acts_for_agency(actor, input.agency_id))
        return not_your_role(services, actor, "dossier.created");
    if (!is_offered(input.procedure)) return fail(ErrorKind::Refused, "procedure.not_yet");
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Dossier> {
        const auto agency = store::find_agency(tx, input.agency_id);
        const auto account = store::find_account(tx, actor.account_id);
        if (!agency || !account) return fail(ErrorKind::NotFound, "agency.not_found");
        ANTIN_TRY(receiver, receiver_of(tx, *agency, input.procedure, input.carrier));
        if (agency->state != domain::to_text(domain::AgencyState::Approved))
            return fail(ErrorKind::Refused, "agency.not_approved");
        store::Dossier dossier;
        dossier.subscriber_kind = input.subscriber_kind;
        dossier.carrier = input.carrier;
        dossier.agency_id = agency->id;
        dossier.procedure = input.procedure;
        dossier.receiver_id = receiver;
        dossier.recipient = recipient_from(tx, *account, *agency, input.procedure);
        if (input.procedure == domain::Procedure::Issuance)
            dossier.shared_values = shared_from(*agency, input.subscriber_kind);
        dossier.rules_date = to_iso(local_date(now));
        dossier.created_by = actor.account_id;
        dossier.created_at = dossier.saved_at = now;
        dossier.is_demo = actor.is_demo;
        dossier.id = store::add_dossier(tx, dossier);
        store::DossierEvent event;
        event.dossier_id = dossier.id;
        event.act = "created";
        event.to_state = domain::to_text(dossier.state);
        event.actor_id = actor.account_id;
        event.actor_name = actor.name;
        event.at = now;
        store::add_dossier_event(tx, event);
        audit::append(tx, journal_entry(services, actor, "dossier.created", "dossier",
                                        std::to_string(dossier.id)));
        return dossier;
    });
}

}  // namespace antin::app
