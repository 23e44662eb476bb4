#include "pki/der.hpp"

#include <array>
#include <bit>
#include <charconv>

namespace antin::pki::der {
namespace {

using std::chrono::day;
using std::chrono::month;
using std::chrono::year;

void put_two(std::string& out, unsigned value) {
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
}

std::string digits_of(Instant moment, bool four_digit_year) {
    const auto days = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date{days};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(moment - days).count();
    const auto y = static_cast<unsigned>(static_cast<int>(date.year()));
    std::string out;
    if (four_digit_year) put_two(out, y / 100);
    put_two(out, y % 100);
    put_two(out, static_cast<unsigned>(date.month()));
    put_two(out, static_cast<unsigned>(date.day()));
    put_two(out, static_cast<unsigned>(seconds / 3600));
    put_two(out, static_cast<unsigned>(seconds / 60 % 60));
    put_two(out, static_cast<unsigned>(seconds % 60));
    out += 'Z';
    return out;
}

}  // namespace

void append(Bytes& out, BytesView bytes) {
    out.insert(out.end(), bytes.begin(), bytes.end());
}

Bytes header(std::uint8_t tag, std::uint64_t length) {
    Bytes out{tag};
    if (length < 0x80) {
        out.push_back(static_cast<std::uint8_t>(length));
        return out;
    }
    const int count = (std::bit_width(length) + 7) / 8;
    out.push_back(static_cast<std::uint8_t>(0x80 | count));
    for (int i = count - 1; i >= 0; --i)
        out.push_back(static_cast<std::uint8_t>(length >> (8 * i)));
    return out;
}

Bytes element(std::uint8_t tag, BytesView content) {
    return element(tag, {content});
}

Bytes element(std::uint8_t tag, std::initializer_list<BytesView> contents) {
    std::size_t length = 0;
    for (const BytesView part : contents) length += part.size();
    Bytes out = header(tag, length);
    out.reserve(out.size() + length);
    for (const BytesView part : contents) append(out, part);
    return out;
}

Bytes integer(std::int64_t value) {
    Bytes content;
    for (int i = 7; i >= 0; --i) content.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
    std::size_t skip = 0;
    while (skip < 7 && ((content[skip] == 0x00 && content[skip + 1] < 0x80) ||
                        (content[skip] == 0xff && content[skip + 1] >= 0x80))) {
        ++skip;
    }
    return element(tag::integer, BytesView{content}.subspan(skip));
}

Bytes unsigned_integer(BytesView big_endian) {
    while (big_endian.size() > 1 && big_endian[0] == 0) big_endian = big_endian.subspan(1);
    static constexpr std::uint8_t zero = 0;
    if (big_endian.empty()) return element(tag::integer, BytesView{&zero, 1});
    if (big_endian[0] >= 0x80) return element(tag::integer, {BytesView{&zero, 1}, big_endian});
    return element(tag::integer, big_endian);
}

Bytes enumerated(int value) {
    const auto byte = static_cast<std::uint8_t>(value & 0x7f);
    return element(tag::enumerated, BytesView{&byte, 1});
}

Bytes boolean(bool value) {
    const std::uint8_t byte = value ? 0xff : 0x00;
    return element(tag::boolean, BytesView{&byte, 1});
}

Bytes null() {
    return {tag::null, 0};
}

Bytes oid(std::string_view dotted) {
    std::vector<std::uint64_t> arcs;
    while (true) {
        std::uint64_t arc = 0;
        const auto [end, error] =
            std::from_chars(dotted.data(), dotted.data() + dotted.size(), arc);
        if (error != std::errc{} || end == dotted.data() || arc > (1ULL << 56)) return {};
        arcs.push_back(arc);
        dotted.remove_prefix(static_cast<std::size_t>(end - dotted.data()));
        if (dotted.empty()) break;
        if (dotted[0] != '.') return {};
        dotted.remove_prefix(1);
    }
    if (arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39)) return {};
    arcs[1] += arcs[0] * 40;
    Bytes content;
    for (std::size_t i = 1; i < arcs.size(); ++i) {
        const int width = static_cast<int>(std::bit_width(arcs[i]));
        const int groups = width == 0 ? 1 : (width + 6) / 7;
        for (int g = groups - 1; g >= 0; --g) {
            content.push_back(
                static_cast<std::uint8_t>((arcs[i] >> (7 * g) & 0x7f) | (g > 0 ? 0x80 : 0)));
        }
    }
    return element(tag::oid, content);
}

Bytes text(std::uint8_t tag, std::string_view value) {
    return element(tag, as_bytes(value));
}

Bytes bit_string(BytesView bits, int unused) {
    const auto first = static_cast<std::uint8_t>(unused);
    return element(tag::bit_string, {BytesView{&first, 1}, bits});
}

Bytes octet_string(BytesView content) {
    return element(tag::octet_string, content);
}

Bytes named_bits(std::uint32_t bits) {
    const int width = std::bit_width(bits);
    Bytes content(static_cast<std::size_t>((width + 7) / 8), 0);
    for (int i = 0; i < width; ++i) {
        if (bits >> i & 1) content[static_cast<std::size_t>(i / 8)] |= 0x80 >> (i % 8);
    }
    return bit_string(content, width == 0 ? 0 : (8 - width % 8) % 8);
}

Bytes time(Instant moment) {
    const auto date = std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(moment)};
    if (date.year() >= year{2050}) return generalized_time(moment);
    return text(tag::utc_time, digits_of(moment, false));
}

Bytes generalized_time(Instant moment) {
    return text(tag::generalized_time, digits_of(moment, true));
}

