#include <qrencode.h>

#include <algorithm>
#include <memory>

#include "pdf/canvas.hpp"
#include "pdf/canvas_state.hpp"

namespace antin::pdf {
namespace {

struct FreeCode {
    void operator()(QRcode* code) const { QRcode_free(code); }
};
constexpr int quiet_modules = 4;  // ISO/IEC 18004: four modules of white on each side

/// Dark modules as one path of horizontal bars: small, sharp at any size, no picture to scale.
void draw_modules(cairo_t* c, const QRcode& code, double x, double y, double side) {
    const double module = side / (code.width + 2 * quiet_modules);
    for (int row = 0; row < code.width; ++row) {
        int column = 0;
        while (column < code.width) {
            int end = column;
            while (end < code.width && (code.data[row * code.width + end] & 1) != 0) ++end;
            if (end > column) {
                cairo_rectangle(c, x + (column + quiet_modules) * module,
                                y + (row + quiet_modules) * module, (end - column) * module,
                                module);
            }
            column = std::max(end, column + 1);
        }
    }
    cairo_fill(c);
}

}  // namespace

Status Canvas::qr(std::string_view content, double side_mm, Align align,
                  const std::vector<std::pair<std::vector<Run>, TextStyle>>& beside) {
    State& s = *state_;
    const std::string text{content};
    const std::unique_ptr<QRcode, FreeCode> code(
        QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M));
    if (!code) return fail(ErrorKind::TooLarge, "paper.qr_too_long");
    const double side = points(side_mm);
    const double gap = points(3);
    std::vector<LaidOut> texts;
    double height = 0;
    for (const auto& [runs, style] : beside) {
        texts.push_back(s.lay_out(runs, style, s.text_width() - side - gap));
        height += texts.back().height() + points(style.before_mm + style.after_mm);
    }
    const double block = std::max(side, height);
    if (s.y + block > s.bottom() && s.y > s.top()) s.next_page();
    double x = s.left();
    if (beside.empty() && align == Align::Center) x += (s.text_width() - side) / 2;
    if (beside.empty() && align == Align::Right) x += s.text_width() - side;
    draw_modules(s.cairo.get(), *code, x, s.y, side);
    double at = s.y + std::max(0.0, (side - height) / 2);
    for (const LaidOut& one : texts) {
        at += points(one.style.before_mm);
        s.draw(one, s.left() + side + gap, at);
        at += one.height() + points(one.style.after_mm);
    }
    s.y += block + points(1.5);
    return {};
}

}  // namespace antin::pdf
