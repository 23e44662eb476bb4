#include "app/read_notices.hpp"

namespace antin::app {

Result<NoticePage> read_notices(Services& services, const Actor& actor, std::int64_t number) {
    if (actor.account_id == 0) return fail(ErrorKind::Forbidden, "access.role");
    return services.db.read([&](sql::Reader& db) -> Result<NoticePage> {
        return NoticePage{store::notices_of(db, actor.account_id, notices_per_page,
                                            (number - 1) * notices_per_page),
                          store::count_notices(db, actor.account_id),
                          store::count_unread_notices(db, actor.account_id)};
    });
}

Status mark_notices_read(Services& services, const Actor& actor) {
    if (actor.account_id == 0) return fail(ErrorKind::Forbidden, "access.role");
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        store::mark_notices_read(tx, actor.account_id, services.clock.now());
        return {};
    });
}

}  // namespace antin::app
