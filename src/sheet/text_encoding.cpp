#include "sheet/text_encoding.hpp"

#include <unicode/unistr.h>

#include <algorithm>

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
    if (odd * 4 > looked / 2 && even == 0) return Order::Little;
    if (even * 4 > looked / 2 && odd == 0) return Order::Big;
    return Order::None;
}

Result<std::string> from_utf16(const std::string& bytes, std::size_t start, Order order) {
    icu::UnicodeString text;
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    for (std::size_t i = start; i + 1 < bytes.size(); i += 2) {
        const unsigned unit =
            order == Order::Little ? byte(i) | byte(i + 1) << 8U : byte(i + 1) | byte(i) << 8U;
        text.append(static_cast<char16_t>(unit));
    }
    std::string out;
    text.toUTF8String(out);
    return out;
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
    if (!is_valid_utf8(bytes)) return fail(ErrorKind::Invalid, "sheet.encoding");
    return bytes;
}

}  // namespace antin::sheet
