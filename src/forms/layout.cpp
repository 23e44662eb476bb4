#include "forms/layout.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace antin::forms {
namespace {

using nlohmann::json;

/// Thrown while reading one file, caught in Layout::parse.
struct Broken : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// One JSON object of the layout: every key must be asked for, so a misspelt one is found.
class Node {
  public:
    Node(const json& value, std::string where) : value_(value), where_(std::move(where)) {
        if (!value_.is_object()) throw Broken(where_ + ": an object is expected");
    }
    [[nodiscard]] std::string text(const char* key, const std::string& otherwise = {}) {
        const json* found = find(key);
        if (found == nullptr) return otherwise;
        if (!found->is_string()) throw Broken(at(key) + ": text is expected");
        return found->get<std::string>();
    }
    [[nodiscard]] double number(const char* key, double otherwise, double least, double most) {
        const json* found = find(key);
        if (found == nullptr) return otherwise;
        if (!found->is_number()) throw Broken(at(key) + ": a number is expected");
        const double value = found->get<double>();
        if (value < least || value > most) throw Broken(at(key) + ": out of range");
        return value;
    }
    [[nodiscard]] bool flag(const char* key, bool otherwise = false) {
        const json* found = find(key);
        if (found == nullptr) return otherwise;
        if (!found->is_boolean()) throw Broken(at(key) + ": true or false is expected");
        return found->get<bool>();
    }
    [[nodiscard]] std::vector<Node> nodes(const char* key) {
        std::vector<Node> out;
        const json* found = find(key);
        if (found == nullptr) return out;
        if (!found->is_array()) throw Broken(at(key) + ": a list is expected");
        for (std::size_t i = 0; i < found->size(); ++i) {
            out.emplace_back((*found)[i], at(key) + "[" + std::to_string(i + 1) + "]");
        }
        return out;
    }
    [[nodiscard]] std::set<std::string> names(const char* key) {
        std::set<std::string> out;
        const json* found = find(key);
        if (found == nullptr) return out;
        if (!found->is_array()) throw Broken(at(key) + ": a list is expected");
        for (const json& one : *found) out.insert(one.get<std::string>());
        return out;
    }
    [[nodiscard]] Node child(const char* key) {
        static const json empty = json::object();
        const json* found = find(key);
        return {found == nullptr ? empty : *found, at(key)};
    }
    void done() const {
        for (const auto& [key, unused] : value_.items()) {
            if (!asked_.contains(key)) throw Broken(at(key) + ": not known here");
        }
    }
    [[nodiscard]] std::string at(const std::string& key) const { return where_ + "." + key; }

  private:
    const json* find(const char* key) {
        asked_.insert(key);
        const auto found = value_.find(key);
        return found == value_.end() ? nullptr : &*found;
    }
    const json& value_;
    std::string where_;
    std::set<std::string> asked_;
};

/// Reads placeholders and **bold** of one sentence; `offered` are the names that may stand there.
Template parse_template(const std::string& text, const std::set<std::string>* offered,
                        const std::string& where) {
    Template out;
    std::string plain;
    bool bold = false;
    const auto flush = [&] {
        if (!plain.empty()) out.pieces.push_back({plain, "", "", bold});
        plain.clear();
    };
    for (std::size_t i = 0; i < text.size();) {
        if (text.compare(i, 2, "**") == 0) {
            flush();
            bold = !bold;
            i += 2;
        } else if (text.compare(i, 2, "{{") == 0) {
            flush();
            const auto end = text.find("}}", i);
            if (end == std::string::npos) throw Broken(where + ": {{ without }}");
            std::string name = text.substr(i + 2, end - i - 2), words;
            if (const auto bar = name.find('|'); bar != std::string::npos) {
                words = name.substr(bar + 1);
                name.resize(bar);
            }
            if (offered != nullptr && !offered->contains(name)) {
                throw Broken(where + ": this paper has no value {{" + name + "}}");
            }
            out.pieces.push_back({"", name, words, bold});
            i = end + 2;
        } else {
            plain += text[i++];
        }
    }
    flush();
    return out;
}

pdf::Align parse_align(Node& node, pdf::Align otherwise) {
    const std::string word = node.text("align");
    if (word.empty()) return otherwise;
    if (word == "left") return pdf::Align::Left;
    if (word == "center") return pdf::Align::Center;
    if (word == "right") return pdf::Align::Right;
    if (word == "justify") return pdf::Align::Justify;
    throw Broken(node.at("align") + ": left, center, right or justify");
}

pdf::TextStyle parse_style(Node& node) {
    pdf::TextStyle style;
    style.size_pt = node.number("size", 13, 6, 72);
    style.bold = node.flag("bold");
    style.italic = node.flag("italic");
    style.underline = node.flag("underline");
    style.fixed_width = node.flag("fixed_width");
    style.keep_with_next = node.flag("keep_with_next");
    style.align = parse_align(node, pdf::Align::Left);
    style.line_spacing = node.number("line_spacing", 1.1, 0.8, 3);
    style.indent_first_mm = node.number("indent_first", 0, 0, 60);
    style.indent_mm = node.number("indent", 0, 0, 120);
    style.before_mm = node.number("before", 0, 0, 200);
    style.after_mm = node.number("after", 1.5, 0, 200);
    return style;
}

class Reader {
  public:
    Reader(Layout& layout, const Layout* original) : layout_(layout), original_(original) {}

