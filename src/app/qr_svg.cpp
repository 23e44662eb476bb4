#include "app/qr_svg.hpp"

#include <fmt/format.h>
#include <qrencode.h>

#include <memory>

namespace antin::app {

Result<std::string> qr_svg(std::string_view text) {
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code{
        QRcode_encodeString8bit(std::string{text}.c_str(), 0, QR_ECLEVEL_M), &QRcode_free};
    if (!code) return fail(ErrorKind::TooLarge, "qr.too_long");
    constexpr int margin = 4;
    std::string path;
    for (int y = 0; y < code->width; ++y) {
        for (int x = 0; x < code->width; ++x) {
            if ((code->data[y * code->width + x] & 1) == 0) continue;
            path += fmt::format("M{} {}h1v1h-1z", x + margin, y + margin);
        }
    }
    const int size = code->width + 2 * margin;
    return fmt::format(
        R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {0}" width="240" height="240" )"
        R"(aria-hidden="true" focusable="false" shape-rendering="crispEdges">)"
        R"(<path fill="#fff" d="M0 0h{0}v{0}H0z"/>)"
        R"(<path fill="#000" d="{1}"/></svg>)",
        size, path);
}

}  // namespace antin::app
