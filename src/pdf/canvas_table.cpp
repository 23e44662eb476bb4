#include <algorithm>

#include "pdf/canvas.hpp"
#include "pdf/canvas_state.hpp"

namespace antin::pdf {
namespace {

void draw_frame(cairo_t* c, const std::vector<double>& edges, double top, double bottom) {
    cairo_set_line_width(c, 0.5);
    for (const double x : edges) {
        cairo_move_to(c, x, top);
        cairo_line_to(c, x, bottom);
    }
    for (const double y : {top, bottom}) {
        cairo_move_to(c, edges.front(), y);
        cairo_line_to(c, edges.back(), y);
    }
    cairo_stroke(c);
}

/// How many lines of `text`, beginning with `from`, fit into `room` points; at least one if
/// `force`.
std::size_t lines_that_fit(const LaidOut& text, std::size_t from, double room, bool force) {
    std::size_t to = from;
    while (to < text.lines.size() && text.lines[to].bottom - text.lines[from].top <= room) ++to;
    if (to == from && force && from < text.lines.size()) ++to;
    return to;
}

}  // namespace

void Canvas::State::draw_table_head() {
    const auto heads = [this](double size_pt, bool bold, const auto& text_of) {
        const double padding = points(table.padding_mm);
        std::vector<LaidOut> cells;
        double height = 0;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            TextStyle style;
            style.size_pt = size_pt;
            style.bold = bold;
            style.align = Align::Center;
            style.line_spacing = 1.05;
            cells.push_back(
                lay_out({{text_of(i)}}, style, column_x[i + 1] - column_x[i] - 2 * padding));
            height = std::max(height, cells.back().height());
        }
        const double row = height + 2 * padding;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            draw(cells[i], column_x[i] + padding, y + (row - cells[i].height()) / 2);
        }
        draw_frame(cairo.get(), column_x, y, y + row);
        y += row;
    };
    heads(table.head_size_pt, true, [this](std::size_t i) { return table.columns[i].title; });
    if (table.numbers_under_heads) {
        heads(table.head_size_pt - 1, false,
              [](std::size_t i) { return "(" + std::to_string(i + 1) + ")"; });
    }
}

void Canvas::begin_table(const Table& table) {
    State& s = *state_;
    s.table = table;
    s.in_table = true;
    double total = 0;
    for (const Column& column : table.columns) total += column.width_mm;
    s.column_x = {s.left()};
    for (const Column& column : table.columns) {
        s.column_x.push_back(s.column_x.back() + s.text_width() * column.width_mm / total);
    }
    // A head alone at the foot of a page helps nobody.
    if (s.y + points(30) > s.bottom() && s.y > s.top()) s.next_page();
    s.draw_table_head();
}

void Canvas::row(const std::vector<std::string>& cells) {
    State& s = *state_;
    const double padding = points(s.table.padding_mm);
    std::vector<LaidOut> texts;
    double tallest = 0;
    for (std::size_t i = 0; i < s.table.columns.size(); ++i) {
        TextStyle style;
        style.size_pt = s.table.size_pt;
        style.align = s.table.columns[i].align;
        style.line_spacing = 1.05;
        texts.push_back(s.lay_out({{i < cells.size() ? cells[i] : ""}}, style,
                                  s.column_x[i + 1] - s.column_x[i] - 2 * padding));
        tallest = std::max(tallest, texts.back().height());
    }
    const double body = s.bottom() - s.top() - points(25);  // of a fresh page, under the head
    bool fresh = false;
    const auto fresh_page = [&] {
        s.next_page();
        s.draw_table_head();
        fresh = true;
    };
    if (s.y + tallest + 2 * padding > s.bottom() && tallest + 2 * padding <= body) fresh_page();
    std::vector<std::size_t> next(texts.size(), 0);
    for (;;) {
        const double room = s.bottom() - s.y - 2 * padding;
        std::vector<std::size_t> until(texts.size());
        double height = 0;
        bool something = false;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            until[i] = lines_that_fit(texts[i], next[i], room, fresh);
            if (until[i] == next[i]) continue;
            something = true;
            height =
                std::max(height, texts[i].lines[until[i] - 1].bottom - texts[i].lines[next[i]].top);
        }
        if (!something) {  // not even one line fits here
            fresh_page();
            continue;
        }
        for (std::size_t i = 0; i < texts.size(); ++i) {
            for (std::size_t n = next[i]; n < until[i]; ++n) {
                const LineBox& line = texts[i].lines[n];
                s.draw_line(line, s.column_x[i] + padding,
                            s.y + padding - texts[i].lines[next[i]].top);
            }
        }
        draw_frame(s.cairo.get(), s.column_x, s.y, s.y + height + 2 * padding);
        s.y += height + 2 * padding;
        next = until;
        bool done = true;
        for (std::size_t i = 0; i < texts.size(); ++i)
            done = done && next[i] == texts[i].lines.size();
        if (done) return;
        fresh_page();
    }
}

void Canvas::end_table() {
    state_->in_table = false;
    state_->y += points(2);
}

}  // namespace antin::pdf
