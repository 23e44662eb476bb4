#include "app/change_device.hpp"

#include "app/bench_access.hpp"
#include "app/bench_work.hpp"
#include "app/certificate_status.hpp"
#include "app/open_authority.hpp"
#include "ca/authority.hpp"

namespace antin::app {

namespace {

using domain::LineState;

Status may_change(const LineWork& at, bool broken) {
    if (at.line.carrier != domain::Carrier::PkiToken) {
        return fail(ErrorKind::Refused, "bench.not_a_token");
    }
    const bool at_desk = at.line.state == LineState::Approved ||
                         at.line.state == LineState::KeyReady || at.line.state == LineState::Issued;
    if (!at_desk) return fail(ErrorKind::Refused, "bench.not_at_desk");
    if (at.line.state == LineState::Issued && !broken) {
        return fail(ErrorKind::Refused, "bench.already_issued");
    }
    return {};
}

/// The old key is worth nothing from now on, whether or not it was certified.
Status give_up_key(sql::Transaction& tx, const Services& services, const Actor& actor,
                   LineWork& at) {
    if (at.line.state == LineState::Approved) return {};
    ANTIN_CHECK(ca::replace_order(tx, line_order_id(tx, at.line.id),
                                  next_line_order_id(tx, at.line.id),
                                  {actor.account_id, actor.name}, services.clock.now()));
    if (at.line.state == LineState::Issued) {
        ANTIN_CHECK(
            note_given_up(tx, at.line.certificate_serial.value_or(""), services.clock.now()));
    }
    const auto action = at.line.state == LineState::Issued ? domain::LineAction::ReportDeviceLost
                                                           : domain::LineAction::GiveUpKey;
    at.line.certificate_serial = std::nullopt;
    return advance_line(tx, services, actor, bench_role(actor), at, action);
}

Status change_in(sql::Transaction& tx, const Services& services, const Actor& actor,
                 const ChangeDevice& input) {
    ANTIN_TRY(at, hold_line(tx, services, actor, input.line_id));
    ANTIN_CHECK(may_change(at, input.broken));
    if (!at.work || !at.device) return {};
    ANTIN_CHECK(give_up_key(tx, services, actor, at));
    const auto action =
        input.broken ? domain::DeviceAction::ReportLost : domain::DeviceAction::Unassign;
    at.device->line_id = std::nullopt;
    at.device->agency_id = std::nullopt;
    ANTIN_CHECK(advance_device(tx, services, actor, bench_role(actor), *at.device, action,
                               at.line.name, {}, input.broken ? "bench.broken" : ""));
    store::remove_personalisation(tx, input.line_id);
    at.work.reset();
    at.line.device_id = std::nullopt;
    at.line.problem.clear();
    at.line.work_by = std::nullopt;  // whoever has a device at hand goes on
    at.line.work_at = std::nullopt;
    return save_work(tx, at);
}

}  // namespace

Status change_device(Services& services, const Actor& actor, const ChangeDevice& input) {
    ANTIN_CHECK(bench_officer_of_lines(services, actor, {input.line_id}));
    const auto status = services.db.transact(
        [&](sql::Transaction& tx) { return change_in(tx, services, actor, input); });
    auto* authority = open_authority(services);
    if (status && authority != nullptr) authority->wake();
    return status;
}

}  // namespace antin::app
