#pragma once
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace antin {

/// A moment, UTC, milliseconds: what the database stores (as milliseconds since 1970).
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;
/// A day of the Vietnamese calendar (UTC+7 all year, no daylight saving).
using Date = std::chrono::year_month_day;

inline constexpr std::chrono::hours vietnam_offset{7};

[[nodiscard]] constexpr std::int64_t to_millis(Instant t) {
    return t.time_since_epoch().count();
}
[[nodiscard]] constexpr Instant from_millis(std::int64_t ms) {
    return Instant{std::chrono::milliseconds{ms}};
}

/// The Vietnamese day that holds `t`, and the minutes since its midnight.
[[nodiscard]] Date local_date(Instant t);
[[nodiscard]] std::chrono::minutes local_minutes(Instant t);
/// The moment of `minutes` after Vietnamese midnight of `date`.
[[nodiscard]] Instant at_local(Date date, std::chrono::minutes minutes);

/// "2026-11-26T17:00:00+07:00".
[[nodiscard]] std::string to_iso(Instant t);
/// Accepts a date with time and an offset or Z; seconds and fractions may be missing.
[[nodiscard]] std::optional<Instant> parse_iso(std::string_view text);
[[nodiscard]] std::string to_iso(Date date);  // "2026-11-26"
[[nodiscard]] std::optional<Date> parse_iso_date(std::string_view text);
/// As people read it: "26/11/2026", "17:00 26/11/2026".
[[nodiscard]] std::string to_vietnamese(Date date);
[[nodiscard]] std::string to_vietnamese(Instant t);

/// Where "now" comes from. Tests use kit::FakeClock; nobody else asks the machine.
class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Instant now() const = 0;
};

class SystemClock final : public Clock {
  public:
    [[nodiscard]] Instant now() const override;
};

}  // namespace antin
