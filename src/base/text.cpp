#include "base/text.hpp"

#include <unicode/locid.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include <algorithm>

namespace antin {
namespace {

icu::UnicodeString normalized(std::string_view text, const icu::Normalizer2* form) {
    UErrorCode status = U_ZERO_ERROR;
    const auto source = icu::UnicodeString::fromUTF8(
        icu::StringPiece{text.data(), static_cast<int32_t>(text.size())});
    return form->normalize(source, status);
}

const icu::Normalizer2* nfc() {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFCInstance(status);
}

const icu::Normalizer2* nfkd() {
    UErrorCode status = U_ZERO_ERROR;
    return icu::Normalizer2::getNFKDInstance(status);
}

bool is_invisible(UChar32 c) {
    const auto type = u_charType(c);
    return type == U_FORMAT_CHAR || (type == U_CONTROL_CHAR && !u_isWhitespace(c)) || c == 0xFFFD;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// Identifiers, dates and addresses are plain: they need no tables of Unicode, and there are
/// thousands of them on a page. Other control characters take the long way.
bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= 0x20 && c < 0x7f) || is_space(c); });
}

/// Valid, composed, single spaces between words, nothing invisible: as clean_text() leaves it.
bool is_clean(std::string_view text) {
    if (text.empty() || text.front() == ' ' || text.back() == ' ') return text.empty();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto length = static_cast<int32_t>(text.size());
    bool after_space = false;
    for (int32_t i = 0; i < length;) {
        UChar32 c = 0;
        U8_NEXT(bytes, i, length, c);
        const bool space = c == ' ';
        if (c < 0x20 || c == 0x7f || (space && after_space)) return false;
        if (c > 0x7f && (u_isUWhiteSpace(c) || is_invisible(c))) return false;
        after_space = space;
    }
    UErrorCode status = U_ZERO_ERROR;
    return nfc()->isNormalizedUTF8({text.data(), length}, status) && U_SUCCESS(status);
}

/// Words of `text` that `keep` takes (a letter it changes to 0 parts them), one space between.
template <class Keep>
std::string plain_words(std::string_view text, const Keep& keep) {
    std::string out;
    out.reserve(text.size());
    bool space_pending = false;
    for (const char c : text) {
        const char kept = keep(c);
        if (kept == 0) {
            space_pending = !out.empty();
            continue;
        }
        if (space_pending) out += ' ';
        space_pending = false;
        out += kept;
    }
    return out;
}

char lowered(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

}  // namespace

std::string clean_text(std::string_view text) {
    if (is_plain(text)) return plain_words(text, [](char c) { return is_space(c) ? '\0' : c; });
    if (is_clean(text)) return std::string{text};  // what was saved once
    if (!is_valid_utf8(text)) return {};
    const auto source = normalized(text, nfc());
    icu::UnicodeString out;
    bool space_pending = false;
    for (int32_t i = 0; i < source.length();) {
        const UChar32 c = source.char32At(i);
        i += U16_LENGTH(c);
        if (is_invisible(c)) continue;
        if (u_isUWhiteSpace(c)) {
            space_pending = out.length() > 0;
            continue;
        }
        if (space_pending) out.append(static_cast<UChar32>(' '));
        space_pending = false;
        out.append(c);
    }
    std::string utf8;
    return out.toUTF8String(utf8);
}

std::string fold(std::string_view text) {
    if (is_plain(text)) {
        return plain_words(text, [](char c) {
            const char small = lowered(c);
            const bool word = (small >= 'a' && small <= 'z') || (small >= '0' && small <= '9');
            return word ? small : '\0';
        });
    }
    if (!is_valid_utf8(text)) return {};
    const auto source = normalized(text, nfkd());
    icu::UnicodeString out;
    bool space_pending = false;
    for (int32_t i = 0; i < source.length();) {
        UChar32 c = source.char32At(i);
        i += U16_LENGTH(c);
        if (u_charType(c) == U_NON_SPACING_MARK || is_invisible(c)) continue;
        if (c == 0x0110 || c == 0x0111) c = 'd';
        if (!u_isalnum(c)) {
            space_pending = out.length() > 0;
            continue;
        }
        if (space_pending) out.append(static_cast<UChar32>(' '));
        space_pending = false;
        out.append(u_tolower(c));
    }
    std::string utf8;
    return out.toUTF8String(utf8);
}

bool is_valid_utf8(std::string_view text) {
    int32_t i = 0;
    const auto length = static_cast<int32_t>(text.size());
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    while (i < length) {
        UChar32 c = 0;
        U8_NEXT(bytes, i, length, c);
        if (c < 0) return false;
    }
    return true;
}

std::size_t code_points(std::string_view text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

std::string to_upper(std::string_view text) {
    std::string utf8;
    return normalized(text, nfc()).toUpper(icu::Locale{"vi"}).toUTF8String(utf8);
}

std::string to_lower(std::string_view text) {
    if (is_plain(text)) {
        std::string out{text};
        std::ranges::transform(out, out.begin(), lowered);
        return out;
    }
    std::string utf8;
    return normalized(text, nfc()).toLower(icu::Locale{"vi"}).toUTF8String(utf8);
}

std::string_view trim(std::string_view text) {
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace antin
