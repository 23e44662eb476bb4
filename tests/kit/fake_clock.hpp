#pragma once
#include <atomic>

#include "base/time.hpp"

namespace antin::kit {

/// A clock that tests set: starts on Monday 2026-11-23 09:00 Vietnamese time.
class FakeClock final : public Clock {
  public:
    explicit FakeClock(std::string_view iso = "2026-11-23T09:00:00+07:00") { set(iso); }
    [[nodiscard]] Instant now() const override { return from_millis(millis_.load()); }
    void set(std::string_view iso) { millis_ = to_millis(parse_iso(iso).value()); }
    void advance(std::chrono::milliseconds by) { millis_ += by.count(); }

  private:
    std::atomic<std::int64_t> millis_{0};
};

}  // namespace antin::kit
