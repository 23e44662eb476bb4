#include "app/read_deliveries.hpp"

#include <algorithm>

#include "app/access.hpp"
#include "domain/role.hpp"

namespace antin::app {
namespace {

bool may_read(const Actor& actor) {
    return actor.has(domain::Role::SystemAdministrator) || actor.has(domain::Role::Auditor);
}

}  // namespace

Result<DeliveryPage> read_deliveries(Services& services, const Actor& actor,
                                     const std::string& state, std::int64_t number) {
    if (!may_read(actor)) return not_your_role(services, actor, "read_deliveries");
    return services.db.read([&](sql::Reader& db) -> Result<DeliveryPage> {
        DeliveryPage page;
        page.mails = store::list_mails(db, state, mails_per_page, (number - 1) * mails_per_page);
        for (auto& mail : page.mails) mail.body.clear();
        page.total = store::count_mails(db, state);
        page.outbox = store::count_outbox(db);
        return page;
    });
}

Result<store::Mail> read_delivery(Services& services, const Actor& actor, std::int64_t mail_id) {
    if (!may_read(actor)) return not_your_role(services, actor, "read_delivery");
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Mail> {
        auto mail = store::find_mail(tx, mail_id);
        if (!mail) return fail(ErrorKind::NotFound, "mail.not_found");
        if (mail->is_secret) mail->body.clear();
        audit::append(tx,
                      journal_entry(services, actor, "mail.read", "mail", std::to_string(mail_id)));
        return std::move(*mail);
    });
}

Status resend_mail(Services& services, const Actor& actor, std::int64_t mail_id) {
    if (!actor.has(domain::Role::SystemAdministrator)) {
        return not_your_role(services, actor, "resend_mail");
    }
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        if (!store::find_mail(tx, mail_id)) return fail(ErrorKind::NotFound, "mail.not_found");
        store::mail_waits_again(tx, mail_id);
        store::outbox_retry_key(tx, "mail/" + std::to_string(mail_id), services.clock.now());
        audit::append(
            tx, journal_entry(services, actor, "mail.resent", "mail", std::to_string(mail_id)));
        return {};
    });
}

}  // namespace antin::app
