#include "domain/identifiers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "base/text.hpp"

namespace antin::domain {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
char raised(char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
}
char lowered(char c) {
    return is_upper(c) ? static_cast<char>(c + 32) : c;
}

std::string without_spaces(std::string_view text) {
    std::string out = clean_text(text);
    std::erase(out, ' ');
    return out;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto at = text.find(separator);
        parts.push_back(text.substr(0, at));
        if (at == std::string_view::npos) return parts;
        text.remove_prefix(at + 1);
    }
}

std::optional<int> number_of(std::string_view text, std::size_t digits_max) {
    if (text.empty() || text.size() > digits_max || !std::ranges::all_of(text, is_digit)) {
        return std::nullopt;
    }
    int value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

std::optional<std::string> exact_digits(std::string_view text, std::size_t count) {
    auto digits = digits_of(text);
    if (!digits || digits->size() != count) return std::nullopt;
    return digits;
}

std::optional<Date> date_of(std::string_view day_text, std::string_view month_text,
                            std::string_view year_text) {
    const auto day = number_of(day_text, 2);
    const auto month = number_of(month_text, 2);
    const auto year = number_of(year_text, 4);
    if (!day || !month || !year) return std::nullopt;
    const Date date{std::chrono::year{*year}, std::chrono::month{static_cast<unsigned>(*month)},
                    std::chrono::day{static_cast<unsigned>(*day)}};
    if (!date.ok()) return std::nullopt;
    return date;
}

/// "1979-05-12 00:00:00" and "1979-05-12T00:00:00", as lists drawn from other systems have it.
std::string without_time(std::string text) {
    const auto at = text.find_first_of(" T");
    if (at == std::string::npos || at < 8) return text;
    const auto time = std::string_view{text}.substr(at + 1);
    const bool is_time = time.size() >= 4 && is_digit(time[0]) &&
                         time.find(':') != std::string_view::npos &&
                         time.find_first_not_of("0123456789:.Z") == std::string_view::npos;
    return is_time ? text.substr(0, at) : text;
}

/// "ngày 12 tháng 5 năm 1979".
std::optional<Date> date_in_words(std::string_view text) {
    if (text.size() > 60) return std::nullopt;
    const std::string folded = fold(text);
    auto words = split(folded, ' ');
    if (words.front() == "ngay") words.erase(words.begin());
    if (words.size() != 5 || words[1] != "thang" || words[3] != "nam" || words[4].size() != 4) {
        return std::nullopt;
    }
    return date_of(words[0], words[2], words[4]);
}

bool is_ipv4(std::string_view text) {
    const auto parts = split(text, '.');
    return parts.size() == 4 && std::ranges::all_of(parts, [](std::string_view part) {
               const auto value = number_of(part, 3);
               return value && *value <= 255;
           });
}

bool is_ipv6(std::string_view text) {
    if (text.find(':') == std::string_view::npos || text.size() > 39) return false;
    int groups = 0;
    int empty = 0;
    const auto parts = split(text, ':');
    if (parts.size() < 3 || parts.size() > 9) return false;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (parts[i].empty()) {
            // "::" gives one empty part, two at either end.
            if (i != 0 && i + 1 != parts.size()) ++empty;
            continue;
        }
        if (parts[i].size() > 4 || !std::ranges::all_of(parts[i], [](char c) {
                return is_digit(c) || (c >= 'a' && c <= 'f');
            })) {
            return false;
        }
        ++groups;
    }
    const bool compressed = text.find("::") != std::string_view::npos;
    return compressed ? empty <= 1 && groups <= 7 : groups == 8 && parts.size() == 8;
}

bool is_label(std::string_view label) {
    return !label.empty() && label.size() <= 63 && label.front() != '-' && label.back() != '-' &&
           std::ranges::all_of(label, [](char c) {
               return is_digit(c) || (c >= 'a' && c <= 'z') || c == '-' || c == '_';
           });
}

bool is_code_level(std::string_view level) {
    return !level.empty() &&
           std::ranges::all_of(level, [](char c) { return is_digit(c) || is_upper(c); });
}

bool is_first_level(std::string_view level) {
    return level.size() == 3 && level[0] >= 'A' && level[0] <= 'Y' && is_digit(level[1]) &&
           is_digit(level[2]);
}

}  // namespace

std::optional<std::string> digits_of(std::string_view text) {
    std::string out;
    for (const char c : clean_text(text)) {
        if (is_digit(c)) {
            out += c;
        } else if (c != ' ' && c != '.' && c != '-' && c != '\'') {
            return std::nullopt;
        }
    }
    return out;
}

std::optional<std::string> read_personal_id(std::string_view text) {
    return exact_digits(text, 12);
}

bool personal_id_fits_birth(std::string_view personal_id, Date birth) {
    if (personal_id.size() != 12) return true;
    const int century_and_sex = personal_id[3] - '0';
    const int year_in_century = (personal_id[4] - '0') * 10 + (personal_id[5] - '0');
    return 1900 + century_and_sex / 2 * 100 + year_in_century == static_cast<int>(birth.year());
}

std::optional<std::string> read_tax_code(std::string_view text) {
    const auto digits = digits_of(text);
    if (!digits) return std::nullopt;
    if (digits->size() == 10) return digits;
    if (digits->size() == 13) return digits->substr(0, 10) + "-" + digits->substr(10);
    return std::nullopt;
}

