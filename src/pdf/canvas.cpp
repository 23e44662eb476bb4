#include "pdf/canvas.hpp"

#include <cairo-pdf.h>

#include <array>
#include <cmath>
#include <numbers>

#include "base/text.hpp"
#include "pdf/archive.hpp"
#include "pdf/canvas_state.hpp"

namespace antin::pdf {
namespace {

constexpr double a4_short_mm = 210, a4_long_mm = 297;
// Beyond this a single text is cut: no paper needs it, and layout time grows with it.
constexpr std::size_t text_bytes_max = 200'000;

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
    auto* out = static_cast<Bytes*>(closure);
    out->insert(out->end(), data, data + length);
    return CAIRO_STATUS_SUCCESS;
}

bool covers_vietnamese(PangoFontMap* map, PangoContext* context, const char* family) {
    if (pango_font_map_get_family(map, family) == nullptr) return false;
    PangoFontDescription* description = pango_font_description_new();
    pango_font_description_set_family(description, family);
    PangoFont* font = pango_font_map_load_font(map, context, description);
    pango_font_description_free(description);
    if (font == nullptr) return false;
    PangoCoverage* coverage = pango_font_get_coverage(font, pango_language_from_string("vi"));
    bool complete = true;
    for (const gunichar letter : {0x01A1u, 0x01B0u, 0x0111u, 0x1EA0u, 0x1EC7u, 0x1EEFu, 0x1EF9u}) {
        complete = complete &&
                   pango_coverage_get(coverage, static_cast<int>(letter)) == PANGO_COVERAGE_EXACT;
    }
    g_object_unref(coverage);
    g_object_unref(font);
    return complete;
}

/// The first of `families` that is installed and has all Vietnamese letters. The old "Liberation"
/// fonts of version 1 share a name with version 2 and lack them, hence the look at the letters.
std::string first_family(PangoContext* context, std::initializer_list<const char*> families) {
    PangoFontMap* map = pango_context_get_font_map(context);
    for (const char* family : families) {
        if (covers_vietnamese(map, context, family)) return family;
    }
    return {};
}

/// Control characters and broken UTF-8 would end the text early or disturb the reader's copy.
std::string printable(std::string_view text) {
    if (text.size() > text_bytes_max) {
        std::size_t end = text_bytes_max;
        while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
        text = text.substr(0, end);
    }
    std::string out;
    out.reserve(text.size());
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '\n' || (byte >= 0x20 && byte != 0x7F))
            out += c;
        else if (c == '\t')
            out += ' ';
    }
    if (is_valid_utf8(out)) return out;
    char* repaired = g_utf8_make_valid(out.data(), static_cast<gssize>(out.size()));
    out = repaired;
    g_free(repaired);
    return out;
}

void add_attribute(PangoAttrList* list, PangoAttribute* attribute, std::size_t from,
                   std::size_t to) {
    attribute->start_index = static_cast<guint>(from);
    attribute->end_index = static_cast<guint>(to);
    pango_attr_list_insert(list, attribute);
}

PangoAlignment pango_align(Align align) {
    if (align == Align::Center) return PANGO_ALIGN_CENTER;
    if (align == Align::Right) return PANGO_ALIGN_RIGHT;
    return PANGO_ALIGN_LEFT;
}

}  // namespace

