#include "app/read_journal.hpp"

#include "app/access.hpp"
#include "domain/role.hpp"

namespace antin::app {

Result<std::vector<audit::Kept>> read_journal(Services& services, const Actor& actor,
                                              const audit::Filter& filter) {
    if (!actor.has(domain::Role::Auditor)) return not_your_role(services, actor, "read_journal");
    return services.db.read([&](sql::Reader& db) -> Result<std::vector<audit::Kept>> {
        return audit::list(db, filter);
    });
}

}  // namespace antin::app
