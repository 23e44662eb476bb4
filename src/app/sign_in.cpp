#include "app/sign_in.hpp"

#include "app/access.hpp"
#include "app/password.hpp"
#include "app/second_factor.hpp"
#include "app/tries.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "store/accounts.hpp"
#include "store/sessions.hpp"
#include "store/settings.hpp"

namespace antin::app {
namespace {

std::string account_key(std::string_view email) {
    return "sign_in/" + secret_hash(email);
}
std::string address_key(std::string_view address) {
    return "sign_in_from/" + std::string{address};
}

/// Counted before the password is looked at, so that guesses sent at once count as well.
Result<std::optional<store::Account>> begin_try(Services& services, const std::string& email,
                                                const std::string& address) {
    const Instant now = services.clock.now();
    std::optional<Instant> locked;
    ANTIN_TRY(
        account,
        services.db.transact([&](sql::Transaction& tx) -> Result<std::optional<store::Account>> {
            locked = store::count_try(tx, address_key(address), tries::sign_in_per_address, now);
            if (!locked) {
                locked = store::count_try(tx, account_key(email), tries::sign_in_per_account, now);
            }
            if (locked) return std::nullopt;
            return store::find_account_by_email(tx, email);
        }));
    if (locked) {
        return fail(ErrorKind::TooMany, "sign_in.locked", {}, {{"until", to_vietnamese(*locked)}});
    }
    return account;
}

Status record_failure(Services& services, const std::optional<store::Account>& account,
                      const std::string& address) {
    if (!account) return {};  // an address nobody has says nothing about anybody
    Actor actor = Actor::system("");
    actor.account_id = account->id;
    actor.name = account->full_name;
    actor.remote_address = address;
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        audit::append(tx, journal_entry(services, actor, "account.sign_in_failed", "account",
                                        std::to_string(account->id)));
        return {};
    });
}

/// What the browser calls itself, as text: whatever bytes it sent, nobody is kept out by them.
std::string short_name(const std::string& user_agent) {
    std::string name = clean_text(user_agent);
    if (name.size() > 300) name.resize(300);
    while (!is_valid_utf8(name)) name.pop_back();
    return name;
}

Result<NewSession> open_session(Services& services, const store::Account& known,
                                const SignIn& input) {
    const Instant now = services.clock.now();
    NewSession made{random_token(32), SignInStep::Done};
    const auto opened = services.db.transact([&](sql::Transaction& tx) -> Status {
        auto account = store::find_account(tx, known.id);
        if (!account || account->state != "active") {
            return fail(ErrorKind::Invalid, "sign_in.wrong", {}, {}, "email");
        }
        account->last_sign_in_at = now;
        ANTIN_CHECK(store::update_account(tx, *account));
        store::forget_tries(tx, account_key(account->email));
        store::give_back_try(tx, address_key(input.remote_address));
        if (!input.old_cookie.empty()) store::delete_session(tx, secret_hash(input.old_cookie));
        store::Session session;
        session.token_hash = secret_hash(made.cookie);
        session.account_id = account->id;
        session.csrf_token = random_token(24);
        session.created_at = session.last_seen_at = now;
        session.expires_at =
            now + std::chrono::hours{store::setting_integer(tx, "session_absolute_hours")};
        session.remote_address = input.remote_address;
        session.user_agent = short_name(input.user_agent);
        store::insert_session(tx, session);
        store::delete_old_throttles(tx, now - std::chrono::hours{24});
        Actor actor = Actor::system(account->full_name);
        actor.account_id = account->id;
        audit::append(tx, journal_entry(services, actor, "account.signed_in", "account",
                                        std::to_string(account->id)));
        return {};
    });
    if (!opened) return fail(opened.error());
    ANTIN_TRY(session, load_session(services, made.cookie, input.remote_address));
    if (session) made.step = session->step;
    return made;
}

/// The account behind address and password.
Result<store::Account> check_password(Services& services, std::string_view typed_email,
                                      std::string_view password, const std::string& address) {
    const auto email = to_lower(clean_text(typed_email));
    constexpr std::size_t password_bytes_max = 1000;  // Argon2 would read megabytes as well
    if (email.empty() || email.size() > 254 || password.empty() ||
        password.size() > password_bytes_max) {
        return fail(ErrorKind::Invalid, "sign_in.wrong", {}, {}, "email");
    }
    ANTIN_TRY(account, begin_try(services, email, address));
    const bool usable = account && account->state == "active";
    const bool right = verify_password(usable ? account->password_hash : std::string{}, password);
    if (!usable || !right) {
        ANTIN_CHECK(record_failure(services, account, address));
        return fail(ErrorKind::Invalid, "sign_in.wrong", {}, {}, "email");
    }
    if (account->password_expires_at && *account->password_expires_at <= services.clock.now()) {
        return fail(ErrorKind::Refused, "sign_in.one_time_expired");
    }
    return std::move(*account);
}

}  // namespace

Result<NewSession> sign_in(Services& services, const SignIn& input) {
    ANTIN_TRY(account, check_password(services, input.email, input.password, input.remote_address));
    return open_session(services, account, input);
}

Result<Actor> prove_identity(Services& services, const Proof& proof) {
    const std::string address = "command line";
    ANTIN_TRY(account, check_password(services, proof.email, proof.password, address));
    if (account.password_temporary) {
        return fail(ErrorKind::Refused, "sign_in.password_temporary", {},
                    {{"email", account.email}});
    }
    if (!account.totp_confirmed_at) {
        return fail(ErrorKind::Refused, "second_factor.not_set_up", {}, {{"email", account.email}});
    }
    Actor actor;
    actor.account_id = account.id;
    actor.name = account.full_name;
    actor.remote_address = address;
    ANTIN_CHECK(check_second_factor(services, actor, proof.code));
    actor.second_factor_at = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<Actor> {
        store::forget_tries(tx, account_key(account.email));
        store::give_back_try(tx, address_key(address));
        for (const auto& grant : store::grants_of(tx, account.id)) {
            actor.grants.push_back({grant.role, grant.agency_id});
        }
        return actor;
    });
}

Status sign_out(Services& services, const Actor& actor, std::string_view session_hash) {
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        store::delete_session(tx, session_hash);
        audit::append(tx, journal_entry(services, actor, "account.signed_out", "account",
                                        std::to_string(actor.account_id)));
        return {};
    });
}

Status end_other_sessions(Services& services, const Actor& actor, std::string_view except) {
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        store::delete_sessions_of(tx, actor.account_id, except);
        audit::append(tx, journal_entry(services, actor, "account.sessions_ended", "account",
                                        std::to_string(actor.account_id)));
        return {};
    });
}

Result<std::string> rotate_session(sql::Transaction& tx, std::string_view old_hash, Instant now,
                                   bool second_factor) {
    auto session = store::find_session(tx, old_hash);
    if (!session) return fail(ErrorKind::Forbidden, "session.ended");
    const auto cookie = random_token(32);
    store::delete_session(tx, old_hash);
    session->token_hash = secret_hash(cookie);
    session->csrf_token = random_token(24);
    session->last_seen_at = now;
    if (second_factor) session->second_factor_at = now;
    store::insert_session(tx, *session);
    return cookie;
}

}  // namespace antin::app
