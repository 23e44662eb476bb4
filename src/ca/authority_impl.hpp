#pragma once
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "ca/authority.hpp"
#include "ca/issuer_book.hpp"
#include "ca/issuing.hpp"
#include "ca/status_desk.hpp"

namespace antin::ca {

class AuthorityImpl final : public Authority {
  public:
    AuthorityImpl(sql::Database& db, const Clock& clock, std::shared_ptr<KeyStore> keys,
                  AuthoritySettings settings, std::unique_ptr<IssuerBook> book);
    ~AuthorityImpl() override;

    Result<Approval> approval_of(std::string_view order_id) override;
    std::vector<Result<CertificateRecord>> issue(std::vector<IssueRequest> requests) override;
    std::vector<Bytes> chain(std::string_view issuer) const override;
    void wake() override;
    void start() override;
    void stop() override;
    Status maintain() override;
    Status publish_crls() override;
    StatusService& status() override { return desk_; }
    AuthorityHealth health() override;

    /// Compares the published CRLs with the ledger: a list newer than what is on record means that
    /// an older copy of the database was put back. Raises the fence then.
    Status look_for_older_copy();
    /// For tests that end the process in the middle of issuing.
    IssuingContext& issuing_context() { return context_; }

  private:
    void run();
    void round();
    Status follow_events();
    Status presign_changed();
    Status presign_quietly();
    enum class Publish { Due, Stale, All };
    Status publish_due_crls(Publish which);
    Status publish_one(const IssuerEntry& issuer);
    Status renew_responders();
    Status finish_intents();
    void note(const char* what, const Status& status);

    sql::Database& db_;
    const Clock& clock_;
    std::shared_ptr<KeyStore> keys_;
    AuthoritySettings settings_;
    std::unique_ptr<IssuerBook> book_;
    StatusDesk desk_;
    IssuingContext context_;

    std::atomic<int> issuing_now_{0};
    std::atomic<std::int64_t> last_issue_ms_{0};

    std::mutex thread_mutex_;
    std::condition_variable wake_up_;
    bool stopping_ = false, awake_ = false;
    std::thread thread_;

    // What the keeper remembers; one round at a time.
    std::mutex round_mutex_;
    std::int64_t seen_event_ = 0;
    std::set<std::string> changed_;                  // status changed: sign anew at once
    std::deque<std::string> fresh_;                  // just issued: sign when it is quiet
    std::set<std::string, std::less<>> stale_crls_;  // issuers whose list lacks a change
    std::string quiet_after_;                        // where the walk over ageing answers stands
    Instant next_walk_{}, next_chores_{};
    std::string last_problem_;

    std::mutex crl_mutex_;
    std::map<std::string, Instant, std::less<>> crl_published_;
    std::map<std::string, std::chrono::steady_clock::time_point, std::less<>> crl_tried_;
};

}  // namespace antin::ca
