#pragma once
#include <string>
#include <string_view>

namespace antin {

/// Unicode NFC, spaces of every kind folded to one, ends trimmed, invisible and direction marks
/// removed. Input that is not UTF-8 comes back empty.
[[nodiscard]] std::string clean_text(std::string_view text);

/// For searching and comparing: NFC, lower case, no diacritics, đ -> d, only letters, digits and
/// single spaces. "Đặng Thị  Đức" -> "dang thi duc".
[[nodiscard]] std::string fold(std::string_view text);

[[nodiscard]] bool is_valid_utf8(std::string_view text);
/// Code points, not bytes: what limits on fields count.
[[nodiscard]] std::size_t code_points(std::string_view text);
[[nodiscard]] std::string to_upper(std::string_view text);
[[nodiscard]] std::string to_lower(std::string_view text);
[[nodiscard]] std::string_view trim(std::string_view text);  // ASCII spaces only

}  // namespace antin
