#include "app/second_factor.hpp"

#include <fmt/format.h>
#include <liboath/oath.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "app/access.hpp"
#include "app/notify.hpp"
#include "app/qr_svg.hpp"
#include "app/sign_in.hpp"
#include "app/tries.hpp"
#include "app/vault.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "domain/permissions.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/sessions.hpp"

namespace antin::app {
namespace {

constexpr std::int64_t step_seconds = 30;
constexpr std::size_t secret_bytes = 20;
constexpr unsigned code_digits = 6;
constexpr int recovery_codes = 10;
constexpr std::chrono::minutes mail_code_life{10};
constexpr std::string_view mail_purpose = "second_factor";
constexpr std::string_view seal_purpose = "totp";

std::int64_t step_of(Instant now) {
    return to_millis(now) / 1000 / step_seconds;
}

std::string typed_code(std::string_view text) {
    std::string out;
    for (const char c : to_upper(text)) {
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) out += c;
    }
    return out;
}

/// The step whose code was typed, one step of clock error allowed; 0 for none. Never a used one.
std::int64_t matching_step(std::string_view secret, std::string_view code, Instant now,
                           std::int64_t last_used) {
    const auto current = step_of(now);
    for (auto step = current - 1; step <= current + 1; ++step) {
        if (step > last_used && totp_code(secret, step) == code) return step;
    }
    return 0;
}

bool head_only(const std::vector<store::GrantRow>& grants) {
    domain::Roles others;
    bool head = false;
    for (const auto& grant : grants) {
        if (grant.role == domain::Role::Head)
            head = true;
        else
            others.add(grant.role);
    }
    return head && !domain::needs_second_factor(others);
}

std::string fresh_secret(const Services& services, const SignedIn& signed_in) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    const std::string subject =
        "totp/" + std::to_string(signed_in.actor.account_id) + "/" + signed_in.session_hash;
    HMAC(EVP_sha256(), services.vault_key.data(), static_cast<int>(services.vault_key.size()),
         reinterpret_cast<const unsigned char*>(subject.data()), subject.size(), digest, &size);
    return {reinterpret_cast<const char*>(digest), secret_bytes};
}

/// For the label of an address: what is not a letter, digit or one of "@.-_" as %XX.
std::string percent_encode(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = (byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9') ||
                           (byte >= 'A' && byte <= 'Z') || c == '@' || c == '.' || c == '-' ||
                           c == '_';
        if (plain)
            out += c;
        else
            out += fmt::format("%{:02X}", byte);
    }
    return out;
}

std::string base32(std::string_view bytes) {
    constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string out;
    unsigned buffer = 0;
    int bits = 0;
    for (const char c : bytes) {
        buffer = (buffer << 8) | static_cast<unsigned char>(c);
        for (bits += 8; bits >= 5; bits -= 5) out += alphabet[(buffer >> (bits - 5)) & 31];
    }
    return out;
}

std::vector<std::string> new_recovery_codes(sql::Transaction& tx, std::int64_t account_id) {
    store::delete_recovery_codes(tx, account_id);
    std::vector<std::string> codes;
    for (int i = 0; i < recovery_codes; ++i) {
        const auto code = random_readable(10);
        store::insert_recovery_code(tx, account_id, secret_hash(code));
        codes.push_back(code.substr(0, 5) + "-" + code.substr(5));
    }
    return codes;
}

/// One way after the other; each leaves its trace so that the same code is not good again.
bool take_code(sql::Transaction& tx, const Services& services, store::Account& account,
               const std::string& code, Instant now) {
    if (account.totp_confirmed_at && code.size() == code_digits) {
        const auto secret =
            unseal(services, seal_purpose, from_base64url(account.totp_secret).value_or(Bytes{}));
        const auto step = secret ? matching_step(*secret, code, now, account.totp_last_step) : 0;
        if (step != 0) {
            account.totp_last_step = step;
            return store::update_account(tx, account).has_value();
        }
    }
    const auto mailed = store::newest_one_time_secret(tx, mail_purpose, account.id, now);
    if (mailed && mailed->attempts_left > 0) {
        if (mailed->secret_hash == secret_hash(std::to_string(account.id) + "/" + code)) {
            return store::use_one_time_secret(tx, mailed->id, now);
        }
        store::count_wrong_try(tx, mailed->id);
    }
    return store::use_recovery_code(tx, account.id, secret_hash(code), now);
}

enum class Answer { Right, Wrong, Locked };

Answer judge(sql::Transaction& tx, const Services& services, const Actor& actor,
             std::string_view typed, Instant now) {
    const auto key = "second_factor/" + std::to_string(actor.account_id);
    if (store::count_try(tx, key, tries::second_factor, now)) return Answer::Locked;
    auto account = store::find_account(tx, actor.account_id);
    const bool right = account && account->state == "active" &&
                       take_code(tx, services, *account, typed_code(typed), now);
    if (right) store::forget_tries(tx, key);
    audit::append(
        tx, journal_entry(services, actor,
                          right ? "account.second_factor_given" : "account.second_factor_failed",
                          "account", std::to_string(actor.account_id)));
    return right ? Answer::Right : Answer::Wrong;
}

Status as_status(Answer answer) {
    if (answer == Answer::Right) return {};
    if (answer == Answer::Locked) return fail(ErrorKind::TooMany, "second_factor.locked");
    return fail(ErrorKind::Invalid, "second_factor.wrong", {}, {}, "code");
}

}  // namespace

std::string totp_code(std::string_view raw_secret, std::int64_t step) {
    char code[code_digits + 1] = {};
    const auto at = static_cast<std::time_t>(step * step_seconds);
    if (oath_totp_generate(raw_secret.data(), raw_secret.size(), at, step_seconds, 0, code_digits,
                           code) != OATH_OK) {
        return {};
    }
    return code;
}

