#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "app/services.hpp"

namespace antin::jobs {

/// How often and how long something is tried again.
struct Retry {
    std::chrono::milliseconds first_wait{10'000};  // doubles at every try
    std::chrono::milliseconds wait_max{std::chrono::hours{1}};
    std::chrono::milliseconds give_up_after{std::chrono::hours{48}};  // since it was put
    /// A claim lasts this long: a process that dies gives its work back after it.
    std::chrono::milliseconds claim{std::chrono::minutes{2}};
};

/// What is done with one outbox item; `payload` is its JSON. Answers: done; Unavailable, Internal
/// or Conflict: try again; any other error: never again (given up at once, loudly). May be called
/// twice for the same item (the process died before the record): every handler leaves the same
/// effect then.
using Handler = std::function<Status(const std::string& payload)>;
/// What else is written in the transaction that gives an item up. Must not throw.
using GivenUp = std::function<void(sql::Transaction& tx, const std::string& payload)>;

/// Drains the outbox and runs what comes by the clock. One thread per kind, so that a slow mail
/// server holds up nothing but mails. Items of kinds that nobody handles stay where they are.
class Runner {
  public:
    explicit Runner(app::Services& services);
    ~Runner();
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;

    void on(std::string kind, Handler handler, Retry retry = {}, GivenUp given_up = {});
    /// `work` at the start and then every `period`; an error is logged and tried next time.
    void every(std::string name, std::chrono::milliseconds period, std::function<Status()> work);

    void start();
    /// Lets what is in hand finish, takes nothing new. Also done by the destructor.
    void stop();
    /// Somebody just left work: look now. Without it the outbox is looked at twice a second.
    void wake();

    /// Works off everything that is due, in this thread; how many items were taken. For tests and
    /// commands.
    int drain();
    /// Runs each scheduled job once, in this thread.
    void run_scheduled();

  private:
    struct Kind {
        std::string name;
        Handler handler;
        Retry retry;
        GivenUp given_up;
    };
    struct Scheduled {
        std::string name;
        std::chrono::milliseconds period;
        std::function<Status()> work;
    };
    int drain(const Kind& kind);
    void work_off(const Kind& kind, std::int64_t id, const std::string& payload,
                  std::int64_t attempts, Instant created_at);
    void run(const Scheduled& scheduled);
    void loop_of(const Kind& kind);
    void loop_of(const Scheduled& scheduled);
    /// False when it is time to stop.
    bool wait(std::chrono::milliseconds at_most);

    app::Services& services_;
    std::vector<std::unique_ptr<Kind>> kinds_;
    std::vector<std::unique_ptr<Scheduled>> scheduled_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;    // guarded by mutex_
    std::uint64_t wakes_ = 0;  // guarded by mutex_
    std::vector<std::thread> threads_;
};

}  // namespace antin::jobs
