#pragma once
#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "hsm/pkcs11_call.hpp"

namespace antin::hsm {

/// Runs `work` on a thread of its own and waits at most `limit` for it. A call that never comes
/// back keeps its thread and whatever `work` holds (so it must hold by value), not the caller.
template <class T, class Work>
[[nodiscard]] Result<T> run_limited(std::chrono::milliseconds limit, Work work) {
    struct Shared {
        std::mutex mutex;
        std::condition_variable done;
        std::optional<Result<T>> answer;
    };
    auto shared = std::make_shared<Shared>();
    std::thread thread([shared, work = std::move(work)]() mutable {
        std::optional<Result<T>> answer;
        try {
            answer.emplace(work());
        } catch (CallFailed& failed) {
            answer.emplace(fail(std::move(failed.error)));
        } catch (const std::exception& e) {
            answer.emplace(fail(ErrorKind::Internal, "internal", e.what()));
        }
        const std::lock_guard lock(shared->mutex);
        shared->answer = std::move(answer);
        shared->done.notify_all();
    });
    std::unique_lock lock(shared->mutex);
    const bool in_time =
        shared->done.wait_for(lock, limit, [&] { return shared->answer.has_value(); });
    if (!in_time) {
        thread.detach();
        return fail(ErrorKind::Unavailable, "token.stalled", "a call outside a session");
    }
    lock.unlock();
    thread.join();
    return std::move(*shared->answer);
}

}  // namespace antin::hsm
