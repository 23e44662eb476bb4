#include <algorithm>
#include <fstream>
#include <future>
#include <iterator>

#include "base/log.hpp"
#include "ca/approval_source.hpp"
#include "ca/authority_impl.hpp"
#include "ca/crl_publisher.hpp"
#include "ca/own_certificates.hpp"
#include "ledger/orders.hpp"
#include "pki/crl.hpp"

namespace antin::ca {
namespace {

constexpr std::size_t group_size = 64;  // orders that share two commits
constexpr std::int64_t events_per_look = 2000;
constexpr std::size_t presign_batch = 100;
constexpr std::size_t fresh_max = 200'000;
constexpr std::chrono::milliseconds quiet_time{500};  // after issuing, before pre-signing for it
constexpr std::chrono::milliseconds crl_gap{1000};    // between two lists of one issuer
constexpr std::chrono::minutes walk_gap{10};
constexpr std::chrono::seconds chores_gap{15};
constexpr std::chrono::seconds intent_age{30};  // an intent this old has nobody at it

}  // namespace

Result<CertificateRecord> Authority::issue(IssueRequest request) {
    std::vector<IssueRequest> one;
    one.push_back(std::move(request));
    return std::move(issue(std::move(one)).front());
}

Result<std::unique_ptr<Authority>> Authority::open(sql::Database& db, const Clock& clock,
                                                   std::shared_ptr<KeyStore> keys,
                                                   AuthoritySettings settings) {
    ANTIN_TRY(book, IssuerBook::open(db, *keys));
    auto made = std::make_unique<AuthorityImpl>(db, clock, std::move(keys), std::move(settings),
                                                std::move(book));
    ANTIN_CHECK(made->look_for_older_copy());
    return made;
}

AuthorityImpl::AuthorityImpl(sql::Database& db, const Clock& clock, std::shared_ptr<KeyStore> keys,
                             AuthoritySettings settings, std::unique_ptr<IssuerBook> book)
    : db_(db),
      clock_(clock),
      keys_(std::move(keys)),
      settings_(std::move(settings)),
      book_(std::move(book)),
      desk_(db, clock, *book_, {settings_.public_dir, settings_.ocsp_validity, 8000}),
      context_{db, clock, *book_, [] { return random_serial(); }, {}} {
    for (const auto& issuer : book_->all()) {
        // What happened before this process started may be missing on the last list.
        if (issuer->record.sort == "issuing") stale_crls_.insert(issuer->record.name);
    }
    const auto last = db_.read([](sql::Reader& reader) -> Result<std::int64_t> {
        return ledger::last_status_event(reader);
    });
    seen_event_ = last.value_or(0);
}

AuthorityImpl::~AuthorityImpl() {
    AuthorityImpl::stop();
}

Status AuthorityImpl::look_for_older_copy() {
    for (const auto& issuer : book_->all()) {
        const std::string& name = issuer->record.name;
        std::ifstream file{settings_.public_dir / "crl" / (name + ".crl"), std::ios::binary};
        if (!file) continue;
        const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
        const auto crl = pki::read_crl(as_bytes(bytes));
        if (!crl || !crl->number) continue;
        const bool ours = issuer->key->verifier().verify(crl->tbs, crl->algorithm, crl->signature);
        if (!ours) continue;
        ANTIN_CHECK(db_.transact([&](sql::Transaction& tx) -> Status {
            if (*crl->number <= ledger::last_crl_number(tx, name)) return {};
            log(LogLevel::Error, "ca.older_copy", {{"issuer", name}});
            return ca::raise_fence(tx, "older_copy", clock_.now());
        }));
    }
    return {};
}

Result<Approval> AuthorityImpl::approval_of(std::string_view order_id) {
    return db_.read([&](sql::Reader& reader) { return ApprovalSource::load(reader, order_id); });
}

std::vector<Result<CertificateRecord>> AuthorityImpl::issue(std::vector<IssueRequest> requests) {
    ++issuing_now_;
    std::vector<Result<CertificateRecord>> out(requests.size(),
                                               fail(ErrorKind::Internal, "ca.not_tried"));
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
        while (true) {
            const std::size_t begin = next.fetch_add(group_size);
            if (begin >= requests.size()) return;
            const std::size_t count = std::min(group_size, requests.size() - begin);
            auto done = issue_group(context_, std::span{requests}.subspan(begin, count));
            std::move(done.begin(), done.end(), out.begin() + static_cast<std::ptrdiff_t>(begin));
        }
    };
    const std::size_t groups = (requests.size() + group_size - 1) / group_size;
    const auto threads = std::min<std::size_t>(
        groups, static_cast<std::size_t>(std::max(1, settings_.signing_threads)));
    std::vector<std::future<void>> helpers;
    for (std::size_t i = 1; i < threads; ++i) {
        helpers.push_back(std::async(std::launch::async, work));
    }
    work();
    for (auto& helper : helpers) helper.get();
    last_issue_ms_ = to_millis(clock_.now());
    --issuing_now_;
    wake();
    return out;
}

