#include "hsm/sessions.hpp"

#include <openssl/crypto.h>

#include <algorithm>

#include "base/log.hpp"

namespace antin::hsm {

Sessions::~Sessions() {
    OPENSSL_cleanse(access_.pin.data(), access_.pin.size());
}

TokenInfo Sessions::find_token() {
    for (auto& token : module_->list()) {
        if (!token.initialised) continue;
        if (!access_.label.empty() && token.label != access_.label) continue;
        if (!access_.serial.empty() && token.serial != access_.serial) continue;
        return token;
    }
    give_up(ErrorKind::Unavailable, "token.missing", access_.label + " " + access_.serial, true);
}

void Sessions::use_pin(std::string_view pin, bool already_accepted) {
    const std::lock_guard lock(login_mutex_);
    OPENSSL_cleanse(access_.pin.data(), access_.pin.size());
    access_.pin = pin;
    if (!already_accepted) refused_ = false;
}

void Sessions::login(Session& session, const TokenInfo& info) {
    const std::lock_guard lock(login_mutex_);
    if (access_.pin.empty()) return;
    if (refused_) give_up(ErrorKind::Unavailable, "token.pin_not_retried", info.serial);
    if (info.pin_locked) give_up(ErrorKind::Unavailable, "token.pin_locked", info.serial);
    if (info.pin_final_try && !access_.allow_final_try) {
        give_up(ErrorKind::Unavailable, "token.pin_final_try", info.serial);
    }
    const CK_RV value =
        session.call->C_Login(session.handle, CKU_USER, as_pin(access_.pin), access_.pin.size());
    if (value == CKR_USER_ALREADY_LOGGED_IN) return;  // by a sister session of this token
    if (value != CKR_PIN_INCORRECT) return check(value, "C_Login");

    refused_ = true;
    log(LogLevel::Error, "token.pin_wrong", {{"token", info.serial}});
    const auto after = module_->describe(info.slot);
    if (after.pin_locked) give_up(ErrorKind::Unavailable, "token.pin_locked", info.serial);
    if (after.pin_final_try) give_up(ErrorKind::Unavailable, "token.pin_wrong_final", info.serial);
    give_up(ErrorKind::Unavailable, "token.pin_wrong", info.serial);
}

void Sessions::connect(Session& session) {
    if (session.handle != 0) return;
    session.call = &module_->call();
    const auto info = find_token();
    session.slot = info.slot;
    CK_SESSION_HANDLE handle = 0;
    const CK_FLAGS flags = CKF_SERIAL_SESSION | (info.write_protected ? 0 : CKF_RW_SESSION);
    check(session.call->C_OpenSession(info.slot, flags, nullptr, nullptr, &handle),
          "C_OpenSession");
    session.handle = handle;
    try {
        login(session, info);
    } catch (...) {
        disconnect(session);
        throw;
    }
}

void Sessions::disconnect(Session& session) {
    if (session.handle != 0) session.call->C_CloseSession(session.handle);
    session.handle = 0;
    session.private_keys.clear();
}

Status Sessions::perform(Session& session, const Task& task) {
    for (bool again = task.repeat == Repeat::AfterReconnect;; again = false) {
        try {
            connect(session);
            task.work(session);
            return {};
        } catch (CallFailed& failed) {
            if (failed.lost) disconnect(session);
            if (!failed.lost || !again) return fail(std::move(failed.error));
        } catch (const std::exception& e) {
            disconnect(session);
            return fail(ErrorKind::Internal, "internal", e.what());
        }
    }
}

void Sessions::serve(Worker& self) {
    Session session;
    std::unique_lock lock(mutex_);
    while (true) {
        ++idle_;
        wake_.wait(lock, [&] { return stopping_ || !queue_.empty(); });
        --idle_;
        if (queue_.empty()) break;  // stopping, and nothing left
        const auto task = std::move(queue_.front());
        queue_.pop_front();
        if (task->abandoned) continue;
        task->worker = &self;
        lock.unlock();
        auto answer = perform(session, *task);
        lock.lock();
        self.stalled = false;
        task->answer = std::move(answer);
        task->finished = true;
        task->work = nullptr;
        task->done.notify_all();
        if (task->abandoned) log(LogLevel::Warning, "token.answered_too_late");
    }
    lock.unlock();
    disconnect(session);
}

Status Sessions::run(std::function<void(Session&)> work, std::chrono::milliseconds limit,
                     Repeat repeat) {
    auto task = std::make_shared<Task>();
    task->work = std::move(work);
    task->repeat = repeat;
    std::unique_lock lock(mutex_);
    if (stopping_) return fail(ErrorKind::Unavailable, "token.gone", "closed");
    const auto stalled = std::count_if(workers_.begin(), workers_.end(),
                                       [](const auto& worker) { return worker.stalled; });
    if (stalled >= access_.workers) {
        return fail(ErrorKind::Unavailable, "token.stalled", "all sessions are stalled");
    }
    queue_.push_back(task);
    if (idle_ < static_cast<int>(queue_.size()) &&
        static_cast<int>(workers_.size()) < access_.workers) {
        auto& worker = workers_.emplace_back();
        worker.thread = std::thread([self = shared_from_this(), &worker] { self->serve(worker); });
    }
    wake_.notify_one();
    if (task->done.wait_for(lock, limit, [&] { return task->finished; })) {
        return std::move(task->answer);
    }
    task->abandoned = true;
    if (task->worker != nullptr) task->worker->stalled = true;
    log(LogLevel::Error, "token.stalled", {{"token", access_.label}});
    return fail(ErrorKind::Unavailable, "token.stalled", access_.label);
}

void Sessions::stop() {
    std::unique_lock lock(mutex_);
    stopping_ = true;
    wake_.notify_all();
    for (auto& worker : workers_) {
        if (worker.stalled) {
            worker.thread.detach();
            continue;
        }
        lock.unlock();
        worker.thread.join();
        lock.lock();
    }
}

}  // namespace antin::hsm
