#include "app/take_line.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/access.hpp"
#include "app/bench_access.hpp"
#include "app/bench_work.hpp"
#include "app/reset_pin.hpp"
#include "app/vault.hpp"
#include "base/random.hpp"
#include "ca/authority.hpp"
#include "store/agencies.hpp"
#include "store/settings.hpp"

namespace antin::app {

namespace {

/// The stored kind first, then what smaller devices can make.
std::vector<std::string> wanted_kinds(sql::Reader& db) {
    std::vector<std::string> kinds{store::setting_text(db, "subscriber_key")};
    for (const char* other : {"rsa3072", "rsa2048", "p256"}) {
        if (std::find(kinds.begin(), kinds.end(), other) == kinds.end()) kinds.emplace_back(other);
    }
    return kinds;
}

Result<BenchTask> task_of(sql::Reader& db, const Services& services, const LineWork& at) {
    BenchTask task;
    task.line_id = at.line.id;
    task.number = at.line.number;
    task.dossier_code = at.dossier.code.value_or("");
    task.name = at.line.name;
    const auto agency = store::find_agency(db, at.dossier.agency_id);
    task.agency_name = agency ? agency->name : "";
    task.problem = at.line.problem;
    task.key_label = line_key_label(at.line.id);
    task.key_kinds = wanted_kinds(db);
    if (!at.work) return task;
    task.step = at.work->step();
    task.challenge = at.work->challenge;
    if (at.device) {
        task.device_serial = at.device->serial;
        // No two devices have one label, also when the one before this lies beside it.
        task.device_label = fmt::format("{}-{}", task.key_label, at.device->id);
    }
    const auto envelope = store::find_pin_envelope(db, at.line.id);
    if (envelope && !envelope->sealed.empty()) {
        ANTIN_TRY(pin, unseal(services, pin_purpose(at.line.id), envelope->sealed));
        task.pin = std::move(pin);
        task.set_pin = at.work->prepared_at && !at.work->checked_at &&
                       envelope->created_at > *at.work->prepared_at;
    }
    if (at.line.certificate_serial) {
        task.certificate_serial = *at.line.certificate_serial;
        if (const auto found = ca::find_by_serial(db, *at.line.certificate_serial)) {
            task.certificate = found->der;
            task.valid_until = found->not_after;
        }
    }
    return task;
}

/// The device of the stock that is plugged in and free.
Result<store::Device> choose_device(sql::Transaction& tx, const LineWork& at,
                                    const std::vector<std::string>& plugged) {
    if (plugged.empty()) return fail(ErrorKind::Refused, "bench.no_device");
    std::string unknown, taken;
    for (const auto& serial : plugged) {
        auto device = store::find_device_by_serial(tx, serial);
        if (!device) {
            unknown = serial;
        } else if (device->state == domain::DeviceState::InStock &&
                   device->kind == domain::Carrier::PkiToken &&
                   device->is_demo == at.dossier.is_demo) {
            return std::move(*device);
        } else {
            taken = serial;
        }
    }
    if (!unknown.empty()) {
        return fail(ErrorKind::Refused, "bench.device_unknown", {}, {{"serial", unknown}});
    }
    return fail(ErrorKind::Refused, "bench.device_taken", {}, {{"serial", taken}});
}

Status begin_work(sql::Transaction& tx, const Services& services, const Actor& actor, LineWork& at,
                  const std::vector<std::string>& plugged) {
    ANTIN_TRY(device, choose_device(tx, at, plugged));
    if (at.line.state == domain::LineState::KeyReady) {
        // Its device was taken away before this step was on the record: the key went with it.
        ANTIN_CHECK(advance_line(tx, services, actor, bench_role(actor), at,
                                 domain::LineAction::GiveUpKey));
    }
    device.line_id = at.line.id;
    device.agency_id = at.dossier.agency_id;
    ANTIN_CHECK(advance_device(tx, services, actor, bench_role(actor), device,
                               domain::DeviceAction::Assign, {}, at.line.name));
    at.device = device;
    at.line.device_id = device.id;
    store::Personalisation work;
    work.line_id = at.line.id;
    work.device_id = device.id;
    work.officer_id = actor.account_id;
    work.challenge = to_hex(random_bytes(32));
    work.started_at = services.clock.now();
    at.work = work;
    store::add_pin_envelope(tx,
                            {.device_id = device.id,
                             .line_id = at.line.id,
                             .sealed = seal(services, pin_purpose(at.line.id), random_pin())},
                            services.clock.now());
    return {};
}

bool may_be_taken(const LineWork& at) {
    using enum domain::LineState;
    return at.line.state == Approved || at.line.state == KeyReady || at.line.state == Issued;
}

}  // namespace

Result<BenchTask> take_line(Services& services, const Actor& actor, const TakeLine& input) {
    ANTIN_CHECK(bench_officer_of_lines(services, actor, {input.line_id}));
    return services.db.transact([&](sql::Transaction& tx) -> Result<BenchTask> {
        ANTIN_TRY(at, hold_line(tx, services, actor, input.line_id));
        if (!may_be_taken(at)) return fail(domain::to_error(domain::Objection::NotNow));
        if (at.line.carrier != domain::Carrier::PkiToken) {
            return fail(ErrorKind::Refused, "bench.not_a_token");
        }
        if (is_pin_problem(at.line.problem)) return fail(ErrorKind::Refused, "bench.pin_first");
        if (!at.work) {
            ANTIN_CHECK(begin_work(tx, services, actor, at, input.plugged));
        } else if (at.device && at.work->step() < 6 &&
                   std::find(input.plugged.begin(), input.plugged.end(), at.device->serial) ==
                       input.plugged.end()) {
            return fail(ErrorKind::Refused, "bench.other_device", {},
                        {{"serial", at.device->serial}});
        }
        at.line.problem.clear();
        ANTIN_CHECK(save_work(tx, at));
        return task_of(tx, services, at);
    });
}

Result<BenchTask> bench_task(Services& services, const Actor& actor, std::int64_t line_id) {
    ANTIN_CHECK(bench_officer_of_lines(services, actor, {line_id}));
    return services.db.read([&](sql::Reader& db) -> Result<BenchTask> {
        ANTIN_TRY(at, load_line(db, line_id));
        if (at.line.work_by != actor.account_id) return fail(ErrorKind::Conflict, "bench.changed");
        return task_of(db, services, at);
    });
}

Status release_line(Services& services, const Actor& actor, std::int64_t line_id) {
    ANTIN_CHECK(bench_officer_of_lines(services, actor, {line_id}));
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(at, hold_line(tx, services, actor, line_id));
        at.line.work_by = std::nullopt;
        at.line.work_at = std::nullopt;
        return save_work(tx, at);
    });
}

Status report_line_problem(Services& services, const Actor& actor, std::int64_t line_id,
                           const std::string& code) {
    ANTIN_CHECK(bench_officer_of_lines(services, actor, {line_id}));
    const bool is_key = code.size() <= 60 && std::all_of(code.begin(), code.end(), [](char c) {
                            return (c >= 'a' && c <= 'z') || c == '.' || c == '_';
                        });
    if (!is_key) return fail(ErrorKind::Invalid, "bench.problem_code");
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(at, hold_line(tx, services, actor, line_id));
        at.line.problem = code;
        audit::append(
            tx, journal_entry(services, actor, "line.problem", "line", std::to_string(line_id),
                              fmt::format(R"({{"code":"{}"}})", code)));
        return save_work(tx, at);
    });
}

}  // namespace antin::app