Result<SecondFactorWays> second_factor_ways(Services& services, const Actor& actor) {
    return services.db.read([&](sql::Reader& db) -> Result<SecondFactorWays> {
        SecondFactorWays ways;
        const auto account = store::find_account(db, actor.account_id);
        ways.phone = account && account->totp_confirmed_at;
        ways.mail = head_only(store::grants_of(db, actor.account_id));
        ways.recovery_codes_left = store::count_recovery_codes(db, actor.account_id);
        return ways;
    });
}

Status check_second_factor(Services& services, const Actor& actor, std::string_view code) {
    ANTIN_TRY(answer, services.db.transact([&](sql::Transaction& tx) -> Result<Answer> {
        return judge(tx, services, actor, code, services.clock.now());
    }));
    return as_status(answer);
}

Status require_second_factor(const Services& services, const Actor& actor,
                             std::chrono::minutes within) {
    if (actor.second_factor_at && *actor.second_factor_at + within > services.clock.now()) {
        return {};
    }
    return fail(ErrorKind::Forbidden, "second_factor.needed");
}

Status mail_second_factor(Services& services, const Actor& actor) {
    const Instant now = services.clock.now();
    const auto digits = fmt::format("{:06}", [] {
        std::uint32_t value = 0;
        for (const auto byte : random_bytes(4)) value = value << 8 | byte;
        return value % 1'000'000;
    }());
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto account = store::find_account(tx, actor.account_id);
        if (!account || !head_only(store::grants_of(tx, actor.account_id))) {
            return fail(ErrorKind::Refused, "second_factor.no_mail");
        }
        const auto key = "second_factor_mail/" + std::to_string(actor.account_id);
        if (store::count_try(tx, key, tries::second_factor_mails, now)) {
            return fail(ErrorKind::TooMany, "second_factor.mails");
        }
        store::OneTimeSecret secret;
        secret.purpose = mail_purpose;
        secret.secret_hash = secret_hash(std::to_string(account->id) + "/" + digits);
        secret.account_id = account->id;
        secret.created_at = now;
        secret.expires_at = now + mail_code_life;
        store::insert_one_time_secret(tx, secret);
        const auto language =
            account->language == "en" ? html::Language::English : html::Language::Vietnamese;
        send_mail(tx, services, account->email, html::text(language, "mail.second_factor.subject"),
                  html::text(language, "mail.second_factor.body",
                             {{"name", account->full_name},
                              {"code", digits},
                              {"minutes", std::to_string(mail_code_life.count())}}),
                  true);
        audit::append(tx, journal_entry(services, actor, "account.second_factor_mailed", "account",
                                        std::to_string(account->id)));
        return {};
    });
}

Result<std::string> pass_second_factor(Services& services, const SignedIn& signed_in,
                                       std::string_view code) {
    const Instant now = services.clock.now();
    std::string cookie;
    ANTIN_TRY(answer, services.db.transact([&](sql::Transaction& tx) -> Result<Answer> {
        const auto judged = judge(tx, services, signed_in.actor, code, now);
        if (judged != Answer::Right) return judged;
        ANTIN_TRY(made, rotate_session(tx, signed_in.session_hash, now, true));
        cookie = made;
        return judged;
    }));
    ANTIN_CHECK(as_status(answer));
    return cookie;
}

Result<TotpOffer> offer_totp(Services& services, const SignedIn& signed_in) {
    const auto secret = base32(fresh_secret(services, signed_in));
    TotpOffer offer;
    for (std::size_t i = 0; i < secret.size(); i += 4) {
        offer.secret += (i == 0 ? "" : " ") + secret.substr(i, 4);
    }
    ANTIN_TRY(svg, qr_svg("otpauth://totp/An%20Tin:" + percent_encode(signed_in.email) +
                          "?secret=" + secret + "&issuer=An%20Tin"));
    offer.qr_svg = std::move(svg);
    return offer;
}

Result<TotpConfirmed> confirm_totp(Services& services, const SignedIn& signed_in,
                                   std::string_view code) {
    const Instant now = services.clock.now();
    const auto secret = fresh_secret(services, signed_in);
    TotpConfirmed out;
    ANTIN_TRY(answer, services.db.transact([&](sql::Transaction& tx) -> Result<Answer> {
        const auto key = "totp_confirm/" + std::to_string(signed_in.actor.account_id);
        if (store::count_try(tx, key, tries::second_factor, now)) return Answer::Locked;
        auto account = store::find_account(tx, signed_in.actor.account_id);
        const auto step = matching_step(secret, typed_code(code), now, 0);
        if (!account || step == 0) return Answer::Wrong;
        account->totp_secret = to_base64url(seal(services, seal_purpose, secret));
        account->totp_confirmed_at = now;
        account->totp_last_step = step;
        ANTIN_CHECK(store::update_account(tx, *account));
        store::forget_tries(tx, key);
        out.recovery_codes = new_recovery_codes(tx, account->id);
        ANTIN_TRY(cookie, rotate_session(tx, signed_in.session_hash, now, true));
        out.cookie = cookie;
        audit::append(tx, journal_entry(services, signed_in.actor, "account.second_factor_set_up",
                                        "account", std::to_string(account->id)));
        return Answer::Right;
    }));
    ANTIN_CHECK(as_status(answer));
    return out;
}

Result<std::vector<std::string>> renew_recovery_codes(Services& services, const Actor& actor) {
    return services.db.transact([&](sql::Transaction& tx) -> Result<std::vector<std::string>> {
        audit::append(tx, journal_entry(services, actor, "account.recovery_codes_renewed",
                                        "account", std::to_string(actor.account_id)));
        return new_recovery_codes(tx, actor.account_id);
    });
}

}  // namespace antin::app
