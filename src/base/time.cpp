#include "base/time.hpp"

#include <fmt/format.h>

namespace antin {
namespace {

/// Reads exactly `digits` decimal digits from the front of `text`.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
    if (text.size() < digits) return std::nullopt;
    int value = 0;
    for (std::size_t i = 0; i < digits; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char expected) {
    if (text.empty() || text.front() != expected) return false;
    text.remove_prefix(1);
    return true;
}

std::optional<std::chrono::minutes> take_offset(std::string_view& text) {
    if (take(text, 'Z')) return std::chrono::minutes{0};
    if (text.empty() || (text.front() != '+' && text.front() != '-')) return std::nullopt;
    const int sign = text.front() == '-' ? -1 : 1;
    text.remove_prefix(1);
    const auto hours = take_number(text, 2);
    take(text, ':');
    const auto minutes = take_number(text, 2);
    if (!hours || !minutes || *hours > 14 || *minutes > 59) return std::nullopt;
    return std::chrono::minutes{sign * (*hours * 60 + *minutes)};
}

std::optional<Date> take_date(std::string_view& text) {
    const auto year = take_number(text, 4);
    if (!year || !take(text, '-')) return std::nullopt;
    const auto month = take_number(text, 2);
    if (!month || !take(text, '-')) return std::nullopt;
    const auto day = take_number(text, 2);
    if (!day) return std::nullopt;
    const Date date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                    std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return date;
}

}  // namespace

Date local_date(Instant t) {
    return Date{std::chrono::floor<std::chrono::days>(t + vietnam_offset)};
}

std::chrono::minutes local_minutes(Instant t) {
    const auto local = t + vietnam_offset;
    return std::chrono::floor<std::chrono::minutes>(local -
                                                    std::chrono::floor<std::chrono::days>(local));
}

Instant at_local(Date date, std::chrono::minutes minutes) {
    return Instant{std::chrono::sys_days{date}} + minutes - vietnam_offset;
}

std::string to_iso(Instant t) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(t + vietnam_offset);
    const auto day = std::chrono::floor<std::chrono::days>(seconds);
    const std::chrono::hh_mm_ss time{seconds - day};
    return fmt::format("{}T{:02}:{:02}:{:02}+07:00", to_iso(Date{day}), time.hours().count(),
                       time.minutes().count(), time.seconds().count());
}

std::optional<Instant> parse_iso(std::string_view text) {
    const auto date = take_date(text);
    if (!date || (!take(text, 'T') && !take(text, ' '))) return std::nullopt;
    const auto hours = take_number(text, 2);
    if (!hours || !take(text, ':')) return std::nullopt;
    const auto minutes = take_number(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    int seconds = 0;
    if (take(text, ':')) {
        const auto read = take_number(text, 2);
        if (!read || *read > 59) return std::nullopt;
        seconds = *read;
        if (take(text, '.')) {
            while (!text.empty() && text.front() >= '0' && text.front() <= '9')
                text.remove_prefix(1);
        }
    }
    const auto offset = take_offset(text);
    if (!offset || !text.empty()) return std::nullopt;
    return Instant{std::chrono::sys_days{*date}} + std::chrono::hours{*hours} +
           std::chrono::minutes{*minutes} + std::chrono::seconds{seconds} - *offset;
}

std::string to_iso(Date date) {
    return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

std::optional<Date> parse_iso_date(std::string_view text) {
    const auto date = take_date(text);
    return date && text.empty() ? date : std::nullopt;
}

std::string to_vietnamese(Date date) {
    return fmt::format("{:02}/{:02}/{:04}", static_cast<unsigned>(date.day()),
                       static_cast<unsigned>(date.month()), static_cast<int>(date.year()));
}

std::string to_vietnamese(Instant t) {
    const auto minutes = local_minutes(t).count();
    return fmt::format("{:02}:{:02} {}", minutes / 60, minutes % 60, to_vietnamese(local_date(t)));
}

Instant SystemClock::now() const {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

}  // namespace antin
