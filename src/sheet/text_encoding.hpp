#pragma once
#include <string>

#include "base/result.hpp"

namespace antin::sheet {

/// UTF-8 without byte-order mark from UTF-8, UTF-16 (with mark, or told by its zero bytes) or
/// Windows-1258 (told by its tone marks).
/// Invalid "sheet.encoding" for anything else.
[[nodiscard]] Result<std::string> to_utf8(std::string bytes);

}  // namespace antin::sheet
