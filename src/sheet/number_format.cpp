#include "sheet/number_format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/time.hpp"

namespace antin::sheet {
namespace {

std::optional<double> number_of(std::string_view stored) {
    double value = 0;
    const auto read = std::from_chars(stored.data(), stored.data() + stored.size(), value);
    if (read.ec != std::errc{} || read.ptr != stored.data() + stored.size() ||
        !std::isfinite(value)) {
        return std::nullopt;
    }
    return value;
}

}  // namespace

NumberFormat built_in_format(int id) {
    NumberFormat format;
    // ECMA-376 part 1, 18.8.30: dates and their East Asian variants; 18-21 and 45-47 are times.
    format.is_date =
        (id >= 14 && id <= 17) || id == 22 || (id >= 27 && id <= 36) || (id >= 50 && id <= 58);
    return format;
}

NumberFormat format_of_code(std::string_view code) {
    NumberFormat format;
    bool quoted = false;
    int brackets = 0;
    bool has_day_or_year = false;
    for (std::size_t i = 0; i < code.size(); ++i) {
        const char c = code[i];
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\\' || c == '_' || c == '*') {
            ++i;
            continue;
        }
        if (c == '[') ++brackets;
        if (c == ']') brackets = std::max(0, brackets - 1);
        if (brackets > 0) continue;
        if (c == ';') break;
        has_day_or_year = has_day_or_year || c == 'd' || c == 'D' || c == 'y' || c == 'Y';
    }
    format.is_date = has_day_or_year;
    if (!code.empty() && std::ranges::all_of(code, [](char c) { return c == '0'; })) {
        format.zeros = std::min<std::size_t>(code.size(), 40);
    }
    return format;
}

std::string number_text(std::string_view stored, std::size_t zeros) {
    const auto value = number_of(stored);
    if (!value) return std::string{stored};
    if (std::floor(*value) == *value && std::fabs(*value) < 1e15) {
        return fmt::format("{:0{}}", static_cast<long long>(*value), zeros);
    }
    return std::string{stored};
}

std::optional<std::string> date_of_serial(std::string_view stored, bool from_1904) {
    const auto value = number_of(stored);
    // 60 is 29 February 1900, a day that never was; 2958465 is the last of 9999.
    if (!value || *value < 1 || *value > 2958465) return std::nullopt;
    const auto serial = static_cast<int>(std::floor(*value));
    if (!from_1904 && serial == 60) return std::nullopt;
    using std::chrono::sys_days;
    const sys_days base = from_1904 ? sys_days{Date{std::chrono::year{1904} / 1 / 1}}
                                    : sys_days{Date{std::chrono::year{1899} / 12 / 31}};
    const int shift = !from_1904 && serial > 60 ? -1 : 0;
    return to_iso(Date{base + std::chrono::days{serial + shift}});
}

}  // namespace antin::sheet
