#include "app/open_account.hpp"

#include "app/access.hpp"
#include "app/password.hpp"
#include "base/text.hpp"
#include "domain/official_email.hpp"
#include "domain/permissions.hpp"
#include "domain/role.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/sessions.hpp"

namespace antin::app {
namespace {

constexpr std::chrono::hours one_time_life{24 * 30};

Status check_roles(const OpenAccount& input, const store::Agency& agency) {
    if (input.roles.empty()) return fail(ErrorKind::Invalid, "account.roles", {}, {}, "roles");
    domain::Roles all;
    for (const domain::Role role : input.roles) {
        if (!domain::role_belongs(role, body_kind(agency.kind))) {
            return fail(ErrorKind::Refused, "account.role_elsewhere", {},
                        {{"role", std::string{domain::to_text(role)}}}, "roles");
        }
        all.add(role);
    }
    if (const auto pair = domain::incompatible_pair(all)) {
        return fail(ErrorKind::Refused, "account.roles_apart", {},
                    {{"first", std::string{domain::to_text(pair->first)}},
                     {"second", std::string{domain::to_text(pair->second)}}},
                    "roles");
    }
    return {};
}

std::string grants_json(const OpenAccount& input) {
    std::string roles;
    for (const domain::Role role : input.roles) {
        if (!roles.empty()) roles += ',';
        roles += '"' + std::string{domain::to_text(role)} + '"';
    }
    return "{\"agency\":" + std::to_string(input.agency_id) + ",\"roles\":[" + roles + "]}";
}

Result<std::int64_t> store_account(sql::Transaction& tx, const Services& services,
                                   const Actor& actor, const OpenAccount& input,
                                   const std::string& address, const std::string& hash) {
    auto agency = store::find_agency(tx, input.agency_id);
    if (!agency) return fail(ErrorKind::NotFound, "agency.not_found");
    ANTIN_CHECK(check_roles(input, *agency));
    // Who may open its first account has approved the agency by that.
    if (agency->state.empty() || agency->state == "none" || agency->state == "invited") {
        agency->state = domain::to_text(domain::AgencyState::Approved);
        ANTIN_CHECK(store::update_agency(tx, *agency));
    }
    const Instant now = services.clock.now();
    store::Account account;
    account.email = address;
    account.full_name = input.full_name;
    account.position = input.position;
    account.password_hash = hash;
    account.password_temporary = true;
    account.password_expires_at = now + one_time_life;
    account.state = "active";
    account.is_demo = input.is_demo;
    account.created_at = now;
    ANTIN_TRY(id, store::insert_account(tx, account));
    const auto by = actor.account_id == 0 ? std::nullopt : std::optional{actor.account_id};
    for (const domain::Role role : input.roles) {
        store::insert_grant(tx, id, role, input.agency_id, by, now);
    }
    audit::append(tx, journal_entry(services, actor, "account.opened", "account",
                                    std::to_string(id), grants_json(input)));
    return id;
}

}  // namespace

bool may_open_accounts(const Actor& actor) {
    if (actor.account_id == 0) return !actor.name.empty();
    return actor.has(domain::Role::SystemAdministrator);
}

domain::Body body_kind(std::string_view agency_kind) {
    if (agency_kind == "provider") return domain::Body::Provider;
    if (agency_kind == "provincial_desk") return domain::Body::Province;
    return domain::Body::Agency;
}

Result<OpenedAccount> open_account(Services& services, const Actor& actor,
                                   const OpenAccount& input) {
    if (!may_open_accounts(actor)) return not_your_role(services, actor, "account.open");
    // The state-mail rule is the agencies'; an officer's sign-in name need only be an address.
    const auto reading =
        domain::read_official_email(input.email, domain::shipped_official_email_rule());
    if (reading.verdict == domain::EmailVerdict::Malformed) {
        return fail(ErrorKind::Invalid, "account.email", {}, {}, "email");
    }
    if (input.full_name.empty()) {
        return fail(ErrorKind::Invalid, "account.full_name", {}, {}, "full_name");
    }
    OpenedAccount opened;
    opened.one_time_password = one_time_password();
    const std::string hash = hash_password(opened.one_time_password);
    ANTIN_TRY(id, services.db.transact([&](sql::Transaction& tx) {
        return store_account(tx, services, actor, input, reading.address, hash);
    }));
    opened.account_id = id;
    return opened;
}

Result<OpenedAccount> reissue_password(Services& services, const Actor& actor,
                                       std::string_view email, bool and_second_factor) {
    if (!may_open_accounts(actor))
        return not_your_role(services, actor, "account.reissue_password");
    OpenedAccount opened;
    opened.one_time_password = one_time_password();
    const std::string hash = hash_password(opened.one_time_password);
    ANTIN_TRY(id, services.db.transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        auto account = store::find_account_by_email(tx, to_lower(email));
        if (!account) return fail(ErrorKind::NotFound, "account.not_found");
        const Instant now = services.clock.now();
        account->password_hash = hash;
        account->password_temporary = true;
        account->password_expires_at = now + one_time_life;
        account->state = "active";
        if (and_second_factor) {
            account->totp_secret.clear();
            account->totp_confirmed_at.reset();
            store::delete_recovery_codes(tx, account->id);
        }
        ANTIN_CHECK(store::update_account(tx, *account));
        store::delete_sessions_of(tx, account->id, "");
        audit::append(tx, journal_entry(services, actor, "account.password_reissued", "account",
                                        std::to_string(account->id),
                                        and_second_factor ? R"({"second_factor":1})" : "{}"));
        return account->id;
    }));
    opened.account_id = id;
    return opened;
}

}  // namespace antin::app
