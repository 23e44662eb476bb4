#include "app/retry_job.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "domain/role.hpp"
#include "store/notices.hpp"

namespace antin::app {
namespace {

using enum domain::Role;

/// The delivery log says "waiting" again, as for a mail that an administrator sends again.
void mail_waits(sql::Transaction& tx, const store::OutboxItem& item) {
    if (item.kind != "mail") return;
    const auto payload = nlohmann::json::parse(item.payload, nullptr, false);
    if (payload.is_object() && payload.contains("mail_id")) {
        store::mail_waits_again(tx, payload["mail_id"].get<std::int64_t>());
    }
}

}  // namespace

Result<std::vector<store::GivenUp>> read_given_up(Services& services, const Actor& actor) {
    if (!actor.has(SystemAdministrator) && !actor.has(Auditor)) {
        return not_your_role(services, actor, "read_given_up");
    }
    return services.db.read([&](sql::Reader& db) -> Result<std::vector<store::GivenUp>> {
        return store::list_given_up(db, given_up_shown_max);
    });
}

Result<int> retry_job(Services& services, const Actor& actor, std::int64_t id) {
    if (!actor.has(SystemAdministrator)) return not_your_role(services, actor, "retry_job");
    return services.db.transact([&](sql::Transaction& tx) -> Result<int> {
        int retried = 0;
        for (const auto& one : store::list_given_up(tx, given_up_shown_max)) {
            if (id != 0 && one.item.id != id) continue;
            if (!store::outbox_retry(tx, one.item.id, services.clock.now())) continue;
            mail_waits(tx, one.item);
            audit::append(tx, journal_entry(services, actor, "job.retried", "outbox",
                                            std::to_string(one.item.id)));
            ++retried;
        }
        if (retried == 0) return fail(ErrorKind::Conflict, "job.not_given_up");
        return retried;
    });
}

}  // namespace antin::app
