#include "app/reset_pin.hpp"

#include <algorithm>

#include "app/access.hpp"
#include "app/bench_access.hpp"
#include "app/bench_work.hpp"
#include "app/vault.hpp"
#include "base/random.hpp"

namespace antin::app {

namespace {

Status may_reset(const LineWork& at) {
    using enum domain::LineState;
    if (at.line.carrier == domain::Carrier::SimPki) return fail(ErrorKind::Refused, "bench.no_pin");
    const bool at_desk =
        at.line.state == Approved || at.line.state == KeyReady || at.line.state == Issued;
    if (!at_desk) return fail(ErrorKind::Refused, "bench.not_at_desk");
    const bool has_pin = at.work && at.work->prepared_at && at.device;
    return has_pin ? Status{} : Status{fail(domain::to_error(domain::Objection::NotNow))};
}

Status reset_in(sql::Transaction& tx, const Services& services, const Actor& actor,
                std::int64_t line_id) {
    ANTIN_TRY(at, hold_line(tx, services, actor, line_id));
    ANTIN_CHECK(may_reset(at));
    const bool central = at.line.carrier == domain::Carrier::CentralSigning;
    const auto now = services.clock.now();
    store::drop_unprinted_envelopes(tx, line_id);
    // Younger than the wiping, even when the clock was set back: so the device is known to have
    // another PIN still.
    const auto made_at = std::max(now, *at.work->prepared_at + std::chrono::milliseconds{1});
    store::add_pin_envelope(tx,
                            {.device_id = at.device->id,
                             .line_id = line_id,
                             .sealed = seal(services, pin_purpose(line_id),
                                            central ? random_readable(10) : random_pin())},
                            made_at);
    at.work->printed_at = std::nullopt;
    if (!central) at.work->checked_at = std::nullopt;
    at.line.problem.clear();
    at.line.work_by = std::nullopt;
    at.line.work_at = std::nullopt;
    audit::append(tx, journal_entry(services, actor, "pin.reset", "line", std::to_string(line_id)));
    return save_work(tx, at);
}

}  // namespace

Status reset_pin(Services& services, const Actor& actor, std::int64_t line_id) {
    ANTIN_CHECK(bench_officer_of_lines(services, actor, {line_id}));
    return services.db.transact(
        [&](sql::Transaction& tx) { return reset_in(tx, services, actor, line_id); });
}

bool is_pin_problem(std::string_view code) {
    return code == "token.pin_wrong" || code == "token.pin_wrong_final" ||
           code == "token.pin_locked" || code == "token.pin_final_try" ||
           code == "token.pin_not_retried";
}

}  // namespace antin::app
