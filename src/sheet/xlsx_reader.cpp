#include "sheet/xlsx_reader.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "sheet/number_format.hpp"
#include "sheet/xlsx_parts.hpp"
#include "sheet/xml_scanner.hpp"

namespace antin::sheet {
namespace {

using Event = XmlScanner::Event;

tl::unexpected<Error> failure_of(Event event, const std::string& part) {
    return fail(ErrorKind::Invalid, event == Event::Dtd ? "sheet.dtd" : "sheet.broken", part);
}

/// Calls `visit(scanner, event)` for every event of a part, until its end.
template <class Visit>
Status walk(const std::string& xml, const std::string& part, Visit&& visit) {
    XmlScanner scanner{xml};
    for (;;) {
        const Event event = scanner.next();
        if (event == Event::End) return {};
        if (event == Event::Broken || event == Event::Dtd) return failure_of(event, part);
        ANTIN_CHECK(visit(scanner, event));
    }
}

int number_or(std::string_view text, int otherwise) {
    int value = otherwise;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

struct SheetEntry {
    std::string name;
    std::string relation;
};
struct Workbook {
    std::vector<SheetEntry> sheets;
    bool from_1904 = false;
};

Result<Workbook> read_workbook(const XlsxParts& parts, const std::string& part,
                               const Limits& limits) {
    ANTIN_TRY(xml, parts.text(part));
    Workbook workbook;
    ANTIN_CHECK(walk(xml, "workbook", [&](const XmlScanner& scanner, Event event) -> Status {
        if (event != Event::Open) return {};
        if (scanner.name() == "workbookPr") {
            const auto flag = scanner.attribute("date1904");
            workbook.from_1904 = flag == "1" || flag == "true";
        }
        const bool visible = scanner.name() == "sheet" && (scanner.attribute("state").empty() ||
                                                           scanner.attribute("state") == "visible");
        if (visible && workbook.sheets.size() < limits.sheets_named_max) {
            workbook.sheets.push_back({scanner.attribute("name"), scanner.attribute("id")});
        }
        return {};
    }));
    return workbook;
}

/// What a part names as belonging to it: by id, and by the last word of the type.
struct Relations {
    std::map<std::string, std::string> by_id;
    std::map<std::string, std::string, std::less<>> by_type;

    [[nodiscard]] std::string of_type(std::string_view type, std::string otherwise) const {
        const auto found = by_type.find(type);
        return found == by_type.end() ? otherwise : found->second;
    }
};

/// Of the part `name` in `folder` ("xl/"); both empty: of the whole file.
Result<Relations> read_relations(const XlsxParts& parts, const std::string& folder,
                                 const std::string& name) {
    ANTIN_TRY(xml, parts.text(folder + "_rels/" + name + ".rels"));
    Relations relations;
    ANTIN_CHECK(walk(xml, "relations", [&](const XmlScanner& scanner, Event event) -> Status {
        if (event != Event::Open || scanner.name() != "Relationship") return {};
        if (scanner.attribute("TargetMode") == "External") return {};  // never followed
        std::string target = scanner.attribute("Target");
        if (target.starts_with("./")) target.erase(0, 2);
        target = target.starts_with('/') ? target.substr(1) : folder + target;
        const std::string type = scanner.attribute("Type");
        relations.by_type.try_emplace(type.substr(type.rfind('/') + 1), target);
        relations.by_id[scanner.attribute("Id")] = std::move(target);
        return {};
    }));
    return relations;
}

Result<std::vector<NumberFormat>> read_styles(const XlsxParts& parts, const std::string& part) {
    ANTIN_TRY(xml, parts.text(part));
    std::map<int, NumberFormat> own;
    std::vector<NumberFormat> styles;
    bool in_cell_styles = false;
    ANTIN_CHECK(walk(xml, "styles", [&](const XmlScanner& scanner, Event event) -> Status {
        if (scanner.name() == "cellXfs") in_cell_styles = event == Event::Open;
        if (event != Event::Open) return {};
        if (scanner.name() == "numFmt") {
            own[number_or(scanner.attribute("numFmtId"), -1)] =
                format_of_code(scanner.attribute("formatCode"));
        } else if (scanner.name() == "xf" && in_cell_styles && styles.size() < 100000) {
            const int id = number_or(scanner.attribute("numFmtId"), 0);
            const auto known = own.find(id);
            styles.push_back(known != own.end() ? known->second : built_in_format(id));
        }
        return {};
    }));
    return styles;
}

/// "_x000D_" stands for a character in strings of spreadsheets, nearly always a control character.
std::string without_escapes(std::string_view text) {
    std::string out;
    for (;;) {
        const auto at = text.find("_x");
        out.append(text.substr(0, at));
        if (at == std::string_view::npos) return out;
        text.remove_prefix(at);
        unsigned value = 0;
        const auto digits = text.substr(2, 4);
        const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        const bool is_escape = digits.size() == 4 && read.ec == std::errc{} &&
                               read.ptr == digits.data() + 4 && text.substr(6, 1) == "_";
        if (is_escape) {
            out += value >= 0x20 && value < 0x7F ? static_cast<char>(value) : ' ';
        } else {
            out += "_x";
        }
        text.remove_prefix(is_escape ? 7 : 2);
    }
}

/// The texts that cells refer to, end to end in one string.
class SharedStrings {
  public:
    Status read(const XlsxParts& parts, const std::string& part) {
        ANTIN_TRY(xml, parts.text(part));
        texts_.reserve(xml.size());
        int phonetic = 0;
        bool in_text = false;
        return walk(xml, "sharedStrings", [&](const XmlScanner& scanner, Event event) -> Status {
            const auto name = event == Event::Text ? std::string_view{} : scanner.name();
            if (event == Event::Text) {
                if (in_text && phonetic == 0) texts_ += scanner.text();
            } else if (name == "rPh") {
                phonetic += event == Event::Open ? 1 : -1;
            } else if (name == "t") {
                in_text = event == Event::Open;
            } else if (name == "si" && event == Event::Close) {
                ends_.push_back(texts_.size());
            }
            return {};
        });
    }
    [[nodiscard]] std::string_view at(std::size_t index) const {
        if (index >= ends_.size()) return {};
        const std::size_t start = index == 0 ? 0 : ends_[index - 1];
        return std::string_view{texts_}.substr(start, ends_[index] - start);
    }

  private:
    std::string texts_;
    std::vector<std::size_t> ends_;
};

struct CellReference {
    std::size_t column = 0;
    std::int64_t row = 0;
};
std::optional<CellReference> read_reference(std::string_view text) {
    std::size_t column = 0;
    std::size_t i = 0;
    for (; i < text.size() && text[i] >= 'A' && text[i] <= 'Z' && i < 4; ++i) {
        column = column * 26 + static_cast<std::size_t>(text[i] - 'A' + 1);
    }
    std::int64_t row = 0;
    const auto digits = text.substr(i);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), row);
    if (column == 0 || digits.empty() || read.ec != std::errc{} || row < 1) return std::nullopt;
    return CellReference{column - 1, row};
}

/// Reads one worksheet; rows beyond the limit are counted only, rows without text vanish.
class SheetReader {
  public:
    /// `bytes` counts what all worksheets together keep.
    SheetReader(const Workbook& workbook, const std::vector<NumberFormat>& styles,
                const SharedStrings& strings, const Limits& limits, std::size_t& bytes)
        : workbook_(workbook), styles_(styles), strings_(strings), limits_(limits), bytes_(bytes) {}