LaidOut Canvas::State::lay_out(const std::vector<Run>& runs, const TextStyle& style,
                               double width_points) {
    LaidOut out;
    out.style = style;
    out.layout.reset(pango_layout_new(context.get()));
    PangoLayout* layout = out.layout.get();
    PangoFontDescription* font = pango_font_description_new();
    pango_font_description_set_family(font, (style.fixed_width ? fixed_family : family).c_str());
    pango_font_description_set_size(font, static_cast<int>(style.size_pt * PANGO_SCALE));
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);

    std::string text;
    PangoAttrList* attributes = pango_attr_list_new();
    for (const Run& run : runs) {
        const std::size_t from = text.size();
        text += printable(run.text);
        if (style.bold || run.bold) {
            add_attribute(attributes, pango_attr_weight_new(PANGO_WEIGHT_BOLD), from, text.size());
        }
        if (style.italic || run.italic) {
            add_attribute(attributes, pango_attr_style_new(PANGO_STYLE_ITALIC), from, text.size());
        }
    }
    if (style.underline) {
        add_attribute(attributes, pango_attr_underline_new(PANGO_UNDERLINE_SINGLE), 0, text.size());
    }
    pango_layout_set_attributes(layout, attributes);
    pango_attr_list_unref(attributes);
    pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_alignment(layout, pango_align(style.align));
    pango_layout_set_justify(layout, style.align == Align::Justify);
    pango_layout_set_indent(layout, pango_units_from_double(points(style.indent_first_mm)));
    pango_layout_set_line_spacing(layout, static_cast<float>(style.line_spacing));
    pango_layout_set_width(
        layout, pango_units_from_double(std::max(10.0, width_points - points(style.indent_mm))));

    PangoLayoutIter* at = pango_layout_get_iter(layout);
    do {
        int top = 0, bottom = 0;
        PangoRectangle logical;
        pango_layout_iter_get_line_yrange(at, &top, &bottom);
        pango_layout_iter_get_line_extents(at, nullptr, &logical);
        out.lines.push_back({pango_layout_iter_get_line_readonly(at), pango_units_to_double(top),
                             pango_units_to_double(bottom),
                             pango_units_to_double(pango_layout_iter_get_baseline(at)),
                             pango_units_to_double(logical.x) + points(style.indent_mm)});
    } while (pango_layout_iter_next_line(at));
    pango_layout_iter_free(at);
    return out;
}

void Canvas::State::draw_line(const LineBox& line, double x, double y_of_text) const {
    cairo_move_to(cairo.get(), x + line.x, y_of_text + line.baseline);
    pango_cairo_show_layout_line(cairo.get(), line.line);
}

void Canvas::State::draw(const LaidOut& text, double x, double at) const {
    for (const LineBox& line : text.lines) draw_line(line, x, at);
}

void Canvas::State::draw_small(const std::string& text, double at, Align align, double size_pt) {
    TextStyle style;
    style.size_pt = size_pt;
    style.align = align;
    draw(lay_out({{text}}, style, text_width()), left(), at);
}

void Canvas::State::draw_mark() {
    TextStyle style;
    style.size_pt = 64;
    style.bold = true;
    const LaidOut text = lay_out({{setup.mark}}, style, width * 2);
    int w = 0, h = 0;
    pango_layout_get_pixel_size(text.layout.get(), &w, &h);
    cairo_t* c = cairo.get();
    cairo_save(c);
    cairo_translate(c, width / 2, height / 2);
    cairo_rotate(c, -std::atan2(height, width) * 0.8);
    cairo_move_to(c, -w / 2.0, -h / 2.0);
    cairo_set_source_rgb(c, 0.92, 0.92, 0.92);
    // As outlines, so that the word does not mix into text that somebody selects.
    pango_cairo_layout_path(c, text.layout.get());
    cairo_fill(c);
    cairo_restore(c);
}

void Canvas::State::start_page() {
    ++pages;
    ++page_in_part;
    if (!setup.mark.empty()) draw_mark();
    cairo_set_source_rgb(cairo.get(), 0, 0, 0);
    if (setup.number_pages && page_in_part > 1) {
        draw_small(std::to_string(page_in_part), top() - points(9), Align::Center, 13);
    }
    if (!setup.footer.empty()) {
        draw_small(setup.footer, bottom() + points(6), Align::Left, 8.5);
    }
    y = top();
}

void Canvas::State::next_page() {
    cairo_show_page(cairo.get());
    start_page();
}

Canvas::Canvas(std::unique_ptr<State> state) : state_(std::move(state)) {}
Canvas::Canvas(Canvas&&) noexcept = default;
Canvas& Canvas::operator=(Canvas&&) noexcept = default;
Canvas::~Canvas() = default;