std::vector<Bytes> AuthorityImpl::chain(std::string_view issuer) const {
    const IssuerEntry* entry = book_->find(issuer);
    if (entry == nullptr) return {};
    if (entry->record.sort == "root") return {entry->record.der};
    return {entry->record.der, book_->root().record.der};
}

void AuthorityImpl::wake() {
    const std::lock_guard lock{thread_mutex_};
    awake_ = true;
    wake_up_.notify_all();
}

void AuthorityImpl::start() {
    const std::lock_guard lock{thread_mutex_};
    if (thread_.joinable()) return;
    stopping_ = false;
    thread_ = std::thread{[this] { run(); }};
}

void AuthorityImpl::stop() {
    {
        const std::lock_guard lock{thread_mutex_};
        stopping_ = true;
        wake_up_.notify_all();
    }
    if (thread_.joinable()) thread_.join();
}

void AuthorityImpl::run() {
    while (true) {
        round();
        std::unique_lock lock{thread_mutex_};
        wake_up_.wait_for(lock, settings_.poll, [&] { return stopping_ || awake_; });
        if (stopping_) return;
        awake_ = false;
    }
}

void AuthorityImpl::note(const char* what, const Status& status) {
    if (status) return;
    // Once per problem, not five times a second while a token is away.
    const std::string problem = std::string{what} + " " + status.error().code;
    if (problem == last_problem_) return;
    last_problem_ = problem;
    log(LogLevel::Error, what, {{"code", status.error().code}, {"detail", status.error().detail}});
}

void AuthorityImpl::round() {
    const std::lock_guard lock{round_mutex_};
    note("ca.follow_failed", follow_events());
    note("ca.presign_failed", presign_changed());
    note("ca.crl_failed", publish_due_crls(Publish::Due));
    if (clock_.now() >= next_chores_) {
        next_chores_ = clock_.now() + chores_gap;
        note("ca.responder_failed", renew_responders());
        note("ca.intents_failed", finish_intents());
    }
    note("ca.store_failed", desk_.store_pending());
    const bool quiet =
        issuing_now_ == 0 && clock_.now() - from_millis(last_issue_ms_) >= quiet_time;
    if (quiet) note("ca.presign_failed", presign_quietly());
}

Status AuthorityImpl::maintain() {
    const std::lock_guard lock{round_mutex_};
    ANTIN_CHECK(follow_events());
    ANTIN_CHECK(presign_changed());
    ANTIN_CHECK(publish_due_crls(Publish::Stale));
    ANTIN_CHECK(renew_responders());
    ANTIN_CHECK(finish_intents());
    ANTIN_CHECK(desk_.store_pending());
    return presign_quietly();
}

Status AuthorityImpl::follow_events() {
    while (true) {
        ANTIN_TRY(events,
                  db_.read([&](sql::Reader& reader) -> Result<std::vector<ledger::StatusEvent>> {
                      return ledger::list_status_events(reader, seen_event_, events_per_look);
                  }));
        if (events.empty()) return {};
        std::vector<std::string> serials;
        for (const auto& event : events) {
            serials.push_back(event.serial);
            stale_crls_.insert(event.issuer);
            if (!event.is_new)
                changed_.insert(event.serial);
            else if (fresh_.size() < fresh_max)
                fresh_.push_back(event.serial);
        }
        desk_.forget(serials);
        seen_event_ = events.back().id;
    }
}

Status AuthorityImpl::presign_changed() {
    while (!changed_.empty()) {
        std::vector<std::string> batch;
        auto at = changed_.begin();
        for (; at != changed_.end() && batch.size() < presign_batch; ++at) batch.push_back(*at);
        ANTIN_CHECK(desk_.presign(batch));
        changed_.erase(changed_.begin(), at);
    }
    return {};
}

/// New certificates, and answers past half their life; a batch a round, so that decisions made
/// meanwhile are never behind a long queue.
Status AuthorityImpl::presign_quietly() {
    if (!fresh_.empty()) {
        const auto count = static_cast<std::ptrdiff_t>(std::min(presign_batch, fresh_.size()));
        const std::vector<std::string> batch{fresh_.begin(), fresh_.begin() + count};
        ANTIN_CHECK(desk_.presign(batch));
        fresh_.erase(fresh_.begin(), fresh_.begin() + count);
        if (!fresh_.empty()) wake();
        return {};
    }
    const Instant now = clock_.now();
    if (quiet_after_.empty() && now < next_walk_) return {};
    ANTIN_TRY(batch, db_.read([&](sql::Reader& reader) -> Result<std::vector<std::string>> {
        return ledger::list_unsigned(reader, quiet_after_, now - settings_.ocsp_validity / 2, now,
                                     static_cast<std::int64_t>(presign_batch));
    }));
    ANTIN_CHECK(desk_.presign(batch));
    if (batch.size() == presign_batch) {
        quiet_after_ = batch.back();
        wake();
    } else {
        quiet_after_.clear();
        next_walk_ = now + walk_gap;
    }
    return {};
}