    Result<Table> read(const std::string& xml, const std::string& part) {
        ANTIN_CHECK(walk(xml, part, [&](const XmlScanner& scanner, Event event) -> Status {
            if (event == Event::Open) return open(scanner);
            if (event == Event::Close) return close(scanner);
            if (collecting_) value_ += scanner.text();
            return {};
        }));
        fill_merged();
        table_.from_1904 = workbook_.from_1904;
        return std::move(table_);
    }

  private:
    Status open(const XmlScanner& scanner) {
        const auto name = scanner.name();
        if (name == "c") {
            const auto reference = read_reference(scanner.attribute("r"));
            column_ = reference ? reference->column : next_column_;
            next_column_ = column_ + 1;
            type_ = scanner.attribute("t");
            style_ = static_cast<std::size_t>(number_or(scanner.attribute("s"), 0));
            value_.clear();
        } else if (name == "v" || name == "t") {
            collecting_ = phonetic_ == 0;
        } else if (name == "rPh") {
            ++phonetic_;
        } else if (name == "row") {
            const int given = number_or(scanner.attribute("r"), 0);
            row_ = Row{given > 0 ? given : last_number_ + 1, {}};
            last_number_ = row_.number;
            next_column_ = 0;
        } else if (name == "mergeCell") {
            remember_merge(scanner.attribute("ref"));
        }
        return {};
    }

