#pragma once
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "app/services.hpp"
#include "http/message.hpp"

namespace antin::program {

/// Counts of one port, kept without locks; read by /metrics.
class Traffic {
  public:
    void note(int status, std::chrono::microseconds took);
    [[nodiscard]] std::string metrics(std::string_view port) const;

  private:
    static constexpr std::array<double, 9> bounds{0.001, 0.0025, 0.005, 0.01, 0.025,
                                                  0.05,  0.1,    0.5,   2.5};
    std::array<std::atomic<std::uint64_t>, 6> classes_{};  // by first digit of the status
    std::array<std::atomic<std::uint64_t>, bounds.size() + 1> buckets_{};
    std::atomic<std::uint64_t> micros_{0};
};

/// /livez: the process answers. /readyz: the database answers too (503 with the reason if not).
/// Nothing for any other path. The same on both ports.
[[nodiscard]] std::optional<http::Response> answer_health(const http::Request& request,
                                                          app::Services& services);

/// Whether the request comes from this machine.
[[nodiscard]] bool is_loopback(const std::string& remote_address);

/// Prometheus text: traffic of both ports, work waiting, memory, state of the authority.
[[nodiscard]] std::string metrics(app::Services& services, const Traffic& portal,
                                  const Traffic& status);

}  // namespace antin::program
