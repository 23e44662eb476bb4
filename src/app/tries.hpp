#pragma once
// Every limit on tries stands here. Strict ones per account; generous ones per address, because a
// whole province may share one. A lock ends by itself.
#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "app/services.hpp"
#include "store/throttle.hpp"

namespace antin::app::tries {

using std::chrono::minutes;
using store::ThrottleLimit;

inline constexpr ThrottleLimit sign_in_per_account{
    .tries = 5, .window = minutes{15}, .lock = minutes{15}};
inline constexpr ThrottleLimit sign_in_per_address{
    .tries = 300, .window = minutes{15}, .lock = minutes{5}};
/// Of a password asked again: before it is changed, and before an invitation adds a role to it.
inline constexpr ThrottleLimit own_password{.tries = 5, .window = minutes{15}, .lock = minutes{15}};
[[nodiscard]] inline std::string own_password_key(std::int64_t account_id) {
    return fmt::format("old_password/{}", account_id);
}
inline constexpr ThrottleLimit second_factor{
    .tries = 6, .window = minutes{15}, .lock = minutes{15}};
inline constexpr ThrottleLimit second_factor_mails{
    .tries = 6, .window = minutes{60}, .lock = minutes{30}};
inline constexpr ThrottleLimit resets_per_account{
    .tries = 4, .window = minutes{60}, .lock = minutes{30}};
inline constexpr ThrottleLimit resets_per_address{
    .tries = 60, .window = minutes{60}, .lock = minutes{10}};
/// Of registrations, each of which keeps a file, mails and tells the coordinators. A province has
/// 200 bodies or so; one body needs one, and another each time it was returned.
inline constexpr ThrottleLimit registrations_per_address{
    .tries = 60, .window = minutes{60}, .lock = minutes{30}};
inline constexpr ThrottleLimit registrations_per_mailbox{
    .tries = 5, .window = minutes{60}, .lock = minutes{60}};
/// Of codes that anybody may type: check values of dossiers (40 bits), activation codes (59 bits).
inline constexpr ThrottleLimit guesses_per_address{
    .tries = 60, .window = minutes{10}, .lock = minutes{10}};

/// A look-up by a code that strangers may type. NotFound counts as a guess of `remote_address`
/// under `what`; after too many the address waits, whatever it types: TooMany "guesses.too_many"
/// {{minutes}}.
template <class Look>
auto guarded_look_up(Services& services, std::string_view what, std::string_view remote_address,
                     Look&& look) -> std::invoke_result_t<Look, sql::Reader&> {
    using Answer = std::invoke_result_t<Look, sql::Reader&>;
    const auto key = fmt::format("{}/{}", what, remote_address);
    const Instant now = services.clock.now();
    auto found = services.db.read([&](sql::Reader& db) -> Answer {
        if (const auto until = store::locked_until(db, key, now)) {
            const auto left = std::chrono::ceil<minutes>(*until - now);
            return fail(ErrorKind::TooMany, "guesses.too_many", {},
                        {{"minutes", std::to_string(left.count())}});
        }
        return look(db);
    });
    if (found || found.error().kind != ErrorKind::NotFound) return found;
    const auto counted = services.db.transact([&](sql::Transaction& tx) -> Status {
        (void)store::count_try(tx, key, guesses_per_address, now);
        return {};
    });
    if (!counted) return fail(counted.error());
    return found;
}

}  // namespace antin::app::tries
