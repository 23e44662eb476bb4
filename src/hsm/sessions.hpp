#pragma once
// Inside src/hsm only: the threads of one token, each with a session that is logged in.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "hsm/pkcs11_call.hpp"
#include "hsm/token.hpp"

namespace antin::hsm {

/// An open, logged-in session as the work sees it.
struct Session {
    CK_FUNCTION_LIST* call = nullptr;
    CK_SLOT_ID slot = 0;
    CK_SESSION_HANDLE handle = 0;
    std::map<std::string, CK_OBJECT_HANDLE> private_keys;  // found before, by label
};

enum class Repeat { Once, AfterReconnect };

/// Runs work on the token's threads. A thread that a stalled library keeps is left behind; when
/// all are kept, callers are told at once instead of queueing up behind them.
class Sessions : public std::enable_shared_from_this<Sessions> {
  public:
    Sessions(std::shared_ptr<LoadedModule> module, TokenAccess access)
        : module_(std::move(module)), access_(std::move(access)) {}
    ~Sessions();
    Sessions(const Sessions&) = delete;
    Sessions& operator=(const Sessions&) = delete;

    /// `work` throws CallFailed; with Repeat::AfterReconnect it is run once more in a new session
    /// when the first was lost. It must hold what it uses by value: after the limit the caller has
    /// gone on and `work` may still be running.
    [[nodiscard]] Status run(std::function<void(Session&)> work, std::chrono::milliseconds limit,
                             Repeat repeat = Repeat::AfterReconnect);
    /// Ends all threads but the stalled ones. Called by the owner; run() fails afterwards.
    void stop();
    void use_pin(std::string_view pin, bool already_accepted);
    [[nodiscard]] TokenInfo find_token();
    [[nodiscard]] const TokenAccess& access() const { return access_; }
    [[nodiscard]] LoadedModule& module() { return *module_; }

  private:
    struct Worker {
        std::thread thread;
        bool stalled = false;  // keeps a call whose caller has gone on
    };
    struct Task {
        std::function<void(Session&)> work;
        Repeat repeat;
        std::condition_variable done;
        Status answer;
        Worker* worker = nullptr;  // once begun
        bool finished = false, abandoned = false;
    };

    void serve(Worker& self);
    Status perform(Session& session, const Task& task);
    void connect(Session& session);
    void login(Session& session, const TokenInfo& info);
    void disconnect(Session& session);

    std::shared_ptr<LoadedModule> module_;

    std::mutex login_mutex_;  // guards access_.pin and refused_
    TokenAccess access_;
    bool refused_ = false;  // this PIN was found wrong: never tried again

    std::mutex mutex_;  // guards what follows
    std::condition_variable wake_;
    std::deque<std::shared_ptr<Task>> queue_;
    std::list<Worker> workers_;
    int idle_ = 0;
    bool stopping_ = false;
};

}  // namespace antin::hsm
