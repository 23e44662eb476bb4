#include "jobs/runner.hpp"

#include <algorithm>

#include "audit/journal.hpp"
#include "base/log.hpp"
#include "store/outbox.hpp"

namespace antin::jobs {
namespace {

constexpr std::chrono::milliseconds look_again{500};
constexpr std::int64_t taken_at_once = 10;

bool may_try_again(ErrorKind kind) {
    return kind == ErrorKind::Unavailable || kind == ErrorKind::Internal ||
           kind == ErrorKind::Conflict || kind == ErrorKind::TooMany;
}

std::chrono::milliseconds wait_after(const Retry& retry, std::int64_t attempts) {
    const auto doublings = std::clamp<std::int64_t>(attempts - 1, 0, 30);
    return std::min(retry.wait_max, retry.first_wait * (std::int64_t{1} << doublings));
}

std::string words_of(const Error& error) {
    return error.detail.empty() ? error.code : error.code + ": " + error.detail;
}

/// A handler must not end the program, whatever it throws.
Status guarded(const Handler& handler, const std::string& payload) {
    try {
        return handler(payload);
    } catch (const std::exception& exception) {
        return fail(ErrorKind::Internal, "job.exception", exception.what());
    }
}

}  // namespace

Runner::Runner(app::Services& services) : services_(services) {}

Runner::~Runner() {
    stop();
}

void Runner::on(std::string kind, Handler handler, Retry retry, GivenUp given_up) {
    kinds_.push_back(std::make_unique<Kind>(
        Kind{std::move(kind), std::move(handler), std::move(retry), std::move(given_up)}));
}

void Runner::every(std::string name, std::chrono::milliseconds period,
                   std::function<Status()> work) {
    scheduled_.push_back(
        std::make_unique<Scheduled>(Scheduled{std::move(name), period, std::move(work)}));
}

void Runner::start() {
    for (const auto& kind : kinds_) {
        threads_.emplace_back([this, &kind = *kind] { loop_of(kind); });
    }
    for (const auto& scheduled : scheduled_) {
        threads_.emplace_back([this, &scheduled = *scheduled] { loop_of(scheduled); });
    }
}

void Runner::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
    threads_.clear();
}

void Runner::wake() {
    {
        const std::lock_guard lock{mutex_};
        ++wakes_;
    }
    changed_.notify_all();
}

bool Runner::wait(std::chrono::milliseconds at_most) {
    std::unique_lock lock{mutex_};
    const auto seen = wakes_;
    changed_.wait_for(lock, at_most, [&] { return stopping_ || wakes_ != seen; });
    return !stopping_;
}

void Runner::loop_of(const Kind& kind) {
    do {
        while (drain(kind) > 0 && wait(std::chrono::milliseconds{0})) {
        }
    } while (wait(look_again));
}

void Runner::loop_of(const Scheduled& scheduled) {
    auto next = std::chrono::steady_clock::now();
    do {
        const auto now = std::chrono::steady_clock::now();
        if (now < next) continue;
        run(scheduled);
        next = now + scheduled.period;
    } while (wait(look_again));
}

int Runner::drain() {
    int all = 0, taken = 0;
    do {
        taken = 0;
        for (const auto& kind : kinds_) taken += drain(*kind);
        all += taken;
    } while (taken > 0);
    return all;
}

void Runner::run_scheduled() {
    for (const auto& scheduled : scheduled_) run(*scheduled);
}

int Runner::drain(const Kind& kind) {
    const auto now = services_.clock.now();
    // Looking first costs a reader only: the writer is not bothered while there is nothing to do.
    const auto waiting = services_.db.read(
        [&](sql::Reader& db) -> Result<bool> { return store::has_due_outbox(db, kind.name, now); });
    if (!waiting || !*waiting) return 0;
    const auto items =
        services_.db.transact([&](sql::Transaction& tx) -> Result<std::vector<store::OutboxItem>> {
            return store::claim_outbox(tx, kind.name, now, kind.retry.claim.count(), taken_at_once);
        });
    if (!items) {
        log(LogLevel::Warning, "jobs.cannot_claim",
            {{"kind", kind.name}, {"code", items.error().code}});
        return 0;
    }
    for (const auto& item : *items) {
        work_off(kind, item.id, item.payload, item.attempts, item.created_at);
    }
    return static_cast<int>(items->size());
}

void Runner::work_off(const Kind& kind, std::int64_t id, const std::string& payload,
                      std::int64_t attempts, Instant created_at) {
    const auto status = guarded(kind.handler, payload);
    const auto now = services_.clock.now();
    const auto recorded = services_.db.transact([&](sql::Transaction& tx) -> Status {
        if (status) {
            store::outbox_done(tx, id, now);
            return {};
        }
        const auto words = words_of(status.error());
        const bool again =
            may_try_again(status.error().kind) && now < created_at + kind.retry.give_up_after;
        if (again) {
            store::outbox_failed(tx, id, words, now + wait_after(kind.retry, attempts));
            return {};
        }
        store::outbox_given_up(tx, id, words, now);
        if (kind.given_up) kind.given_up(tx, payload);
        audit::Entry entry;
        entry.at = now;
        entry.actor_name = "jobs";
        entry.act = "job.given_up";
        entry.object_kind = "outbox";
        entry.object_id = std::to_string(id);
        entry.detail = R"({"kind":")" + kind.name + R"("})";
        audit::append(tx, entry);
        log(LogLevel::Error, "jobs.given_up",
            {{"kind", kind.name}, {"id", entry.object_id}, {"why", words}});
        return {};
    });
    if (!status) {
        log(LogLevel::Warning, "jobs.failed",
            {{"kind", kind.name}, {"id", std::to_string(id)}, {"code", status.error().code}});
    }
    if (!recorded) {  // the claim runs out and it is done again
        log(LogLevel::Error, "jobs.not_recorded",
            {{"kind", kind.name}, {"id", std::to_string(id)}, {"code", recorded.error().code}});
    }
}

void Runner::run(const Scheduled& scheduled) {
    const auto status = guarded([&](const std::string&) { return scheduled.work(); }, "");
    if (status) return;
    log(LogLevel::Error, "jobs.scheduled_failed",
        {{"job", scheduled.name}, {"code", status.error().code}, {"why", status.error().detail}});
}

}  // namespace antin::jobs
