#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace antin::pdf {

enum class Align { Left, Center, Right, Justify };

/// Sizes in points, lengths on the page in millimetres.
struct TextStyle {
    double size_pt = 13;
    bool bold = false;
    bool italic = false;
    bool underline = false;
    Align align = Align::Left;
    double line_spacing = 1.15;  // of the font's own line height
    double indent_first_mm = 0;
    double indent_mm = 0;  // of the whole paragraph
    double before_mm = 0;
    double after_mm = 1.5;
    bool keep_with_next = false;  // never alone at the foot of a page
    bool fixed_width = false;     // for codes and PINs: 0 and O look different
};

struct Run {
    std::string text;
    bool bold = false;
    bool italic = false;
};

struct Column {
    std::string title;
    double width_mm = 20;
    Align align = Align::Left;
};

struct Table {
    std::vector<Column> columns;       // repeated at the head of each page
    bool numbers_under_heads = false;  // a second head row (1) (2) (3)…
    double size_pt = 11;
    double head_size_pt = 11;
    double padding_mm = 1.2;
};

struct PageSetup {
    bool landscape = false;                                           // A4
    double top_mm = 20, bottom_mm = 20, left_mm = 30, right_mm = 15;  // NĐ 30/2020, Phụ lục I
    bool number_pages = true;  // from the second page on, in the middle of the upper margin
    std::string footer;        // small line at the foot of each page
    std::string mark;          // pale word across each page
};

struct FileInfo {
    std::string title, author, subject;
    Instant made_at;  // nothing else in the file depends on when it was drawn
};

/// Draws an A4 PDF from top to bottom; text stays text (selectable, searchable, one embedded font
/// family with Vietnamese). The same calls give the same bytes. Not thread-safe; one per paper.
class Canvas {
  public:
    /// Errors: Unavailable "paper.font_missing" where no font with Times metrics and Vietnamese
    /// letters is installed.
    [[nodiscard]] static Result<Canvas> open(const FileInfo& info, const PageSetup& setup);
    Canvas(Canvas&&) noexcept;
    Canvas& operator=(Canvas&&) noexcept;
    ~Canvas();

    void paragraph(std::string_view text, const TextStyle& style);
    void paragraph(const std::vector<Run>& runs, const TextStyle& style);
    /// Cells side by side, never split over pages; `shares` of the text width.
    struct Cell {
        std::vector<std::pair<std::vector<Run>, TextStyle>> paragraphs;
        double rule_under_mm = 0;  // a line of this length under the last paragraph, centred
    };
    void side_by_side(const std::vector<Cell>& cells, const std::vector<double>& shares);
    /// Rows one by one, so that long tables need not exist at once. Between begin and end nothing
    /// else is drawn. A row that does not fit goes to the next page; one longer than a page is
    /// split.
    void begin_table(const Table& table);
    void row(const std::vector<std::string>& cells);
    void end_table();
    /// A QR code as vectors, `side_mm` wide with its quiet zone; level M. With `beside` text stands
    /// to its right.
    Status qr(std::string_view content, double side_mm, Align align,
              const std::vector<std::pair<std::vector<Run>, TextStyle>>& beside = {});
    void rule(double width_mm, Align align);
    void fold_line();  // dashes across the page
    void space(double mm);
    /// To a height measured from the page's top edge (for envelopes).
    void move_to(double from_top_mm);
    void new_page();
    /// Page numbers start again at 1 and the page is fresh: for many letters in one file.
    void new_part();
    [[nodiscard]] int pages() const;

    /// Ends the file. The canvas is empty afterwards.
    [[nodiscard]] Result<Bytes> finish();

  private:
    struct State;
    explicit Canvas(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace antin::pdf
