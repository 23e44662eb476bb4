#include "sheet/text_encoding.hpp"

#include <unicode/normalizer2.h>
#include <unicode/ucnv.h>
#include <unicode/unistr.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>

#include "base/text.hpp"

namespace antin::sheet {
namespace {

enum class Order { None, Little, Big };

/// Latin letters and signs leave a zero in every second byte.
Order order_by_zeros(const std::string& bytes) {
    const std::size_t looked = std::min<std::size_t>(bytes.size(), 400) & ~std::size_t{1};
    std::size_t even = 0;
    std::size_t odd = 0;
    for (std::size_t i = 0; i < looked; i += 2) {
        even += bytes[i] == 0 ? 1 : 0;
        odd += bytes[i + 1] == 0 ? 1 : 0;
    }
    if (looked < 4) return Order::None;
    // The other byte is zero now and then: a grave accent that stands alone is U+0300.
    if (odd * 4 > looked / 2 && even * 4 < odd) return Order::Little;
    if (even * 4 > looked / 2 && odd * 4 < even) return Order::Big;
    return Order::None;
}

/// Set aside once: of a part of 40 MB there are never three copies in memory.
Result<std::string> from_utf16(const std::string& bytes, std::size_t start, Order order) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const auto unit = [&](std::size_t i) -> UChar32 {
        return order == Order::Little ? byte(i) | byte(i + 1) << 8 : byte(i + 1) | byte(i) << 8;
    };
    std::string out;
    out.reserve(bytes.size() / 2 * 3);
    for (std::size_t i = start; i + 1 < bytes.size(); i += 2) {
        UChar32 c = unit(i);
        if (U16_IS_LEAD(c) && i + 3 < bytes.size() && U16_IS_TRAIL(unit(i + 2))) {
            c = U16_GET_SUPPLEMENTARY(c, unit(i + 2));
            i += 2;
        } else if (U16_IS_SURROGATE(c)) {
            c = 0xFFFD;
        }
        std::array<char, U8_MAX_LENGTH> letter{};
        std::size_t length = 0;
        U8_APPEND_UNSAFE(letter.data(), length, c);
        out.append(letter.data(), length);
    }
    return out;
}

bool is_tone_mark(UChar32 c) {
    return c == 0x300 || c == 0x301 || c == 0x303 || c == 0x309 || c == 0x323;
}

/// The old Vietnamese code page of Windows. It writes a tone as a sign of its own behind its vowel,
/// which no text in another code page does throughout: that is how it is told from them.
std::optional<std::string> from_windows_1258(const std::string& bytes) {
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, decltype(&ucnv_close)> converter{
        ucnv_open("windows-1258", &status), &ucnv_close};
    const auto* nfc = icu::Normalizer2::getNFCInstance(status);
    if (U_FAILURE(status)) return std::nullopt;
    const icu::UnicodeString text{bytes.data(), static_cast<int32_t>(bytes.size()), converter.get(),
                                  status};
    if (U_FAILURE(status) || text.indexOf(static_cast<char16_t>(0xFFFD)) >= 0) return std::nullopt;
    int32_t tones = 0;
    for (int32_t i = 0; i < text.length(); ++i) {
        if (!is_tone_mark(text[i])) continue;
        ++tones;
        if (i == 0) return std::nullopt;
        // Not composePair(): with a dot below, the circumflex is the mark that comes last.
        const auto letter = nfc->normalize(text.tempSubString(i - 1, 2), status);
        if (U_FAILURE(status) || letter.length() != 1) return std::nullopt;
    }
    if (tones == 0) return std::nullopt;
    std::string out;
    return text.toUTF8String(out);
}

}  // namespace

Result<std::string> to_utf8(std::string bytes) {
    if (bytes.starts_with("\xEF\xBB\xBF")) {
        bytes.erase(0, 3);
    } else if (bytes.starts_with("\xFF\xFE")) {
        return from_utf16(bytes, 2, Order::Little);
    } else if (bytes.starts_with("\xFE\xFF")) {
        return from_utf16(bytes, 2, Order::Big);
    } else if (const Order order = order_by_zeros(bytes); order != Order::None) {
        return from_utf16(bytes, 0, order);
    }
    if (is_valid_utf8(bytes)) return bytes;
    if (auto text = from_windows_1258(bytes)) return std::move(*text);
    return fail(ErrorKind::Invalid, "sheet.encoding");
}

}  // namespace antin::sheet
