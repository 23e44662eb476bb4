#pragma once
// Inside the module only: a layout as data/forms/*.json describes it (see docs/forms.md).
#include <functional>
#include <map>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "forms/paper_library.hpp"
#include "pdf/canvas.hpp"

namespace antin::forms {

/// "Kính gửi: **{{provider}}**": pieces of fixed text and placeholders, some of them bold.
/// {{name|words}} prints the words when the value is empty.
struct Template {
    struct Piece {
        std::string text;         // fixed text, when `placeholder` is empty
        std::string placeholder;  // name of a value
        std::string when_empty;
        bool bold = false;
    };
    std::vector<Piece> pieces;
};

struct TextBlock {
    Template text;
    pdf::TextStyle style;
    std::string only_if;  // drawn only when this value is not empty
    std::string unless;   // drawn only when this value is empty
};
struct SideBySide {
    struct Cell {
        std::vector<TextBlock> paragraphs;
        double rule_under_mm = 0;
        double share = 1;
    };
    std::vector<Cell> cells;
};
struct ListBlock {
    std::string items;
    bool numbered = true;
    pdf::TextStyle style;
};
struct TableBlock {
    std::string rows;
    pdf::Table table;
    std::vector<Template> cells;
};
struct QrBlock {
    Template content;
    double side_mm = 30;
    std::vector<TextBlock> beside;
    std::string only_if;
};
struct RuleBlock {
    double width_mm = 60;
};
struct SpaceBlock {
    double mm = 4;
};
struct MoveBlock {
    double mm = 100;
};
struct FoldBlock {};
struct PageBlock {};

using Block = std::variant<TextBlock, SideBySide, ListBlock, TableBlock, QrBlock, RuleBlock,
                           SpaceBlock, MoveBlock, FoldBlock, PageBlock>;

class Layout {
  public:
    PaperAbout about;
    pdf::PageSetup page;
    Template footer, file_title, file_author;
    std::set<std::string> values, tables, lists;  // what the program offers to this paper
    std::vector<Block> blocks;

    /// Errors: Invalid "paper.layout_broken"; `detail` says where and what.
    [[nodiscard]] static Result<Layout> parse(const std::string& name, std::string_view json);
    /// A file that replaces `original`: it may draw only from what the program offers to that one.
    [[nodiscard]] static Result<Layout> parse_replacement(const std::string& name,
                                                          std::string_view json,
                                                          const Layout& original);
};

}  // namespace antin::forms