Element Reader::next() {
    const BytesView start = rest_;
    const auto refuse = [this] {
        fail();
        return Element{};
    };
    if (!ok_ || start.size() < 2 || (start[0] & 0x1f) == 0x1f) return refuse();
    std::size_t at = 2;
    std::uint64_t length = start[1];
    if (length >= 0x80) {
        const std::size_t count = length & 0x7f;
        if (count == 0 || count > 4 || start.size() < 2 + count || start[2] == 0) return refuse();
        length = 0;
        for (std::size_t i = 0; i < count; ++i) length = length << 8 | start[2 + i];
        if (length < 0x80) return refuse();
        at += count;
    }
    if (length > start.size() - at) return refuse();
    rest_ = start.subspan(at + length);
    return {start[0], start.subspan(at, length), start.first(at + length)};
}

Element Reader::next(std::uint8_t tag) {
    if (peek() != tag || tag == 0) {
        fail();
        return {};
    }
    return next();
}

std::optional<Element> Reader::optional(std::uint8_t tag) {
    if (peek() != tag) return std::nullopt;
    return next();
}

Reader Reader::enter(std::uint8_t tag) {
    const Element inner = next(tag);
    Reader reader{inner.content};
    if (!ok_) reader.fail();
    return reader;
}

std::optional<Element> only(BytesView bytes, std::uint8_t tag) {
    Reader reader{bytes};
    const Element element = reader.next(tag);
    if (!reader.finished()) return std::nullopt;
    return element;
}

std::optional<bool> read_boolean(const Element& element) {
    if (element.tag != tag::boolean || element.content.size() != 1) return std::nullopt;
    if (element.content[0] == 0x00) return false;
    if (element.content[0] == 0xff) return true;
    return std::nullopt;
}

bool is_positive_integer(const Element& element) {
    const BytesView c = element.content;
    if (element.tag != tag::integer || c.empty() || c[0] >= 0x80) return false;
    if (c.size() == 1) return c[0] != 0;
    return c[0] != 0 || c[1] >= 0x80;
}

BytesView magnitude(BytesView integer_content) {
    while (integer_content.size() > 1 && integer_content[0] == 0) {
        integer_content = integer_content.subspan(1);
    }
    return integer_content;
}

std::optional<std::uint64_t> read_unsigned(const Element& element) {
    const BytesView c = element.content;
    if (element.tag != tag::integer && element.tag != tag::enumerated) return std::nullopt;
    if (c.empty() || c[0] >= 0x80 || (c.size() > 1 && c[0] == 0 && c[1] < 0x80))
        return std::nullopt;
    const BytesView value = magnitude(c);
    if (value.size() > 8) return std::nullopt;
    std::uint64_t out = 0;
    for (const auto byte : value) out = out << 8 | byte;
    return out;
}

std::optional<BytesView> read_octet_bits(const Element& element) {
    if (element.tag != tag::bit_string || element.content.empty() || element.content[0] != 0) {
        return std::nullopt;
    }
    return element.content.subspan(1);
}

std::optional<std::uint32_t> read_named_bits(const Element& element) {
    if (element.tag != tag::bit_string || element.content.empty()) return std::nullopt;
    const int unused = element.content[0];
    const BytesView bytes = element.content.subspan(1);
    if (unused > 7 || bytes.size() > 4 || (bytes.empty() && unused != 0)) return std::nullopt;
    std::uint32_t bits = 0;
    for (std::size_t i = 0; i < bytes.size() * 8; ++i) {
        if (bytes[i / 8] >> (7 - i % 8) & 1) bits |= 1U << i;
    }
    const auto width = static_cast<std::size_t>(std::bit_width(bits));
    if (width != bytes.size() * 8 - static_cast<std::size_t>(unused)) return std::nullopt;
    return bits;
}

std::optional<Instant> read_time(const Element& element) {
    const std::string_view text = as_text(element.content);
    const bool utc = element.tag == tag::utc_time;
    if (!utc && element.tag != tag::generalized_time) return std::nullopt;
    if (text.size() != (utc ? 13U : 15U) || text.back() != 'Z') return std::nullopt;
    for (const char c : text.substr(0, text.size() - 1)) {
        if (c < '0' || c > '9') return std::nullopt;
    }
    const auto two = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
    std::size_t at = 0;
    int y = two(at);
    at += 2;
    if (utc) {
        y += y >= 50 ? 1900 : 2000;
    } else {
        y = y * 100 + two(at);
        at += 2;
    }
    const std::chrono::year_month_day date{year{y}, month{static_cast<unsigned>(two(at))},
                                           day{static_cast<unsigned>(two(at + 2))}};
    const int h = two(at + 4), m = two(at + 6), s = two(at + 8);
    if (!date.ok() || h > 23 || m > 59 || s > 59) return std::nullopt;
    return Instant{std::chrono::sys_days{date}} + std::chrono::hours{h} + std::chrono::minutes{m} +
           std::chrono::seconds{s};
}

std::string read_oid(BytesView content) {
    std::string out;
    std::uint64_t arc = 0;
    bool starts = true;
    for (std::size_t i = 0; i < content.size(); ++i) {
        const auto byte = content[i];
        if (starts && byte == 0x80) return {};
        if (arc > (1ULL << 56)) return {};
        arc = arc << 7 | (byte & 0x7f);
        starts = false;
        if (byte & 0x80) {
            if (i + 1 == content.size()) return {};
            continue;
        }
        if (out.empty()) {
            const std::uint64_t first = arc < 40 ? 0 : arc < 80 ? 1 : 2;
            out = std::to_string(first) + "." + std::to_string(arc - first * 40);
        } else {
            out += "." + std::to_string(arc);
        }
        arc = 0;
        starts = true;
    }
    return out;
}

}  // namespace antin::pki::der
