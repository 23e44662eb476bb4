#pragma once
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace antin::sql {

/// At most `size_max` connections, made when first needed; who finds none free waits for one.
template <class Connection>
class ConnectionPool {
  public:
    using Make = std::function<std::unique_ptr<Connection>()>;

    ConnectionPool(int size_max, Make make) : size_max_(size_max), make_(std::move(make)) {}

    class Lease {
      public:
        Lease(ConnectionPool& pool, std::unique_ptr<Connection> connection)
            : pool_(pool), connection_(std::move(connection)) {}
        ~Lease() { pool_.give_back(std::move(connection_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        Connection& operator*() { return *connection_; }
        /// The connection is of no use any more; the next taker makes a new one.
        void drop() { connection_.reset(); }
        /// Puts a fresh connection in place of a broken one. Throws what `make` throws.
        void renew() {
            connection_.reset();
            connection_ = pool_.make_();
        }

      private:
        ConnectionPool& pool_;
        std::unique_ptr<Connection> connection_;
    };

    [[nodiscard]] Lease take() {
        std::unique_lock lock{mutex_};
        free_again_.wait(lock, [&] { return !idle_.empty() || count_ < size_max_; });
        if (!idle_.empty()) {
            auto connection = std::move(idle_.back());
            idle_.pop_back();
            return Lease{*this, std::move(connection)};
        }
        ++count_;
        lock.unlock();
        try {
            return Lease{*this, make_()};
        } catch (...) {
            give_back(nullptr);
            throw;
        }
    }

  private:
    void give_back(std::unique_ptr<Connection> connection) {
        {
            const std::lock_guard lock{mutex_};
            if (connection)
                idle_.push_back(std::move(connection));
            else
                --count_;
        }
        free_again_.notify_one();
    }

    std::mutex mutex_;
    std::condition_variable free_again_;
    std::vector<std::unique_ptr<Connection>> idle_;
    int count_ = 0;
    const int size_max_;
    const Make make_;
};

}  // namespace antin::sql