Result<Canvas> Canvas::open(const FileInfo& info, const PageSetup& setup) {
    auto state = std::make_unique<State>();
    State& s = *state;
    s.info = info;
    s.setup = setup;
    s.width = points(setup.landscape ? a4_long_mm : a4_short_mm);
    s.height = points(setup.landscape ? a4_short_mm : a4_long_mm);
    s.surface.reset(cairo_pdf_surface_create_for_stream(append, &s.out, s.width, s.height));
    cairo_pdf_surface_restrict_to_version(s.surface.get(), CAIRO_PDF_VERSION_1_5);
    const auto set = [&](cairo_pdf_metadata_t key, const std::string& value) {
        if (!value.empty()) {
            cairo_pdf_surface_set_metadata(s.surface.get(), key, printable(value).c_str());
        }
    };
    set(CAIRO_PDF_METADATA_TITLE, info.title);
    set(CAIRO_PDF_METADATA_AUTHOR, info.author);
    set(CAIRO_PDF_METADATA_SUBJECT, info.subject);
    set(CAIRO_PDF_METADATA_CREATOR, "Ấn Tín");
    set(CAIRO_PDF_METADATA_CREATE_DATE, to_iso(info.made_at));
    set(CAIRO_PDF_METADATA_MOD_DATE, to_iso(info.made_at));
    s.cairo.reset(cairo_create(s.surface.get()));
    s.context.reset(pango_cairo_create_context(s.cairo.get()));
    // Font sizes are points because one unit of a PDF surface is a point; metrics stay unrounded.
    pango_cairo_context_set_resolution(s.context.get(), 72);
    cairo_font_options_t* options = cairo_font_options_create();
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(s.context.get(), options);
    cairo_font_options_destroy(options);
    pango_context_set_language(s.context.get(), pango_language_from_string("vi"));
    pango_context_set_base_dir(s.context.get(), PANGO_DIRECTION_LTR);
    pango_context_set_round_glyph_positions(s.context.get(), FALSE);
    s.family = first_family(s.context.get(), {"Tinos", "Liberation Serif", "Times New Roman"});
    s.fixed_family =
        first_family(s.context.get(), {"Cousine", "Liberation Mono", "DejaVu Sans Mono"});
    if (s.family.empty()) {
        return fail(ErrorKind::Unavailable, "paper.font_missing",
                    "install fonts-croscore or fonts-liberation2");
    }
    if (s.fixed_family.empty()) s.fixed_family = s.family;
    s.start_page();
    return Canvas{std::move(state)};
}

void Canvas::paragraph(std::string_view text, const TextStyle& style) {
    paragraph(std::vector<Run>{{std::string{text}}}, style);
}

void Canvas::paragraph(const std::vector<Run>& runs, const TextStyle& style) {
    State& s = *state_;
    const LaidOut text = s.lay_out(runs, style, s.text_width());
    s.y += points(style.before_mm);
    const double following = style.keep_with_next ? points(18) : 0;
    const double body = s.bottom() - s.top();
    const bool short_enough = text.height() + following <= body;
    // Two lines stay together: none alone at the foot of a page.
    const double first = text.lines.size() > 1 ? text.lines[1].bottom : text.height();
    const double needed = style.keep_with_next && short_enough ? text.height() + following : first;
    if (s.y + needed > s.bottom() && s.y > s.top()) s.next_page();
    double origin = s.y;  // where the text would begin if it had begun on this page
    for (const LineBox& line : text.lines) {
        if (origin + line.bottom > s.bottom() + 0.1 && s.y > s.top()) {
            s.next_page();
            origin = s.y - line.top;
        }
        s.draw_line(line, s.left(), origin);
        s.y = origin + line.bottom;
    }
    s.y += points(style.after_mm);
}

