#include "app/change_password.hpp"

#include "app/access.hpp"
#include "app/notify.hpp"
#include "app/password.hpp"
#include "app/sign_in.hpp"
#include "app/tries.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/sessions.hpp"
#include "store/settings.hpp"

namespace antin::app {
namespace {

constexpr std::string_view reset_purpose = "password_reset", first_purpose = "first_password";
constexpr std::chrono::hours first_link_life{24 * 7};

std::optional<store::OneTimeSecret> find_link(sql::Reader& db, std::string_view secret,
                                              Instant now) {
    const auto hash = secret_hash(secret);
    auto found = store::find_one_time_secret(db, reset_purpose, hash, now);
    if (!found) found = store::find_one_time_secret(db, first_purpose, hash, now);
    return found;
}

Status check_old(Services& services, const SignedIn& signed_in, const store::Account& account,
                 const std::string& old_password) {
    if (signed_in.step == SignInStep::ChangePassword) return {};  // given a moment ago
    ANTIN_TRY(locked, services.db.transact([&](sql::Transaction& tx) -> Result<bool> {
        return store::count_try(tx, tries::own_password_key(account.id), tries::own_password,
                                services.clock.now())
            .has_value();
    }));
    if (locked) return fail(ErrorKind::TooMany, "password.tries");
    if (verify_password(account.password_hash, old_password)) return {};
    return fail(ErrorKind::Invalid, "password.old_wrong", {}, {}, "old_password");
}

void set_password(store::Account& account, std::string hash) {
    account.password_hash = std::move(hash);
    account.password_temporary = false;
    account.password_expires_at.reset();
}

}  // namespace

Result<std::string> change_password(Services& services, const SignedIn& signed_in,
                                    const ChangePassword& input) {
    const auto id = signed_in.actor.account_id;
    ANTIN_TRY(account, services.db.read([&](sql::Reader& db) -> Result<store::Account> {
        auto found = store::find_account(db, id);
        if (!found) return fail(ErrorKind::Forbidden, "session.ended");
        return *found;
    }));
    ANTIN_CHECK(check_old(services, signed_in, account, input.old_password));
    ANTIN_CHECK(check_new_password(account.email, input.password, input.again));
    if (verify_password(account.password_hash, input.password)) {
        return fail(ErrorKind::Invalid, "password.same", {}, {}, "password");
    }
    auto hash = hash_password(input.password);
    return services.db.transact([&](sql::Transaction& tx) -> Result<std::string> {
        set_password(account, std::move(hash));
        ANTIN_CHECK(store::update_account(tx, account));
        store::forget_tries(tx, tries::own_password_key(id));
        ANTIN_TRY(cookie, rotate_session(tx, signed_in.session_hash, services.clock.now(), false));
        store::delete_sessions_of(tx, id, secret_hash(cookie));
        audit::append(tx, journal_entry(services, signed_in.actor, "account.password_changed",
                                        "account", std::to_string(id)));
        return cookie;
    });
}

std::string make_password_link(sql::Transaction& tx, const Services& services,
                               std::int64_t account_id, bool first) {
    const auto secret_text = random_token(32);
    const Instant now = services.clock.now();
    store::OneTimeSecret secret;
    secret.purpose = first ? first_purpose : reset_purpose;
    secret.secret_hash = secret_hash(secret_text);
    secret.account_id = account_id;
    secret.created_at = now;
    secret.expires_at =
        first ? now + first_link_life
              : now + std::chrono::minutes{store::setting_integer(tx, "password_reset_minutes")};
    store::insert_one_time_secret(tx, secret);
    return "/mat-khau/dat-lai/" + secret_text;
}

Status request_password_reset(Services& services, std::string_view typed,
                              std::string_view remote_address) {
    const auto email = to_lower(clean_text(typed));
    if (email.size() > 254 || email.find('@') == std::string::npos) {
        return fail(ErrorKind::Invalid, "password.address", {}, {}, "email");
    }
    const Instant now = services.clock.now();
    bool locked = false;
    ANTIN_CHECK(services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto from = "reset_from/" + std::string{remote_address};
        locked = store::count_try(tx, from, tries::resets_per_address, now).has_value() ||
                 store::count_try(tx, "reset/" + secret_hash(email), tries::resets_per_account, now)
                     .has_value();
        const auto account = store::find_account_by_email(tx, email);
        if (locked || !account || account->state != "active") return {};
        const auto path = make_password_link(tx, services, account->id, false);
        const auto language =
            account->language == "en" ? html::Language::English : html::Language::Vietnamese;
        send_mail(tx, services, email, html::text(language, "mail.password_reset.subject"),
                  html::text(language, "mail.password_reset.body",
                             {{"name", account->full_name},
                              {"link", services.configuration.public_url + path},
                              {"minutes", std::to_string(store::setting_integer(
                                              tx, "password_reset_minutes"))}}),
                  true);
        Actor actor = Actor::system(account->full_name);
        actor.account_id = account->id;
        audit::append(tx, journal_entry(services, actor, "account.password_reset_asked", "account",
                                        std::to_string(account->id)));
        return {};
    }));
    if (locked) return fail(ErrorKind::TooMany, "password.resets");
    return {};
}

Result<PasswordLink> look_up_password_link(Services& services, std::string_view secret) {
    return services.db.read([&](sql::Reader& db) -> Result<PasswordLink> {
        const auto link = find_link(db, secret, services.clock.now());
        const auto account =
            link && link->account_id ? store::find_account(db, *link->account_id) : std::nullopt;
        if (!account || account->state == "suspended" || account->state == "closed") {
            return fail(ErrorKind::NotFound, "password.link_unknown");
        }
        return PasswordLink{account->id, account->email, account->full_name,
                            link->purpose == first_purpose};
    });
}

Status set_password_by_link(Services& services, std::string_view secret, std::string_view password,
                            std::string_view again) {
    ANTIN_TRY(link, look_up_password_link(services, secret));
    ANTIN_CHECK(check_new_password(link.email, password, again));
    auto hash = hash_password(password);
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        const Instant now = services.clock.now();
        const auto found = find_link(tx, secret, now);
        auto account = store::find_account(tx, link.account_id);
        if (!found || !account || !store::use_one_time_secret(tx, found->id, now)) {
            return fail(ErrorKind::NotFound, "password.link_unknown");
        }
        set_password(*account, std::move(hash));
        if (account->state == "invited") account->state = "active";
        ANTIN_CHECK(store::update_account(tx, *account));
        store::delete_sessions_of(tx, account->id, "");
        Actor actor = Actor::system(account->full_name);
        actor.account_id = account->id;
        audit::append(tx, journal_entry(services, actor, "account.password_set_by_link", "account",
                                        std::to_string(account->id)));
        return {};
    });
}

}  // namespace antin::app
