#include "sheet/read.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "base/text.hpp"
#include "sheet/text_encoding.hpp"
#include "sheet/xlsx_reader.hpp"

namespace antin::sheet {
namespace {

constexpr std::array<char, 4> separators{'\t', ';', ',', '|'};

/// The sign that stands equally often, outside quotes, in most of the first lines: an address full
/// of commas does not make a list of commas. Of two such signs the one that parts more cells; then
/// a tab before ";".
char separator_of(std::string_view text) {
    constexpr std::size_t lines_looked_at = 60;
    std::array<std::map<std::size_t, std::size_t>, separators.size()> lines_with;
    std::array<std::size_t, separators.size()> counts{};
    const auto end_line = [&] {
        for (std::size_t i = 0; i < separators.size(); ++i) {
            if (counts[i] > 0) ++lines_with[i][counts[i]];
        }
        counts.fill(0);
    };
    bool quoted = false;
    std::size_t lines = 0;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '\n' || c == '\r') {
            end_line();
            if (++lines > lines_looked_at) break;
        }
        for (std::size_t i = 0; i < separators.size(); ++i) counts[i] += c == separators[i] ? 1 : 0;
    }
    end_line();
    std::size_t best = 0;
    std::pair<std::size_t, std::size_t> best_score;  // lines, signs in each
    for (std::size_t i = 0; i < separators.size(); ++i) {
        for (const auto& [signs, with] : lines_with[i]) {
            if (std::pair{with, signs} <= best_score) continue;
            best_score = {with, signs};
            best = i;
        }
    }
    return separators[best];
}

/// RFC 4180, with any separator and any end of line.
class TextReader {
  public:
    TextReader(std::string_view text, char separator, const Limits& limits)
        : text_(text), separator_(separator), limits_(limits) {}

    Result<Table> read(std::int64_t first_number) {
        row_.number = first_number;
        std::size_t i = 0;
        while (i < text_.size()) {
            const char c = text_[i];
            if (c == '"' && trim(cell_).empty()) {
                i = take_quoted(i + 1);
                continue;
            }
            if (c == separator_) {
                ANTIN_CHECK(end_cell());
            } else if (c == '\n' || c == '\r') {
                if (c == '\r' && i + 1 < text_.size() && text_[i + 1] == '\n') ++i;
                ANTIN_CHECK(end_row());
            } else {
                cell_ += c;
            }
            ++i;
        }
        ANTIN_CHECK(end_row());
        return std::move(table_);
    }

  private:
    /// From behind the opening quote to behind the closing one.
    std::size_t take_quoted(std::size_t i) {
        cell_.clear();
        for (; i < text_.size(); ++i) {
            if (text_[i] != '"') {
                cell_ += text_[i];
            } else if (i + 1 < text_.size() && text_[i + 1] == '"') {
                cell_ += '"';
                ++i;
            } else {
                return i + 1;
            }
        }
        return i;
    }

    Status end_cell() {
        bytes_ += cell_.size();
        if (bytes_ > limits_.table_bytes_max) {
            return fail(ErrorKind::TooLarge, "sheet.unpacks_too_large", "text");
        }
        if (row_.cells.size() < limits_.columns_max) {
            const bool is_empty = trim(cell_).empty();
            row_.cells.push_back({is_empty ? CellKind::Empty : CellKind::Text,
                                  is_empty ? std::string{} : std::move(cell_)});
        }
        cell_.clear();
        return {};
    }

    Status end_row() {
        ANTIN_CHECK(end_cell());
        const auto number = row_.number;
        if (!row_.empty()) {
            if (table_.rows.size() < limits_.rows_max) {
                table_.rows.push_back(std::move(row_));
            } else {
                if (row_.has_words()) ++table_.rows_beyond;
                bytes_ = 0;
            }
        }
        row_ = Row{number + 1, {}};
        return {};
    }

    std::string_view text_;
    char separator_;
    const Limits& limits_;
    Table table_;
    Row row_;
    std::string cell_;
    std::size_t bytes_ = 0;
};

/// What a file that is no sheet seems to be, by its first bytes; "" when it may be text.
std::string_view kind_of(std::string_view content) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 10> known{{
        {"%PDF", "PDF"},
        {"\x89PNG", "PNG"},
        {"\xFF\xD8\xFF", "JPEG"},
        {"GIF8", "GIF"},
        {"Rar!", "RAR"},
        {"7z\xBC\xAF", "7-Zip"},
        {"\x1F\x8B", "GZIP"},
        {"{\\rtf", "RTF"},
        {"MZ", "EXE"},
        {"\x7F"
         "ELF",
         "ELF"},
    }};
    for (const auto& [start, name] : known) {
        if (content.starts_with(start)) return name;
    }
    const auto start = to_lower(std::string{trim(content.substr(0, 200))});
    if (start.starts_with("<html") || start.starts_with("<!doctype html")) return "HTML";
    if (start.starts_with("<?xml") || start.starts_with("<!doctype")) return "XML";
    return {};
}

tl::unexpected<Error> not_a_sheet(std::string_view kind) {
    return fail(ErrorKind::Invalid, "sheet.not_a_sheet", std::string{kind},
                {{"kind", std::string{kind}}});
}

}  // namespace

Result<Table> read_text(std::string_view given, const Limits& limits) {
    if (given.size() > limits.part_bytes_max) {
        return fail(ErrorKind::TooLarge, "sheet.unpacks_too_large", "text");
    }
    ANTIN_TRY(text, to_utf8(std::string{given}));
    // Control characters no text has: bytes of some other kind of file.
    const auto odd = std::ranges::count_if(text, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' &&
               c != '\v' && c != '\f';
    });
    if (odd > 0 && static_cast<std::size_t>(odd) * 50 > text.size()) return not_a_sheet("?");
    std::string_view content = text;
    char separator = 0;
    std::int64_t first_number = 1;
    // "sep=;" tells spreadsheets which sign parts the cells.
    if (content.starts_with("sep=") && content.size() > 5) {
        separator = content[4];
        const auto end = content.find('\n');
        content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
        first_number = 2;
    }
    if (separator == 0) separator = separator_of(content);
    return TextReader{content, separator, limits}.read(first_number);
}

Result<std::vector<Table>> read(BytesView file, const Limits& limits) {
    if (file.empty()) return fail(ErrorKind::Invalid, "sheet.empty");
    if (file.size() > limits.file_bytes_max) {
        return fail(ErrorKind::TooLarge, "sheet.too_large", {},
                    {{"max_mb", std::to_string(limits.file_bytes_max >> 20)}});
    }
    const auto content = as_text(file);
    if (content.starts_with("PK\x03\x04")) return read_xlsx(file, limits);
    if (content.starts_with("PK")) return not_a_sheet("ZIP");
    if (content.starts_with("\xD0\xCF\x11\xE0")) {
        return fail(ErrorKind::Invalid, "sheet.old_format");
    }
    if (const auto kind = kind_of(content); !kind.empty()) return not_a_sheet(kind);
    ANTIN_TRY(table, read_text(content, limits));
    std::vector<Table> tables;
    tables.push_back(std::move(table));
    if (tables.front().rows.empty()) return fail(ErrorKind::Invalid, "sheet.empty");
    return tables;
}

}  // namespace antin::sheet
