#include "app/access.hpp"

#include "base/log.hpp"

namespace antin::app {
namespace {

/// A refused attempt is worth an entry, but it must not turn the refusal into another answer.
void record_denied(Services& services, const Actor& actor, std::string_view object_kind,
                   std::string_view object_id) {
    const auto status = services.db.transact([&](sql::Transaction& tx) -> Status {
        audit::append(tx, journal_entry(services, actor, "access.denied", std::string{object_kind},
                                        std::string{object_id}));
        return {};
    });
    if (!status) log(LogLevel::Error, "access.denied_not_recorded", {{"kind", object_kind}});
}

}  // namespace

audit::Entry journal_entry(const Services& services, const Actor& actor, std::string act,
                           std::string object_kind, std::string object_id, std::string detail) {
    return {services.clock.now(),   actor.account_id,     actor.name,       std::move(act),
            std::move(object_kind), std::move(object_id), std::move(detail)};
}

tl::unexpected<Error> not_yours(Services& services, const Actor& actor,
                                std::string_view object_kind, std::string_view object_id) {
    record_denied(services, actor, object_kind, object_id);
    return fail(ErrorKind::NotFound, std::string{object_kind} + ".not_found");
}

tl::unexpected<Error> not_your_role(Services& services, const Actor& actor, std::string_view act) {
    record_denied(services, actor, "act", act);
    return fail(ErrorKind::Forbidden, "access.role");
}

}  // namespace antin::app
