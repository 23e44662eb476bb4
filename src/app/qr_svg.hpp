#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace antin::app {

/// A QR code as an SVG picture for a page: black modules as one path, a white margin of four.
/// Errors: TooLarge "qr.too_long".
[[nodiscard]] Result<std::string> qr_svg(std::string_view text);

}  // namespace antin::app
