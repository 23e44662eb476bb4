#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace antin::sheet {

/// What a cell's style says about its number.
struct NumberFormat {
    bool is_date = false;
    std::size_t zeros = 0;  // "000000000000": so many digits, zeros in front
};

/// Of a built-in number (14 and others are dates), or of a format code ("dd/mm/yyyy").
[[nodiscard]] NumberFormat built_in_format(int id);
[[nodiscard]] NumberFormat format_of_code(std::string_view code);

/// "12079004417" from "1.2079004417E10"; "1.5" stays; zeros in front as the format has them.
[[nodiscard]] std::string number_text(std::string_view stored, std::size_t zeros = 0);
/// ISO day of a spreadsheet's serial day; `from_1904` for old Macintosh files.
[[nodiscard]] std::optional<std::string> date_of_serial(std::string_view stored, bool from_1904);

}  // namespace antin::sheet
