#include "web/whole_codes.hpp"

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <string>

namespace antin::web {
namespace {

constexpr std::size_t day_digits = 6, number_digits_min = 4, number_digits_max = 5;

bool is_digit(char c) {
    return std::isdigit(static_cast<unsigned char>(c)) != 0;
}
bool is_of_body(char c) {
    return is_digit(c) || (c >= 'A' && c <= 'Z') || c == '.';
}

std::size_t digits(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::find_if_not(text, is_digit) - text.begin());
}

/// How many letters of `text` are a code "G11.07-261207-0041"; 0 when it does not begin with one.
std::size_t code_length(std::string_view text) {
    const auto body =
        static_cast<std::size_t>(std::ranges::find_if_not(text, is_of_body) - text.begin());
    if (body == 0 || body == text.size() || text[body] != '-') return 0;
    const auto day = digits(text.substr(body + 1));
    const auto number_at = body + 1 + day + 1;
    if (day != day_digits || number_at >= text.size() || text[number_at - 1] != '-') return 0;
    const auto number = digits(text.substr(number_at));
    return number < number_digits_min || number > number_digits_max ? 0 : number_at + number;
}

}  // namespace

nlohmann::json with_whole_codes(std::string_view sentence) {
    auto parts = nlohmann::json::array();
    const auto add = [&](std::string_view words, bool whole) {
        if (!words.empty()) parts.push_back({{"words", std::string{words}}, {"whole", whole}});
    };
    std::size_t from = 0;
    for (std::size_t at = 0; at < sentence.size();) {
        const bool begins = at == 0 || sentence[at - 1] == ' ' || sentence[at - 1] == '\n';
        const auto length = begins ? code_length(sentence.substr(at)) : 0;
        if (length == 0) {
            ++at;
            continue;
        }
        add(sentence.substr(from, at - from), false);
        add(sentence.substr(at, length), true);
        from = at += length;
    }
    add(sentence.substr(from), false);
    return parts;
}

}  // namespace antin::web