Status AuthorityImpl::publish_one(const IssuerEntry& issuer) {
    ANTIN_TRY(signer, issuer.key->signer());
    ANTIN_TRY(crl, publish_crl(db_, clock_, issuer.record, *signer, settings_.crl_validity,
                               settings_.public_dir));
    crl_published_[issuer.record.name] = crl.this_update;
    return {};
}

/// Due: stale lists, but not one upon the other, and those whose period is over. Stale: without
/// waiting. All: whatever their age.
Status AuthorityImpl::publish_due_crls(Publish which) {
    const std::lock_guard lock{crl_mutex_};
    const Instant now = clock_.now();
    for (const auto& issuer : book_->all()) {
        const std::string& name = issuer->record.name;
        if (issuer->record.sort != "issuing") continue;
        auto published = crl_published_.find(name);
        if (published == crl_published_.end()) {
            ANTIN_TRY(crl, db_.read([&](sql::Reader& reader) -> Result<std::optional<ledger::Crl>> {
                return ledger::find_crl(reader, name);
            }));
            published = crl_published_.emplace(name, crl ? crl->this_update : Instant{}).first;
        }
        const auto tick = std::chrono::steady_clock::now();
        const auto tried = crl_tried_.find(name);
        const bool just_now =
            which == Publish::Due && tried != crl_tried_.end() && tick < tried->second + crl_gap;
        const bool stale = stale_crls_.contains(name) && !just_now;
        const bool over = now >= published->second + settings_.crl_period;
        if (which != Publish::All && !stale && (!over || just_now)) continue;
        stale_crls_.erase(name);
        crl_tried_[name] = tick;
        if (const auto status = publish_one(*issuer); !status) {
            stale_crls_.insert(name);
            return status;
        }
    }
    return {};
}

Status AuthorityImpl::publish_crls() {
    const std::lock_guard lock{round_mutex_};
    ANTIN_CHECK(follow_events());
    return publish_due_crls(Publish::All);
}

Status AuthorityImpl::renew_responders() {
    for (const auto& issuer : book_->all()) {
        if (issuer->record.sort != "issuing") continue;
        const auto current = book_->responder(issuer->record.name);
        if (current != nullptr &&
            current->record.not_after - settings_.responder_renewal > clock_.now()) {
            continue;
        }
        ANTIN_TRY(made, make_responder(db_, clock_, book_->script(), issuer->record,
                                       book_->status_url(), *keys_));
        log(LogLevel::Info, "ca.responder_renewed", {{"issuer", issuer->record.name}});
    }
    return book_->reload_responders();
}

Status AuthorityImpl::finish_intents() {
    ANTIN_TRY(finished, finish_open_intents(context_, clock_.now() - intent_age));
    if (finished > 0) {
        log(LogLevel::Info, "ca.intents_finished", {{"count", std::to_string(finished)}});
    }
    return {};
}

AuthorityHealth AuthorityImpl::health() {
    AuthorityHealth out;
    const auto read = db_.read([&](sql::Reader& reader) -> Status {
        for (const auto& entry : book_->all()) {
            AuthorityHealth::Issuer issuer;
            issuer.name = entry->record.name;
            issuer.common_name = entry->record.common_name;
            issuer.key_kind = entry->record.key_kind;
            issuer.not_after = entry->record.not_after;
            if (const auto crl = ledger::find_crl(reader, issuer.name)) {
                issuer.crl_number = crl->number;
                issuer.crl_next_update = crl->next_update;
            }
            if (const auto responder = ledger::find_responder(reader, issuer.name)) {
                issuer.responder_not_after = responder->not_after;
            }
            out.issuers.push_back(std::move(issuer));
        }
        const auto fence = ledger::find_fence(reader);
        out.is_fenced = fence.has_value();
        out.fence_reason = fence.value_or("");
        out.open_intents = ledger::count_open_serials(reader);
        return {};
    });
    const Instant now = clock_.now();
    for (auto& issuer : out.issuers) {
        // The root's list is made by hand once a year: warn a month before.
        const auto warn = issuer.name == "root" ? std::chrono::days{30} : std::chrono::days{0};
        if (!issuer.crl_next_update || *issuer.crl_next_update - warn <= now) {
            issuer.problem = issuer.name == "root" ? "ca.root_crl_due" : "ca.crl_overdue";
        } else if (issuer.name != "root" &&
                   (!issuer.responder_not_after || *issuer.responder_not_after <= now)) {
            issuer.problem = "ca.responder_expired";
        }
    }
    if (!read) {
        AuthorityHealth::Issuer none;
        none.problem = read.error().code;
        out.issuers.push_back(std::move(none));
    }
    return out;
}

}  // namespace antin::ca