bool tax_code_check_digit_fits(std::string_view tax_code) {
    constexpr std::array weights{31, 29, 23, 19, 17, 13, 7, 5, 3};
    if (tax_code.size() < 10) return false;
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += weights[i] * (tax_code[i] - '0');
    return 10 - sum % 11 == tax_code[9] - '0';
}

std::optional<std::string> read_budget_code(std::string_view text) {
    return exact_digits(text, 7);
}

std::optional<std::string> read_agency_code(std::string_view text) {
    std::string code = without_spaces(text);
    std::ranges::transform(code, code.begin(), raised);
    if (code.size() > 35) return std::nullopt;
    auto levels = split(code, '.');
    if (levels.front() == "000" && is_first_level(levels.back())) {
        std::ranges::reverse(levels);
        // The old form filled unused lower levels with zeros.
        while (levels.size() > 1 &&
               std::ranges::all_of(levels.back(), [](char c) { return c == '0'; })) {
            levels.pop_back();
        }
    }
    if (!is_first_level(levels.front()) || !std::ranges::all_of(levels, is_code_level)) {
        return std::nullopt;
    }
    return fmt::format("{}", fmt::join(levels, "."));
}

std::optional<std::string> read_mobile_phone(std::string_view text) {
    std::string typed = clean_text(text);
    std::erase_if(typed, [](char c) { return c == '(' || c == ')'; });
    if (typed.starts_with('+')) typed.erase(0, 1);
    auto digits = digits_of(typed);
    if (!digits) return std::nullopt;
    if (digits->starts_with("84") && digits->size() == 11) digits = "0" + digits->substr(2);
    // A spreadsheet that took the number for a number lost its first zero.
    if (digits->size() == 9 && digits->front() != '0') digits = "0" + *digits;
    if (digits->size() != 10 || (*digits)[0] != '0') return std::nullopt;
    if (std::string_view{"35789"}.find((*digits)[1]) == std::string_view::npos) return std::nullopt;
    return digits;
}

std::optional<std::string> read_certificate_serial(std::string_view text) {
    std::string out;
    for (const char c : clean_text(text)) {
        if (c != ' ' && c != ':' && c != '-') out += raised(c);
    }
    if (out.starts_with("0X")) out.erase(0, 2);
    const bool hex =
        std::ranges::all_of(out, [](char c) { return is_digit(c) || (c >= 'A' && c <= 'F'); });
    if (!hex || out.empty() || out.size() > 40) return std::nullopt;
    return out;
}

std::optional<std::string> read_device_serial(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == ' ') continue;
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || c == '.' || c == '-' || c == '_' || c == '/';
        if (!plain) return std::nullopt;
        out += c;
    }
    if (out.size() < 3 || out.size() > 40) return std::nullopt;
    return out;
}

std::optional<std::string> read_domain_name(std::string_view text) {
    std::string name = without_spaces(text);
    std::ranges::transform(name, name.begin(), lowered);
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (name.starts_with(scheme)) name.erase(0, scheme.size());
    }
    if (name.ends_with('/')) name.pop_back();
    if (name.starts_with('[') && name.ends_with(']')) name = name.substr(1, name.size() - 2);
    if (is_ipv4(name) || is_ipv6(name)) return name;
    const auto labels = split(
        name.starts_with("*.") ? std::string_view{name}.substr(2) : std::string_view{name}, '.');
    if (name.size() > 253 || labels.size() < 2 || !std::ranges::all_of(labels, is_label) ||
        std::ranges::all_of(labels.back(), is_digit)) {
        return std::nullopt;
    }
    return name;
}

std::optional<Date> read_date(std::string_view text) {
    std::string typed = without_time(clean_text(text));
    if (const auto in_words = date_in_words(typed)) return in_words;
    std::erase(typed, ' ');
    if (const auto date = parse_iso_date(typed)) return date;
    for (const char separator : {'/', '-', '.'}) {
        const auto parts = split(typed, separator);
        if (parts.size() != 3) continue;
        if (parts[2].size() == 4) return date_of(parts[0], parts[1], parts[2]);
        if (parts[0].size() == 4) return date_of(parts[2], parts[1], parts[0]);
    }
    return std::nullopt;
}

std::string dossier_code(std::string_view body_code, Date day, std::int64_t number) {
    return fmt::format("{}-{:02}{:02}{:02}-{:04}", body_code, static_cast<int>(day.year()) % 100,
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                       number);
}

std::optional<DossierCode> read_dossier_code(std::string_view text) {
    std::string code = without_spaces(text);
    std::ranges::transform(code, code.begin(), raised);
    const auto last = code.rfind('-');
    if (last == std::string::npos || last < 8 || code[last - 7] != '-') return std::nullopt;
    const std::string_view whole{code};
    const auto number = number_of(whole.substr(last + 1), 6);
    const auto year = number_of(whole.substr(last - 6, 2), 2);
    const auto month = number_of(whole.substr(last - 4, 2), 2);
    const auto day = number_of(whole.substr(last - 2, 2), 2);
    if (!number || *number == 0 || code.size() - last - 1 < 4 || !year || !month || !day) {
        return std::nullopt;
    }
    const Date date{std::chrono::year{2000 + *year},
                    std::chrono::month{static_cast<unsigned>(*month)},
                    std::chrono::day{static_cast<unsigned>(*day)}};
    const auto body = whole.substr(0, last - 7);
    const bool body_fits =
        !body.empty() && body.size() <= 35 && std::ranges::all_of(split(body, '.'), is_code_level);
    if (!date.ok() || !body_fits) return std::nullopt;
    return DossierCode{std::string{body}, date, *number};
}

}  // namespace antin::domain
