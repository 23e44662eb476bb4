#include "app/bench_access.hpp"

#include <string>

#include "app/access.hpp"
#include "store/agencies.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"

namespace antin::app {
namespace {

constexpr auto officer = domain::Role::RegistrationOfficer;

}  // namespace

std::optional<std::int64_t> bench_body(sql::Reader& db, std::int64_t receiver_id) {
    const auto receiver = store::find_agency(db, receiver_id);
    if (!receiver) return std::nullopt;
    if (receiver->kind == "provider") return receiver_id;
    const auto provider = store::find_provider(db);
    return provider ? std::optional{provider->id} : std::nullopt;
}

bool serves_bench(sql::Reader& db, const Actor& actor, std::int64_t receiver_id) {
    const auto body = bench_body(db, receiver_id);
    return body && actor.has(officer, *body);
}

Status bench_officer(Services& services, const Actor& actor, std::string_view act) {
    ANTIN_TRY(is_officer, services.db.read([&](sql::Reader& db) -> Result<bool> {
        const auto provider = store::find_provider(db);
        return provider && actor.has(officer, provider->id);
    }));
    if (is_officer) return {};
    return not_your_role(services, actor, act);
}

Status bench_officer_of_lines(Services& services, const Actor& actor,
                              const std::vector<std::int64_t>& line_ids) {
    if (!actor.has(officer)) return not_your_role(services, actor, "bench");
    std::optional<std::int64_t> foreign;
    ANTIN_CHECK(services.db.read([&](sql::Reader& db) -> Status {
        std::optional<std::int64_t> served;  // the receiver of the row before: most have one
        for (const auto id : line_ids) {
            const auto line = store::find_line_by_id(db, id);
            const auto dossier = line ? store::find_dossier(db, line->dossier_id) : std::nullopt;
            if (!dossier) return fail(ErrorKind::NotFound, "line.not_found");
            if (served == dossier->receiver_id) continue;
            if (!serves_bench(db, actor, dossier->receiver_id)) {
                foreign = id;
                return {};
            }
            served = dossier->receiver_id;
        }
        return {};
    }));
    if (foreign) return not_yours(services, actor, "line", std::to_string(*foreign));
    return {};
}

Status bench_officer_of_dossier(Services& services, const Actor& actor, std::int64_t dossier_id) {
    if (!actor.has(officer)) return not_your_role(services, actor, "bench");
    ANTIN_TRY(is_served, services.db.read([&](sql::Reader& db) -> Result<bool> {
        const auto dossier = store::find_dossier(db, dossier_id);
        if (!dossier) return fail(ErrorKind::NotFound, "dossier.not_found");
        return serves_bench(db, actor, dossier->receiver_id);
    }));
    if (is_served) return {};
    return not_yours(services, actor, "dossier", std::to_string(dossier_id));
}

}  // namespace antin::app
