#include "app/load_session.hpp"

#include <openssl/sha.h>

#include <algorithm>

#include "domain/permissions.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/sessions.hpp"
#include "store/settings.hpp"

namespace antin::app {
namespace {

constexpr std::chrono::minutes seen_every{1};

SignInStep step_of(const store::Account& account, const store::Session& session,
                   domain::Roles roles) {
    if (account.password_temporary) return SignInStep::ChangePassword;
    if (!domain::needs_second_factor(roles) || session.second_factor_at) return SignInStep::Done;
    if (account.totp_confirmed_at) return SignInStep::GiveSecondFactor;
    // A head may use a code by official mail instead; nobody else who needs a second factor may.
    domain::Roles without_head;
    for (const auto role : domain::held_roles) {
        if (role != domain::Role::Head && roles.has(role)) without_head.add(role);
    }
    return domain::needs_second_factor(without_head) ? SignInStep::EnrolSecondFactor
                                                     : SignInStep::GiveSecondFactor;
}

std::vector<OwnBody> bodies_of(sql::Reader& db, const std::vector<store::GrantRow>& grants) {
    std::vector<OwnBody> bodies;
    for (const auto& grant : grants) {
        const bool known = std::ranges::any_of(
            bodies, [&](const OwnBody& body) { return body.id == grant.agency_id; });
        if (known) continue;
        const auto agency = store::find_agency(db, grant.agency_id);
        if (agency) {
            bodies.push_back({agency->id, agency->name, agency->kind, agency->province_code});
        }
    }
    return bodies;
}

std::optional<SignedIn> read_session(sql::Reader& db, const std::string& hash, Instant now,
                                     bool& to_touch) {
    const auto session = store::find_session(db, hash);
    if (!session || session->expires_at <= now) return std::nullopt;
    const std::chrono::minutes idle{store::setting_integer(db, "session_idle_minutes")};
    if (session->last_seen_at + idle <= now) return std::nullopt;
    const auto account = store::find_account(db, session->account_id);
    if (!account || account->state != "active") return std::nullopt;
    SignedIn out;
    out.actor.account_id = account->id;
    out.actor.name = account->full_name;
    out.actor.is_demo = account->is_demo;
    out.actor.second_factor_at = session->second_factor_at;
    const auto grants = store::grants_of(db, account->id);
    domain::Roles roles;
    for (const auto& grant : grants) {
        out.actor.grants.push_back({grant.role, grant.agency_id});
        roles.add(grant.role);
    }
    out.bodies = bodies_of(db, grants);
    out.step = step_of(*account, *session, roles);
    out.session_hash = hash;
    out.csrf_secret = session->csrf_token;
    out.flash = session->flash;
    out.email = account->email;
    to_touch = session->last_seen_at + seen_every <= now;
    return out;
}

}  // namespace

Result<std::optional<SignedIn>> load_session(Services& services, std::string_view cookie,
                                             std::string_view remote_address) {
    if (cookie.empty() || cookie.size() > 100) return std::nullopt;
    const auto hash = secret_hash(cookie);
    const Instant now = services.clock.now();
    bool to_touch = false;
    ANTIN_TRY(found, services.db.read([&](sql::Reader& db) -> Result<std::optional<SignedIn>> {
        return read_session(db, hash, now, to_touch);
    }));
    if (found) found->actor.remote_address = remote_address;
    if (found && to_touch) {
        // A database that cannot write now must not throw people out: the reading was enough.
        const auto touched = services.db.transact([&](sql::Transaction& tx) -> Status {
            store::touch_session(tx, hash, now);
            return {};
        });
        (void)touched;
    }
    return found;
}

std::string secret_hash(std::string_view secret) {
    std::uint8_t digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(secret.data()), secret.size(), digest);
    return to_hex(digest);
}

Status keep_flash(Services& services, std::string_view session_hash, std::string_view flash) {
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        store::set_session_flash(tx, session_hash, flash);
        return {};
    });
}

}  // namespace antin::app
