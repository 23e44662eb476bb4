#include "sheet/write.hpp"

#include <unistd.h>
#include <xlsxwriter.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

namespace antin::sheet {
namespace {

/// A name of our own in the temporary folder, gone with the object.
class TemporaryFile {
  public:
    TemporaryFile() {
        path_ = (std::filesystem::temp_directory_path() / "antin-sheet-XXXXXX").string();
        const int file = mkstemp(path_.data());
        is_made_ = file >= 0;
        if (is_made_) close(file);
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    ~TemporaryFile() {
        std::error_code ignored;
        if (is_made_) std::filesystem::remove(path_, ignored);
    }
    [[nodiscard]] bool is_made() const { return is_made_; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
    bool is_made_ = false;
};

struct Formats {
    lxw_format* title;
    lxw_format* heading;
    lxw_format* required_heading;
    lxw_format* text;
};

Formats add_formats(lxw_workbook* workbook) {
    const auto heading = [&](bool bold) {
        auto* format = workbook_add_format(workbook);
        format_set_text_wrap(format);
        format_set_border(format, LXW_BORDER_THIN);
        format_set_bg_color(format, 0xF1EEE6);
        format_set_align(format, LXW_ALIGN_VERTICAL_CENTER);
        if (bold) format_set_bold(format);
        return format;
    };
    Formats formats{workbook_add_format(workbook), heading(false), heading(true),
                    workbook_add_format(workbook)};
    format_set_bold(formats.title);
    format_set_num_format_index(formats.text, 49);  // "@": what is typed stays as typed
    return formats;
}

void add_choices(lxw_worksheet* worksheet, const ColumnToWrite& column, lxw_row_t first,
                 lxw_row_t last, lxw_col_t index) {
    if (column.choices.empty() || last < first) return;
    std::vector<std::string> choices = column.choices;  // the library's type is not const
    std::vector<char*> list;
    for (std::string& choice : choices) list.push_back(choice.data());
    list.push_back(nullptr);
    lxw_data_validation validation{};
    validation.validate = LXW_VALIDATION_TYPE_LIST;
    validation.value_list = list.data();
    validation.error_type = LXW_VALIDATION_ERROR_TYPE_INFORMATION;
    worksheet_data_validation_range(worksheet, first, index, last, index, &validation);
}

void fill_sheet(lxw_worksheet* worksheet, const SheetToWrite& sheet, const Formats& formats) {
    lxw_row_t row = 0;
    for (const std::string& title : sheet.titles) {
        worksheet_write_string(worksheet, row++, 0, title.c_str(), formats.title);
    }
    const lxw_row_t heading_row = row;
    const auto last_row =
        static_cast<lxw_row_t>(heading_row + std::max(sheet.rows.size(), sheet.rows_prepared));
    for (std::size_t i = 0; i < sheet.columns.size(); ++i) {
        const auto& column = sheet.columns[i];
        const auto index = static_cast<lxw_col_t>(i);
        worksheet_set_column(worksheet, index, index, column.width, formats.text);
        worksheet_write_string(worksheet, heading_row, index, column.heading.c_str(),
                               column.required ? formats.required_heading : formats.heading);
        if (!column.note.empty()) {
            worksheet_write_comment(worksheet, heading_row, index, column.note.c_str());
        }
        add_choices(worksheet, column, heading_row + 1, last_row, index);
    }
    for (const auto& cells : sheet.rows) {
        ++row;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (cells[i].empty()) continue;
            worksheet_write_string(worksheet, row, static_cast<lxw_col_t>(i), cells[i].c_str(),
                                   formats.text);
        }
    }
    worksheet_freeze_panes(worksheet, heading_row + 1, 0);
    worksheet_set_landscape(worksheet);
    worksheet_fit_to_pages(worksheet, 1, 0);
    worksheet_repeat_rows(worksheet, heading_row, heading_row);
}

std::string quoted(const std::string& cell) {
    std::string out = "\"";
    const bool formula =
        !cell.empty() && std::string_view{"=+-@\t\r"}.find(cell.front()) != std::string_view::npos;
    if (formula) out += '\'';
    for (const char c : cell) {
        out += c;
        if (c == '"') out += '"';
    }
    return out + '"';
}

}  // namespace

Result<std::string> write_xlsx(const SheetToWrite& sheet) {
    const TemporaryFile file;
    if (!file.is_made()) return fail(ErrorKind::Unavailable, "sheet.not_written");
    lxw_workbook* workbook = workbook_new(file.path().c_str());
    if (workbook == nullptr) return fail(ErrorKind::Unavailable, "sheet.not_written");
    const Formats formats = add_formats(workbook);
    fill_sheet(workbook_add_worksheet(workbook, sheet.name.c_str()), sheet, formats);
    if (!sheet.guide.empty()) {
        lxw_worksheet* guide = workbook_add_worksheet(workbook, sheet.guide_name.c_str());
        worksheet_set_column(guide, 0, 0, 100, nullptr);
        for (std::size_t i = 0; i < sheet.guide.size(); ++i) {
            worksheet_write_string(guide, static_cast<lxw_row_t>(i), 0, sheet.guide[i].c_str(),
                                   i == 0 ? formats.title : nullptr);
        }
    }
    const auto status = workbook_close(workbook);
    if (status != LXW_NO_ERROR) {
        return fail(ErrorKind::Unavailable, "sheet.not_written", lxw_strerror(status));
    }
    std::ifstream written{file.path(), std::ios::binary};
    std::ostringstream content;
    content << written.rdbuf();
    return std::move(content).str();
}

std::string write_csv(const SheetToWrite& sheet) {
    std::string out = "\xEF\xBB\xBF";
    const auto line = [&](auto&& cells, auto&& text_of) {
        bool first = true;
        for (const auto& cell : cells) {
            if (!first) out += ';';
            first = false;
            out += quoted(text_of(cell));
        }
        out += "\r\n";
    };
    line(sheet.columns, [](const ColumnToWrite& column) { return column.heading; });
    for (const auto& row : sheet.rows) line(row, [](const std::string& cell) { return cell; });
    return out;
}

}  // namespace antin::sheet
