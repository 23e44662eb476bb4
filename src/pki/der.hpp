#pragma once
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/time.hpp"

/// DER (X.690): what writes it and what reads it strictly. Every reader here is total: any bytes
/// give a value or a failure, never undefined behaviour.
namespace antin::pki::der {

namespace tag {
inline constexpr std::uint8_t boolean = 0x01, integer = 0x02, bit_string = 0x03,
                              octet_string = 0x04, null = 0x05, oid = 0x06, enumerated = 0x0a,
                              utf8_string = 0x0c, printable_string = 0x13, ia5_string = 0x16,
                              utc_time = 0x17, generalized_time = 0x18, sequence = 0x30, set = 0x31;
/// [n] with contents of its own (explicit, or implicit of a constructed type).
[[nodiscard]] constexpr std::uint8_t context(int n) {
    return static_cast<std::uint8_t>(0xa0 | n);
}
/// [n] implicit of a primitive type.
[[nodiscard]] constexpr std::uint8_t context_primitive(int n) {
    return static_cast<std::uint8_t>(0x80 | n);
}
}  // namespace tag

// --- writing -------------------------------------------------------------------------------------
void append(Bytes& out, BytesView bytes);
/// Tag and length of an element whose content has `length` bytes.
[[nodiscard]] Bytes header(std::uint8_t tag, std::uint64_t length);
[[nodiscard]] Bytes element(std::uint8_t tag, BytesView content);
[[nodiscard]] Bytes element(std::uint8_t tag, std::initializer_list<BytesView> contents);
[[nodiscard]] inline Bytes sequence(std::initializer_list<BytesView> contents) {
    return element(tag::sequence, contents);
}
[[nodiscard]] Bytes integer(std::int64_t value);
/// A positive INTEGER from big-endian bytes; leading zeros are dropped, a sign byte added.
[[nodiscard]] Bytes unsigned_integer(BytesView big_endian);
[[nodiscard]] Bytes enumerated(int value);  // 0 to 127
[[nodiscard]] Bytes boolean(bool value);
[[nodiscard]] Bytes null();
/// "1.2.840.113549" -> element; empty when the text is no object identifier.
[[nodiscard]] Bytes oid(std::string_view dotted);
[[nodiscard]] Bytes text(std::uint8_t tag, std::string_view value);
[[nodiscard]] Bytes bit_string(BytesView bits, int unused = 0);
[[nodiscard]] Bytes octet_string(BytesView content);
/// A BIT STRING of named bits (DER drops trailing zeros); bit 0 is the lowest of `bits`.
[[nodiscard]] Bytes named_bits(std::uint32_t bits);
/// Time of RFC 5280: UTCTime until 2049, GeneralizedTime after; whole seconds.
[[nodiscard]] Bytes time(Instant moment);
[[nodiscard]] Bytes generalized_time(Instant moment);

// --- reading -------------------------------------------------------------------------------------
struct Element {
    std::uint8_t tag = 0;
    BytesView content;
    BytesView whole;  // tag, length and content
};

/// Walks the elements of one content, strictly (definite, shortest lengths, low tag numbers). After
/// the first mistake it stays failed and gives empty elements; look at ok() or finished() once.
class Reader {
  public:
    explicit Reader(BytesView bytes) : rest_(bytes) {}
    [[nodiscard]] bool ok() const { return ok_; }
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] bool finished() const { return ok_ && rest_.empty(); }
    /// Tag of the next element, 0 at the end.
    [[nodiscard]] std::uint8_t peek() const { return ok_ && !rest_.empty() ? rest_[0] : 0; }
    Element next();
    Element next(std::uint8_t tag);  // fails when the tag differs
    std::optional<Element> optional(std::uint8_t tag);
    Reader enter(std::uint8_t tag);  // a reader of the content of the next element
    void fail() {
        ok_ = false;
        rest_ = {};
    }

  private:
    BytesView rest_;
    bool ok_ = true;
};

/// The single element that `bytes` must be, with nothing after it.
[[nodiscard]] std::optional<Element> only(BytesView bytes, std::uint8_t tag);
[[nodiscard]] std::optional<bool> read_boolean(const Element& element);
/// A shortest-form INTEGER that fits; negative ones are refused.
[[nodiscard]] std::optional<std::uint64_t> read_unsigned(const Element& element);
/// Whether the content is a shortest-form positive INTEGER (any size).
[[nodiscard]] bool is_positive_integer(const Element& element);
/// Magnitude of a positive INTEGER: without the sign byte.
[[nodiscard]] BytesView magnitude(BytesView integer_content);
/// Content of a BIT STRING with no unused bits; nothing when malformed.
[[nodiscard]] std::optional<BytesView> read_octet_bits(const Element& element);
/// Named bits, bit 0 lowest; at most 32. Refused when trailing zero bits were kept.
[[nodiscard]] std::optional<std::uint32_t> read_named_bits(const Element& element);
/// UTCTime or GeneralizedTime in the one form of RFC 5280 (…Z, with seconds).
[[nodiscard]] std::optional<Instant> read_time(const Element& element);
/// Dotted text of an OBJECT IDENTIFIER's content; "" when malformed.
[[nodiscard]] std::string read_oid(BytesView content);

}  // namespace antin::pki::der
