#include "forms/draw.hpp"

#include <array>
#include <cstdio>

namespace antin::forms {
namespace {

/// A value that the layout names and the caller forgot: a fault of the program, found by tests.
struct Missing {
    std::string name;
};

/// Fills templates with the values of one paper.
class Words {
  public:
    explicit Words(const PaperContent& content) : content_(content) {}

    [[nodiscard]] const std::string& value(const std::string& name) const {
        const auto found = content_.values.find(name);
        if (found == content_.values.end()) throw Missing{name};
        return found->second;
    }
    [[nodiscard]] bool shown(const std::string& only_if, const std::string& unless) const {
        return (only_if.empty() || !value(only_if).empty()) &&
               (unless.empty() || value(unless).empty());
    }
    [[nodiscard]] std::vector<pdf::Run> fill(const Template& text) const {
        std::vector<pdf::Run> out;
        for (const auto& piece : text.pieces) {
            if (piece.placeholder.empty()) {
                out.push_back({piece.text, piece.bold});
                continue;
            }
            const std::string& found = value(piece.placeholder);
            out.push_back({found.empty() ? piece.when_empty : found, piece.bold});
        }
        return out;
    }

    [[nodiscard]] std::string plain(const Template& text) const {
        std::string out;
        for (const pdf::Run& run : fill(text)) out += run.text;
        return out;
    }

  protected:
    const PaperContent& content_;
};

class Drawing : public Words {
  public:
    Drawing(pdf::Canvas& canvas, const PaperContent& content) : Words(content), canvas_(canvas) {}

    Status operator()(const TextBlock& block) {
        if (shown(block.only_if, block.unless)) canvas_.paragraph(fill(block.text), block.style);
        return {};
    }
    Status operator()(const SideBySide& block) {
        std::vector<pdf::Canvas::Cell> cells;
        std::vector<double> shares;
        for (const auto& cell : block.cells) {
            cells.push_back({texts(cell.paragraphs), cell.rule_under_mm});
            shares.push_back(cell.share);
        }
        canvas_.side_by_side(cells, shares);
        return {};
    }
    Status operator()(const ListBlock& block) {
        const auto found = content_.lists.find(block.items);
        if (found == content_.lists.end()) throw Missing{block.items};
        std::size_t number = 0;
        for (const std::string& item : found->second) {
            const std::string lead = block.numbered ? std::to_string(++number) + ". " : "- ";
            canvas_.paragraph(lead + item, block.style);
        }
        return {};
    }
    Status operator()(const TableBlock& block) {
        const auto found = content_.tables.find(block.rows);
        if (found == content_.tables.end()) throw Missing{block.rows};
        canvas_.begin_table(block.table);
        std::size_t number = 0;
        for (const Values& row : found->second) {
            ++number;
            std::vector<std::string> cells;
            for (const Template& cell : block.cells) cells.push_back(cell_text(cell, row, number));
            canvas_.row(cells);
        }
        canvas_.end_table();
        return {};
    }
    Status operator()(const QrBlock& block) {
        if (!shown(block.only_if, "")) return {};
        return canvas_.qr(plain(block.content), block.side_mm, pdf::Align::Left,
                          texts(block.beside));
    }
    Status operator()(const RuleBlock& block) {
        canvas_.rule(block.width_mm, pdf::Align::Center);
        return {};
    }
    Status operator()(const SpaceBlock& block) {
        canvas_.space(block.mm);
        return {};
    }
    Status operator()(const MoveBlock& block) {
        canvas_.move_to(block.mm);
        return {};
    }
    Status operator()(const FoldBlock&) {
        canvas_.fold_line();
        return {};
    }
    Status operator()(const PageBlock&) {
        canvas_.new_page();
        return {};
    }

  private:
    [[nodiscard]] std::vector<std::pair<std::vector<pdf::Run>, pdf::TextStyle>> texts(
        const std::vector<TextBlock>& blocks) const {
        std::vector<std::pair<std::vector<pdf::Run>, pdf::TextStyle>> out;
        for (const TextBlock& block : blocks) {
            if (shown(block.only_if, block.unless)) out.emplace_back(fill(block.text), block.style);
        }
        return out;
    }
    [[nodiscard]] static std::string cell_text(const Template& cell, const Values& row,
                                               std::size_t number) {
        std::string out;
        for (const auto& piece : cell.pieces) {
            if (piece.placeholder.empty()) {
                out += piece.text;
            } else if (piece.placeholder == "#") {
                out += std::to_string(number);
            } else {
                const auto found = row.find(piece.placeholder);
                const bool empty = found == row.end() || found->second.empty();
                out += empty ? piece.when_empty : found->second;
            }
        }
        // "010.. / ngày cấp / nơi cấp": fixed marks between values that are not there say nothing.
        const auto last = out.find_last_not_of(" /\n;,-");
        out.resize(last == std::string::npos ? 0 : last + 1);
        return out;
    }

    pdf::Canvas& canvas_;
};

}  // namespace

Result<Bytes> draw_parts(const Layout& layout, const std::vector<PaperContent>& parts) {
    if (parts.empty()) return fail(ErrorKind::Invalid, "paper.nothing_to_draw");
    try {
        const Words words(parts.front());
        pdf::PageSetup page = layout.page;
        page.footer = words.plain(layout.footer);
        page.mark = parts.front().mark;
        std::string title = words.plain(layout.file_title);
        if (title.empty()) title = layout.about.title;
        const pdf::FileInfo info{title, words.plain(layout.file_author), layout.about.title,
                                 parts.front().made_at};
        ANTIN_TRY(canvas, pdf::Canvas::open(info, page));
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (i > 0) canvas.new_part();
            Drawing drawing(canvas, parts[i]);
            for (const Block& block : layout.blocks) ANTIN_CHECK(std::visit(drawing, block));
        }
        return canvas.finish();
    } catch (const Missing& missing) {
        return fail(ErrorKind::Invalid, "paper.value_missing",
                    layout.about.name + ": " + missing.name);
    }
}

std::string long_date(Date date) {
    std::array<char, 64> buffer{};
    const auto day = static_cast<unsigned>(date.day());
    const auto month = static_cast<unsigned>(date.month());
    // NĐ 30/2020, Phụ lục I: days under 10 and months 1 and 2 carry a zero in front.
    std::snprintf(buffer.data(), buffer.size(), "ngày %02u tháng %s%u năm %d", day,
                  month < 3 ? "0" : "", month, static_cast<int>(date.year()));
    return buffer.data();
}

std::string long_moment(Instant moment) {
    const auto minutes = local_minutes(moment).count();
    std::array<char, 64> buffer{};
    std::snprintf(buffer.data(), buffer.size(), "%02d giờ %02d phút, ngày %s",
                  static_cast<int>(minutes / 60), static_cast<int>(minutes % 60),
                  to_vietnamese(local_date(moment)).c_str());
    return buffer.data();
}

std::string readable_day(const std::string& iso) {
    const auto date = parse_iso_date(iso);
    return date ? to_vietnamese(*date) : iso;
}

}  // namespace antin::forms
