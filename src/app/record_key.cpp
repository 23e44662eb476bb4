#include "app/record_key.hpp"

#include <functional>

#include "app/advance_dossier.hpp"
#include "app/bench_access.hpp"
#include "app/bench_work.hpp"
#include "ca/authority.hpp"
#include "pki/certificate_request.hpp"

namespace antin::app {

namespace {

using Act = std::function<Status(sql::Transaction&, LineWork&)>;

/// One step of the officer who holds the row.
Status at_bench(Services& services, const Actor& actor, std::int64_t line_id, const Act& act) {
    ANTIN_CHECK(bench_officer_of_lines(services, actor, {line_id}));
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(at, hold_line(tx, services, actor, line_id));
        if (!at.work || !at.device) return fail(domain::to_error(domain::Objection::NotNow));
        at.line.problem.clear();
        ANTIN_CHECK(act(tx, at));
        return save_work(tx, at);
    });
}

Status same_certificate(sql::Transaction& tx, const LineWork& at, BytesView read_back) {
    if (!at.line.certificate_serial) return fail(domain::to_error(domain::Objection::NotNow));
    const auto issued = ca::find_by_serial(tx, *at.line.certificate_serial);
    if (!issued ||
        !std::equal(issued->der.begin(), issued->der.end(), read_back.begin(), read_back.end())) {
        return fail(ErrorKind::Refused, "bench.read_back_differs");
    }
    return {};
}

}  // namespace

Status record_prepared(Services& services, const Actor& actor, std::int64_t line_id) {
    return at_bench(services, actor, line_id, [&](sql::Transaction&, LineWork& at) -> Status {
        if (at.line.state != domain::LineState::Approved) {  // said once more
            return at.work->prepared_at ? Status{}
                                        : Status{fail(domain::to_error(domain::Objection::NotNow))};
        }
        at.work->prepared_at = services.clock.now();
        return {};
    });
}

Status record_key(Services& services, const Actor& actor, std::int64_t line_id,
                  BytesView certificate_request) {
    const auto proved = pki::read_certificate_request(certificate_request);
    if (!proved) return fail(proved.error());
    const Bytes request(certificate_request.begin(), certificate_request.end());
    return at_bench(services, actor, line_id, [&](sql::Transaction& tx, LineWork& at) -> Status {
        if (at.line.state == domain::LineState::Issued) {
            const auto before = pki::read_certificate_request(at.work->certificate_request);
            const bool same = before && before->public_key_info == proved->public_key_info;
            return same ? Status{} : Status{fail(ErrorKind::Refused, "bench.already_issued")};
        }
        if (at.work->certificate_request == request) return {};  // sent twice
        ANTIN_CHECK(advance_line(tx, services, actor, bench_role(actor), at,
                                 domain::LineAction::MakeKey, true));
        at.work->certificate_request = request;
        at.work->key_at = services.clock.now();
        return {};
    });
}

Status record_written(Services& services, const Actor& actor, std::int64_t line_id,
                      BytesView read_back) {
    return at_bench(services, actor, line_id, [&](sql::Transaction& tx, LineWork& at) -> Status {
        ANTIN_CHECK(same_certificate(tx, at, read_back));
        if (!at.work->written_at) at.work->written_at = services.clock.now();
        return {};
    });
}

Status record_checked(Services& services, const Actor& actor, std::int64_t line_id,
                      BytesView read_back, BytesView signature) {
    ANTIN_CHECK(bench_officer_of_lines(services, actor, {line_id}));
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(at, hold_line(tx, services, actor, line_id));
        if (!at.work || !at.device) return fail(domain::to_error(domain::Objection::NotNow));
        ANTIN_CHECK(same_certificate(tx, at, read_back));
        if (!proves_possession(read_back, at.work->challenge, signature)) {
            return fail(ErrorKind::Refused, "bench.signature_wrong");
        }
        if (at.work->checked_at) return {};  // sent twice
        at.line.problem.clear();
        at.work->checked_at = services.clock.now();
        if (!at.work->written_at) at.work->written_at = at.work->checked_at;
        if (at.device->state != domain::DeviceState::Personalised) {  // else only its PIN is new
            ANTIN_CHECK(advance_device(tx, services, actor, bench_role(actor), *at.device,
                                       domain::DeviceAction::Personalise, {}, at.line.name));
        }
        ANTIN_CHECK(save_work(tx, at));
        return advance_dossier(tx, services, actor, at.dossier.id);
    });
}

}  // namespace antin::app
