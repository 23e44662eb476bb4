#pragma once
// Inside the module only: what the canvas keeps while it draws.
#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <vector>

#include "pdf/canvas.hpp"

namespace antin::pdf {

struct UnrefObject {
    void operator()(void* object) const { g_object_unref(object); }
};
struct DestroyCairo {
    void operator()(cairo_t* c) const { cairo_destroy(c); }
};
struct DestroySurface {
    void operator()(cairo_surface_t* s) const { cairo_surface_destroy(s); }
};
using LayoutPtr = std::unique_ptr<PangoLayout, UnrefObject>;

[[nodiscard]] constexpr double points(double mm) {
    return mm * 72.0 / 25.4;
}

/// One line of a laid-out text: where it stands within its text, in points.
struct LineBox {
    PangoLayoutLine* line;  // owned by the layout
    double top, bottom, baseline, x;
};

/// A text laid out at a width, ready to be drawn line by line.
struct LaidOut {
    LayoutPtr layout;
    std::vector<LineBox> lines;
    TextStyle style;
    [[nodiscard]] double height() const { return lines.empty() ? 0 : lines.back().bottom; }
};

struct Canvas::State {
    Bytes out;
    FileInfo info;
    PageSetup setup;
    std::string family, fixed_family;
    std::unique_ptr<cairo_surface_t, DestroySurface> surface;
    std::unique_ptr<cairo_t, DestroyCairo> cairo;
    std::unique_ptr<PangoContext, UnrefObject> context;
    double width = 0, height = 0;  // of the page, points
    double y = 0;                  // where the next thing goes
    int pages = 0, page_in_part = 0;

    Table table;
    std::vector<double> column_x;  // left edges and the last right edge
    bool in_table = false;

    [[nodiscard]] double left() const { return points(setup.left_mm); }
    [[nodiscard]] double right() const { return width - points(setup.right_mm); }
    [[nodiscard]] double top() const { return points(setup.top_mm); }
    [[nodiscard]] double bottom() const { return height - points(setup.bottom_mm); }
    [[nodiscard]] double text_width() const { return right() - left(); }

    [[nodiscard]] LaidOut lay_out(const std::vector<Run>& runs, const TextStyle& style,
                                  double width_points);
    void draw_line(const LineBox& line, double x, double y_of_text) const;
    /// All lines at (x, y), without looking at the page's end.
    void draw(const LaidOut& text, double x, double at) const;
    void start_page();
    void next_page();
    void draw_table_head();
    void draw_mark();
    void draw_small(const std::string& text, double at, Align align, double size_pt);
};

}  // namespace antin::pdf
