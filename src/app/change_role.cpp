#include "app/change_role.hpp"

#include "app/access.hpp"
#include "app/add_person.hpp"
#include "app/officer_access.hpp"
#include "app/open_account.hpp"
#include "base/text.hpp"
#include "domain/permissions.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossiers.hpp"
#include "store/people.hpp"
#include "store/sessions.hpp"

namespace antin::app {
namespace {

std::optional<std::int64_t> by(const Actor& actor) {
    return actor.account_id == 0 ? std::nullopt : std::optional{actor.account_id};
}

std::string detail(const RoleChange& change) {
    return "{\"agency\":" + std::to_string(change.agency_id) + ",\"role\":\"" +
           std::string{domain::to_text(change.role)} + "\"}";
}

/// The account, after the roles it has and the new one were found to go together.
Result<store::Account> check_new_role(sql::Transaction& tx, const RoleChange& change) {
    const auto account = store::find_account_by_email(tx, to_lower(change.email));
    if (!account) return fail(ErrorKind::NotFound, "account.not_found");
    const auto agency = store::find_agency(tx, change.agency_id);
    if (!agency) return fail(ErrorKind::NotFound, "agency.not_found");
    if (!domain::role_belongs(change.role, body_kind(agency->kind))) {
        return fail(ErrorKind::Refused, "account.role_elsewhere", {},
                    {{"role", std::string{domain::to_text(change.role)}}}, "roles");
    }
    domain::Roles roles;
    roles.add(change.role);
    for (const auto& grant : store::grants_of(tx, account->id)) roles.add(grant.role);
    if (const auto pair = domain::incompatible_pair(roles)) {
        return fail(ErrorKind::Refused, "account.roles_apart", {},
                    {{"first", std::string{domain::to_text(pair->first)}},
                     {"second", std::string{domain::to_text(pair->second)}}},
                    "roles");
    }
    return *account;
}

/// What an examiner who leaves was working on goes back to the queue, with trace.
Status release_work(sql::Transaction& tx, Services& services, const Actor& actor,
                    std::int64_t account_id, std::int64_t agency_id) {
    for (const auto id : store::assigned_dossiers(tx, account_id, agency_id)) {
        auto dossier = store::find_dossier(tx, id);
        if (!dossier) continue;
        dossier->assessor_id.reset();
        dossier->assigned_at.reset();
        const auto state = dossier->state;
        if (!store::save_dossier(tx, *dossier)) return fail(ErrorKind::Conflict, "account.changed");
        record_step(tx, services, actor, *dossier,
                    {.act = "released", .from = state, .is_internal = true});
    }
    return {};
}

/// Without an administrator nobody could let anybody in again.
bool is_last_administrator(sql::Reader& db, domain::Role role) {
    return role == domain::Role::SystemAdministrator && store::count_with_role(db, role) <= 1;
}

}  // namespace

Status give_role(Services& services, const Actor& actor, const RoleChange& change) {
    ANTIN_CHECK(may_change_role(services, actor, change.agency_id, change.role, RoleAct::Give));
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(account, check_new_role(tx, change));
        store::insert_grant(tx, account.id, change.role, change.agency_id, by(actor),
                            services.clock.now());
        audit::append(tx, journal_entry(services, actor, "account.role_given", "account",
                                        std::to_string(account.id), detail(change)));
        return {};
    });
}

Status end_role(Services& services, const Actor& actor, const RoleChange& change) {
    ANTIN_CHECK(may_change_role(services, actor, change.agency_id, change.role, RoleAct::End));
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto account = store::find_account_by_email(tx, to_lower(change.email));
        if (!account) return fail(ErrorKind::NotFound, "account.not_found");
        if (is_last_administrator(tx, change.role)) {
            return fail(ErrorKind::Refused, "account.last_administrator");
        }
        if (!store::end_grant(tx, account->id, change.role, change.agency_id, by(actor),
                              services.clock.now())) {
            return {};
        }
        store::delete_sessions_of(tx, account->id, "");
        if (change.role == domain::Role::Assessor) {
            ANTIN_CHECK(release_work(tx, services, actor, account->id, change.agency_id));
        }
        audit::append(tx, journal_entry(services, actor, "account.role_ended", "account",
                                        std::to_string(account->id), detail(change)));
        return {};
    });
}

Status set_account_state(Services& services, const Actor& actor, std::string_view email,
                         std::string_view state) {
    if (!may_open_accounts(actor)) return not_your_role(services, actor, "account.set_state");
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        auto account = store::find_account_by_email(tx, to_lower(email));
        if (!account) return fail(ErrorKind::NotFound, "account.not_found");
        const auto grants = store::grants_of(tx, account->id);
        for (const auto& grant : grants) {
            if (state == "active") break;
            if (is_last_administrator(tx, grant.role)) {
                return fail(ErrorKind::Refused, "account.last_administrator");
            }
            if (grant.role != domain::Role::Assessor) continue;
            ANTIN_CHECK(release_work(tx, services, actor, account->id, grant.agency_id));
        }
        account->state = state;
        ANTIN_CHECK(store::update_account(tx, *account));
        if (state != "active") store::delete_sessions_of(tx, account->id, "");
        audit::append(tx, journal_entry(services, actor, "account." + std::string{state}, "account",
                                        std::to_string(account->id)));
        return {};
    });
}

}  // namespace antin::app