    Status close(const XmlScanner& scanner) {
        const auto name = scanner.name();
        if (name == "v" || name == "t") {
            collecting_ = false;
        } else if (name == "rPh") {
            --phonetic_;
        } else if (name == "c") {
            return finish_cell();
        } else if (name == "row") {
            if (row_.empty()) return {};
            if (table_.rows.size() < limits_.rows_max) {
                table_.rows.push_back(std::move(row_));
            } else if (row_.has_words()) {
                ++table_.rows_beyond;
            }
            row_ = {};
        }
        return {};
    }

    Status finish_cell() {
        if (value_.empty() || column_ >= limits_.columns_max) return {};
        // A row that is only counted costs nothing, whatever its cells refer to.
        const bool is_kept = table_.rows.size() < limits_.rows_max;
        Cell cell = is_kept ? read_cell() : glance_at_cell();
        bytes_ += is_kept ? cell.text.size() : 0;
        if (bytes_ > limits_.table_bytes_max) {
            return fail(ErrorKind::TooLarge, "sheet.unpacks_too_large", "cells");
        }
        if (trim(cell.text).empty()) return {};
        if (row_.cells.size() <= column_) row_.cells.resize(column_ + 1);
        row_.cells[column_] = std::move(cell);
        return {};
    }

    /// Never more of it than may be kept at all: finish_cell() says no to what was cut.
    [[nodiscard]] std::string_view shared_text(std::size_t index) const {
        return strings_.at(index).substr(0, limits_.table_bytes_max + 1);
    }

    /// Whether there is a word or a number, and no more than that.
    [[nodiscard]] Cell glance_at_cell() const {
        constexpr std::size_t looked_at = 64;
        if (type_ == "s") {
            const auto index = static_cast<std::size_t>(std::max(number_or(trim(value_), 0), 0));
            const auto start = trim(strings_.at(index).substr(0, looked_at));
            return start.empty() ? Cell{} : Cell{CellKind::Text, "+"};
        }
        const bool is_text = type_ == "str" || type_ == "inlineStr";
        return {is_text ? CellKind::Text : CellKind::Number, "+"};
    }

    Cell read_cell() {
        if (type_ == "s") {
            const int index = number_or(trim(value_), -1);
            if (index < 0) return {};
            return {CellKind::Text, without_escapes(shared_text(static_cast<std::size_t>(index)))};
        }
        if (type_ == "b") return {CellKind::Text, value_ == "1" ? "TRUE" : "FALSE"};
        if (type_ == "d") return {CellKind::Date, value_.substr(0, 10)};
        if (type_ == "str" || type_ == "inlineStr" || type_ == "e") {
            return {CellKind::Text, without_escapes(value_)};
        }
        const NumberFormat format = style_ < styles_.size() ? styles_[style_] : NumberFormat{};
        if (format.is_date) {
            if (auto date = date_of_serial(trim(value_), workbook_.from_1904)) {
                return {CellKind::Date, std::move(*date)};
            }
        }
        return {CellKind::Number, number_text(trim(value_), format.zeros)};
    }