    void run(Node& root) {
        layout_.about.title = root.text("title");
        layout_.about.source = root.text("source");
        layout_.about.version = root.text("version");
        layout_.about.official_text_read = root.flag("official_text_read");
        if (layout_.about.title.empty()) throw Broken(root.at("title") + ": missing");
        layout_.values = root.names("values");
        layout_.tables = root.names("tables");
        layout_.lists = root.names("lists");
        if (original_ != nullptr) {
            layout_.values = original_->values;
            layout_.tables = original_->tables;
            layout_.lists = original_->lists;
        }
        Node page = root.child("page");
        layout_.page.landscape = page.flag("landscape");
        layout_.page.top_mm = page.number("top", 20, 5, 100);
        layout_.page.bottom_mm = page.number("bottom", 20, 5, 100);
        layout_.page.left_mm = page.number("left", 30, 5, 80);
        layout_.page.right_mm = page.number("right", 15, 5, 80);
        layout_.page.number_pages = page.flag("numbers", true);
        layout_.footer = words(page, "footer");
        page.done();
        Node file = root.child("file");
        layout_.file_title = words(file, "title");
        layout_.file_author = words(file, "author");
        file.done();
        auto nodes = root.nodes("blocks");
        for (Node& node : nodes) {
            layout_.blocks.push_back(block(node));
            node.done();
        }
        if (layout_.blocks.empty()) throw Broken(root.at("blocks") + ": missing");
        root.done();
    }

  private:
    Template words(Node& node, const char* key) {
        return parse_template(node.text(key), &layout_.values, node.at(key));
    }
    std::string name_of(Node& node, const char* key, const std::set<std::string>& offered) {
        std::string name = node.text(key);
        if (!name.empty() && !offered.contains(name)) {
            throw Broken(node.at(key) + ": this paper has no " + name);
        }
        return name;
    }
    TextBlock paragraph(Node& node) {
        TextBlock out;
        out.text = words(node, "text");
        out.style = parse_style(node);
        out.only_if = name_of(node, "if", layout_.values);
        out.unless = name_of(node, "unless", layout_.values);
        return out;
    }
    std::vector<TextBlock> paragraphs(Node& node, const char* key) {
        std::vector<TextBlock> out;
        auto nodes = node.nodes(key);
        for (Node& one : nodes) {
            out.push_back(paragraph(one));
            one.done();
        }
        return out;
    }
    TableBlock table(Node& node) {
        TableBlock out;
        out.rows = name_of(node, "rows", layout_.tables);
        out.table.size_pt = node.number("size", 11, 6, 20);
        out.table.head_size_pt = node.number("head_size", 11, 6, 20);
        out.table.numbers_under_heads = node.flag("numbers_under_heads");
        auto columns = node.nodes("columns");
        for (Node& column : columns) {
            pdf::Column one;
            one.title = column.text("title");
            one.width_mm = column.number("width", 20, 4, 260);
            one.align = parse_align(column, pdf::Align::Left);
            out.table.columns.push_back(one);
            // Values of rows are not checked: a key that a row lacks prints empty.
            out.cells.push_back(parse_template(column.text("value"), nullptr, column.at("value")));
            column.done();
        }
        if (out.table.columns.empty()) throw Broken(node.at("columns") + ": missing");
        return out;
    }
    SideBySide side_by_side(Node& node) {
        SideBySide out;
        auto cells = node.nodes("cells");
        for (Node& cell : cells) {
            SideBySide::Cell one;
            one.share = cell.number("share", 1, 0.05, 20);
            one.rule_under_mm = cell.number("rule_under", 0, -1, 120);
            one.paragraphs = paragraphs(cell, "paragraphs");
            cell.done();
            out.cells.push_back(std::move(one));
        }
        if (out.cells.empty()) throw Broken(node.at("cells") + ": missing");
        return out;
    }
    QrBlock qr(Node& node) {
        QrBlock out;
        out.content = words(node, "value");
        out.side_mm = node.number("side", 30, 15, 120);
        out.only_if = name_of(node, "if", layout_.values);
        out.beside = paragraphs(node, "beside");
        return out;
    }
    Block block(Node& node) {
        const std::string kind = node.text("block", "paragraph");
        if (kind == "paragraph") return paragraph(node);
        if (kind == "side_by_side") return side_by_side(node);
        if (kind == "table") return table(node);
        if (kind == "qr") return qr(node);
        if (kind == "list") {
            ListBlock out;
            out.items = name_of(node, "items", layout_.lists);
            out.numbered = node.flag("numbered", true);
            out.style = parse_style(node);
            return out;
        }
        if (kind == "rule") return RuleBlock{node.number("width", 60, 1, 260)};
        if (kind == "space") return SpaceBlock{node.number("mm", 4, 0, 250)};
        if (kind == "move") return MoveBlock{node.number("mm", 100, 0, 290)};
        if (kind == "fold") return FoldBlock{};
        if (kind == "page") return PageBlock{};
        throw Broken(node.at("block") + ": no such block: " + kind);
    }

    Layout& layout_;
    const Layout* original_;
};

Result<Layout> parse_with(const std::string& name, std::string_view text, const Layout* original) {
    Layout layout;
    layout.about.name = name;
    try {
        const json parsed = json::parse(text);
        Node root(parsed, name);
        Reader{layout, original}.run(root);
        return layout;
    } catch (const std::exception& problem) {
        return fail(ErrorKind::Invalid, "paper.layout_broken", problem.what(), {{"paper", name}});
    }
}

}  // namespace

Result<Layout> Layout::parse(const std::string& name, std::string_view text) {
    return parse_with(name, text, nullptr);
}

Result<Layout> Layout::parse_replacement(const std::string& name, std::string_view text,
                                         const Layout& original) {
    return parse_with(name, text, &original);
}

}  // namespace antin::forms
