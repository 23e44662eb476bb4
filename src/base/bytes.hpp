#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace antin {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

[[nodiscard]] inline BytesView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
[[nodiscard]] inline std::string_view as_text(BytesView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}
[[nodiscard]] inline Bytes to_bytes(std::string_view text) {
    return {as_bytes(text).begin(), as_bytes(text).end()};
}

[[nodiscard]] std::string to_hex(BytesView bytes);  // lower case
[[nodiscard]] std::optional<Bytes> from_hex(std::string_view hex);
[[nodiscard]] std::string to_base64(BytesView bytes);
[[nodiscard]] std::optional<Bytes> from_base64(std::string_view text);
[[nodiscard]] std::string to_base64url(BytesView bytes);  // no padding
[[nodiscard]] std::optional<Bytes> from_base64url(std::string_view text);

}  // namespace antin