    void remember_merge(const std::string& range) {
        const auto colon = range.find(':');
        if (colon == std::string::npos || merges_.size() >= 5000) return;
        const auto first = read_reference(std::string_view{range}.substr(0, colon));
        const auto last = read_reference(std::string_view{range}.substr(colon + 1));
        if (first && last && last->row > first->row) merges_.push_back({*first, *last});
    }

    /// A value merged over several rows counts for each row that has something else of its own.
    void fill_merged() {
        for (const auto& [first, last] : merges_) {
            auto row = std::ranges::lower_bound(table_.rows, first.row, {}, &Row::number);
            if (row == table_.rows.end() || row->number != first.row) continue;
            if (first.column >= row->cells.size()) continue;
            const Cell cell = row->cells[first.column];
            if (cell.text.empty()) continue;
            for (++row; row != table_.rows.end() && row->number <= last.row; ++row) {
                if (row->cells.size() <= first.column) row->cells.resize(first.column + 1);
                bytes_ += cell.text.size();
                if (bytes_ > limits_.table_bytes_max) return;
                if (row->cells[first.column].text.empty()) row->cells[first.column] = cell;
            }
        }
    }

    const Workbook& workbook_;
    const std::vector<NumberFormat>& styles_;
    const SharedStrings& strings_;
    const Limits& limits_;
    Table table_;
    Row row_;
    std::int64_t last_number_ = 0;
    std::size_t next_column_ = 0;
    std::size_t column_ = 0;
    std::size_t style_ = 0;
    std::string type_;
    std::string value_;
    bool collecting_ = false;
    int phonetic_ = 0;
    std::size_t& bytes_;
    std::vector<std::pair<CellReference, CellReference>> merges_;
};

/// What else the zip container is, for the sentence that refuses it.
std::string kind_of(const XlsxParts& parts) {
    if (parts.has("word/document.xml")) return "DOCX";
    if (parts.has("ppt/presentation.xml")) return "PPTX";
    if (parts.has("xl/workbook.bin")) return "XLSB";
    if (parts.has("content.xml")) return "ODS";
    return "ZIP";
}

}  // namespace

Result<std::vector<Table>> read_xlsx(BytesView file, const Limits& limits) {
    ANTIN_TRY(parts, XlsxParts::open(file, limits));
    ANTIN_TRY(of_file, read_relations(parts, "", ""));
    const std::string main = of_file.of_type("officeDocument", "xl/workbook.xml");
    const auto slash = main.rfind('/') + 1;  // 0 where there is none
    const std::string folder = main.substr(0, slash);
    if (!parts.has(main) || kind_of(parts) != "ZIP") {
        return fail(ErrorKind::Invalid, "sheet.not_a_sheet", "zip without workbook",
                    {{"kind", kind_of(parts)}});
    }
    ANTIN_TRY(workbook, read_workbook(parts, main, limits));
    ANTIN_TRY(relations, read_relations(parts, folder, main.substr(slash)));
    ANTIN_TRY(styles, read_styles(parts, relations.of_type("styles", folder + "styles.xml")));
    SharedStrings strings;
    ANTIN_CHECK(
        strings.read(parts, relations.of_type("sharedStrings", folder + "sharedStrings.xml")));
    if (workbook.sheets.empty()) return fail(ErrorKind::Invalid, "sheet.empty", "none is visible");
    std::vector<Table> tables, unread;
    std::size_t bytes = 0;
    for (const SheetEntry& entry : workbook.sheets) {
        if (tables.size() == limits.sheets_max) {
            unread.push_back({.name = entry.name, .unread = true});
            continue;
        }
        const auto part = relations.by_id.find(entry.relation);
        if (part == relations.by_id.end() || !parts.has(part->second)) continue;
        ANTIN_TRY(xml, parts.text(part->second));
        ANTIN_TRY(table,
                  SheetReader(workbook, styles, strings, limits, bytes).read(xml, part->second));
        table.name = entry.name;
        tables.push_back(std::move(table));
    }
    if (tables.empty()) return fail(ErrorKind::Invalid, "sheet.broken", "no worksheet");
    tables.insert(tables.end(), unread.begin(), unread.end());
    return tables;
}

}  // namespace antin::sheet