void Canvas::side_by_side(const std::vector<Cell>& cells, const std::vector<double>& shares) {
    State& s = *state_;
    double total = 0;
    for (const double share : shares) total += share;
    std::vector<std::vector<LaidOut>> texts(cells.size());
    double tallest = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const double width = s.text_width() * shares.at(i) / total;
        double height = 0;
        for (const auto& [runs, style] : cells[i].paragraphs) {
            texts[i].push_back(s.lay_out(runs, style, width));
            height += texts[i].back().height() + points(style.before_mm + style.after_mm);
        }
        tallest = std::max(tallest, height);
    }
    if (s.y + tallest > s.bottom() && s.y > s.top()) s.next_page();
    double x = s.left();
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const double width = s.text_width() * shares.at(i) / total;
        double y = s.y;
        for (const LaidOut& text : texts[i]) {
            y += points(text.style.before_mm);
            s.draw(text, x, y);
            y += text.height() + points(text.style.after_mm);
        }
        if (cells[i].rule_under_mm != 0 && !texts[i].empty()) {
            int w = 0, h = 0;
            pango_layout_get_pixel_size(texts[i].back().layout.get(), &w, &h);
            const double length = cells[i].rule_under_mm < 0 ? static_cast<double>(w)
                                                             : points(cells[i].rule_under_mm);
            const double at = y - points(texts[i].back().style.after_mm) + 2.6;
            cairo_set_line_width(s.cairo.get(), 0.7);
            cairo_move_to(s.cairo.get(), x + (width - length) / 2, at);
            cairo_line_to(s.cairo.get(), x + (width + length) / 2, at);
            cairo_stroke(s.cairo.get());
        }
        x += width;
    }
    s.y += tallest;
}

void Canvas::rule(double width_mm, Align align) {
    State& s = *state_;
    const double length = std::min(points(width_mm), s.text_width());
    double x = s.left();
    if (align == Align::Center) x += (s.text_width() - length) / 2;
    if (align == Align::Right) x += s.text_width() - length;
    cairo_set_line_width(s.cairo.get(), 0.7);
    cairo_move_to(s.cairo.get(), x, s.y);
    cairo_line_to(s.cairo.get(), x + length, s.y);
    cairo_stroke(s.cairo.get());
    s.y += points(1.5);
}

void Canvas::fold_line() {
    State& s = *state_;
    cairo_t* c = s.cairo.get();
    cairo_save(c);
    const std::array<double, 2> dashes{3, 5};
    cairo_set_dash(c, dashes.data(), 2, 0);
    cairo_set_source_rgb(c, 0.6, 0.6, 0.6);
    cairo_set_line_width(c, 0.5);
    cairo_move_to(c, 0, s.y);
    cairo_line_to(c, s.width, s.y);
    cairo_stroke(c);
    cairo_restore(c);
}

void Canvas::space(double mm) {
    state_->y += points(mm);
}

void Canvas::move_to(double from_top_mm) {
    state_->y = points(from_top_mm);
}

void Canvas::new_page() {
    state_->next_page();
}

void Canvas::new_part() {
    state_->page_in_part = 0;
    state_->next_page();
}

int Canvas::pages() const {
    return state_->pages;
}

Result<Bytes> Canvas::finish() {
    State& s = *state_;
    cairo_show_page(s.cairo.get());
    cairo_surface_finish(s.surface.get());
    const auto status = cairo_surface_status(s.surface.get());
    if (status != CAIRO_STATUS_SUCCESS || cairo_status(s.cairo.get()) != CAIRO_STATUS_SUCCESS) {
        return fail(ErrorKind::Internal, "internal", cairo_status_to_string(status));
    }
    return for_archive(s.out, s.info);
}

}  // namespace antin::pdf

#if defined(__SANITIZE_ADDRESS__)
// Fontconfig keeps its list of fonts until the process ends: the same bytes however many papers
// are drawn. The leak checker is told, so that it still finds ours.
extern "C" const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
    return "leak:libfontconfig";
}
#endif
