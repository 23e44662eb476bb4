#include "app/read_rows.hpp"

#include <algorithm>
#include <optional>

#include "base/text.hpp"
#include "domain/identifiers.hpp"
#include "sheet/number_format.hpp"
#include "sheet/read.hpp"
#include "sheet/write.hpp"

namespace antin::app {
namespace {

using domain::FieldDefinition;
using domain::FieldKind;
using domain::FormDefinition;

bool is_date(FieldKind kind) {
    return kind == FieldKind::BirthDate || kind == FieldKind::IssueDate;
}

std::vector<sheet::Column> columns_of(const FormDefinition& form,
                                      const std::set<std::string>& shared_keys) {
    std::vector<sheet::Column> columns;
    for (const FieldDefinition& field : form.columns) {
        columns.push_back(
            {field.key, field.headings, field.required && !shared_keys.contains(field.key)});
    }
    return columns;
}

/// Of fields marked one_of, one column is enough, but one there must be.
void require_one_of(const FormDefinition& form, sheet::Headings& headings) {
    const auto present = [&](const std::string& key) {
        return std::ranges::any_of(headings.columns, [&](const sheet::FoundColumn& column) {
            return std::ranges::find(column.keys, key) != column.keys.end();
        });
    };
    std::set<std::string> done;
    for (const FieldDefinition& field : form.columns) {
        if (field.one_of.empty() || !done.insert(field.one_of).second) continue;
        const bool any = std::ranges::any_of(form.columns, [&](const FieldDefinition& other) {
            return other.one_of == field.one_of && present(other.key);
        });
        if (!any) headings.missing.push_back(field.key);
    }
}

/// A date that stands there as a bare number is the spreadsheet's serial day: five digits, the
/// years 1927 to 2173. A shorter number is a year, and the day is missing.
std::string date_text(const sheet::Cell& cell, bool from_1904) {
    const std::string text = clean_text(cell.text);
    const std::string_view whole = std::string_view{text}.substr(0, text.find('.'));
    const bool digits = whole.size() == 5 &&
                        std::ranges::all_of(whole, [](char c) { return c >= '0' && c <= '9'; });
    if (digits && (whole.size() == text.size() || cell.kind == sheet::CellKind::Number)) {
        if (auto date = sheet::date_of_serial(text, from_1904)) return std::move(*date);
    }
    return cell.text;
}

void take_cell(const FormDefinition& form, const sheet::FoundColumn& column,
               const sheet::Cell& cell, bool from_1904, domain::FieldValues& values) {
    if (clean_text(cell.text).empty() && is_valid_utf8(cell.text)) return;
    if (column.keys.size() == 1) {
        const FieldDefinition* field = form.column(column.keys.front());
        values[column.keys.front()] =
            field != nullptr && is_date(field->kind) ? date_text(cell, from_1904) : cell.text;
        return;
    }
    const bool is_identity = column.keys.front() == "personal_id";
    if (is_identity) {
        auto parts = split_identity(cell.text);
        for (const std::string& key : column.keys) {
            std::string& part = key == "personal_id"    ? parts.personal_id
                                : key == "id_issued_on" ? parts.issued_on
                                                        : parts.issued_by;
            if (!part.empty()) values[key] = std::move(part);
        }
        return;
    }
    std::string_view rest = cell.text;
    for (std::size_t i = 0; i < column.keys.size(); ++i) {
        const auto at = i + 1 < column.keys.size() ? rest.find('/') : std::string_view::npos;
        values[column.keys[i]] = std::string{trim(rest.substr(0, at))};
        if (at == std::string_view::npos) break;
        rest.remove_prefix(at + 1);
    }
}

Status check_count(const sheet::Table& table, std::size_t rows, std::size_t rows_max) {
    const auto count = rows + static_cast<std::size_t>(table.rows_beyond);
    if (count <= rows_max) {
        // Titles and names of groups took the room: what lies beyond is not dropped in silence.
        if (table.rows_beyond == 0) return {};
        return fail(ErrorKind::TooLarge, "sheet.too_long", {},
                    {{"max", std::to_string(table.rows.size())}});
    }
    return fail(ErrorKind::TooLarge, "sheet.too_many_rows", {},
                {{"count", std::to_string(count)}, {"max", std::to_string(rows_max)}});
}

bool is_number(std::string_view text) {
    text = trim(text);
    return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

/// The column of running numbers ("STT"), where the list has one and uses it.
std::optional<std::size_t> numbered_column(const sheet::Table& table,
                                           const sheet::Headings& headings) {
    if (headings.row >= headings.first_data_row) return std::nullopt;  // no row of headings
    const sheet::Row& row = table.rows[headings.row];
    for (std::size_t column = 0; column < row.cells.size(); ++column) {
        const auto key = sheet::heading_key(row.text(column));
        const bool is_ignored = std::ranges::any_of(
            domain::ignored_headings(),
            [&](const std::string& heading) { return sheet::heading_key(heading) == key; });
        if (!is_ignored) continue;
        const bool is_used = std::any_of(
            table.rows.begin() + static_cast<std::ptrdiff_t>(headings.first_data_row),
            table.rows.end(), [&](const sheet::Row& one) { return is_number(one.text(column)); });
        if (is_used) return column;
    }
    return std::nullopt;
}

/// The headings once more, as printed lists repeat them on every page.
bool repeats_headings(const sheet::Row& row, const sheet::Row& of_headings,
                      const sheet::Headings& headings) {
    return std::ranges::all_of(headings.columns, [&](const sheet::FoundColumn& column) {
        const std::string& text = row.text(column.index);
        return text.size() <= 300 &&
               sheet::heading_key(text) == sheet::heading_key(of_headings.text(column.index));
    });
}

Result<RowsRead> take_rows(const sheet::Table& table, const sheet::Headings& headings,
                           const FormDefinition& form) {
    if (!headings.missing.empty()) {
        std::string keys;
        for (const std::string& key : headings.missing) keys += (keys.empty() ? "" : ",") + key;
        return fail(ErrorKind::Invalid, "sheet.missing_columns", {}, {{"columns", keys}});
    }
    RowsRead read;
    const auto numbered = numbered_column(table, headings);
    for (std::size_t i = headings.first_data_row; i < table.rows.size(); ++i) {
        const sheet::Row& row = table.rows[i];
        domain::FieldValues values;
        for (const sheet::FoundColumn& column : headings.columns) {
            if (column.index >= row.cells.size()) continue;
            take_cell(form, column, row.cells[column.index], table.from_1904, values);
        }
        // Only a running number or a remark beside the list: not a row of it.
        if (values.empty()) continue;
        if (i > headings.row && headings.row < headings.first_data_row &&
            repeats_headings(row, table.rows[headings.row], headings)) {
            continue;
        }
        if (numbered && values.size() <= 2 && !is_number(row.text(*numbered))) {
            read.passed_over.push_back(row.number);
            continue;
        }
        read.lines.push_back(std::move(values));
        read.numbers.push_back(row.number);
    }
    ANTIN_CHECK(check_count(table, read.lines.size(), form.lines_max));
    if (read.lines.empty()) return fail(ErrorKind::Invalid, "sheet.no_rows");
    return read;
}

/// Cells in the order of the form's columns.
sheet::Headings headings_in_order(const FormDefinition& form) {
    sheet::Headings headings;
    for (std::size_t i = 0; i < form.columns.size(); ++i) {
        headings.columns.push_back({i, {form.columns[i].key}});
    }
    return headings;
}

std::string_view without_separators(std::string_view text) {
    while (!text.empty() && (text.front() == '/' || text.front() == ' ' || text.front() == ',' ||
                             text.front() == ';' || text.front() == '\n' || text.front() == '\r' ||
                             text.front() == '-')) {
        text.remove_prefix(1);
    }
    return trim(text);
}

}  // namespace

IdentityCell split_identity(std::string_view cell) {
    IdentityCell parts;
    const auto first = cell.find_first_of("/;,\n");
    parts.personal_id = trim(cell.substr(0, first));
    if (first == std::string_view::npos) return parts;
    const std::string_view rest = without_separators(cell.substr(first + 1));
    // The day is the longest start of the rest that reads as a date, in figures or words.
    for (std::size_t length = std::min<std::size_t>(rest.size(), 40); length >= 8; --length) {
        if (domain::read_date(rest.substr(0, length))) {
            parts.issued_on = trim(rest.substr(0, length));
            parts.issued_by = without_separators(rest.substr(length));
            return parts;
        }
    }
    const auto second = rest.find_first_of("/;\n");
    parts.issued_on = trim(rest.substr(0, second));
    if (second != std::string_view::npos) {
        parts.issued_by = without_separators(rest.substr(second + 1));
    }
    return parts;
}

Result<RowsRead> read_rows(BytesView file, const FormDefinition& form,
                           const std::set<std::string>& shared_keys) {
    ANTIN_TRY(tables, sheet::read(file));
    ANTIN_TRY(found, sheet::find_table(tables, columns_of(form, shared_keys)));
    require_one_of(form, found.headings);
    ANTIN_TRY(rows, take_rows(tables[found.index], found.headings, form));
    rows.worksheets = std::move(found.worksheets);
    return rows;
}

Result<RowsRead> read_pasted_rows(std::string_view text, const FormDefinition& form,
                                  const std::set<std::string>& shared_keys) {
    ANTIN_TRY(table, sheet::read_text(text));
    auto headings = sheet::find_headings(table, columns_of(form, shared_keys));
    if (headings) {
        // A pasted block may leave columns out: what is missing shows beside the cells.
        headings->missing.clear();
        return take_rows(table, *headings, form);
    }
    return take_rows(table, headings_in_order(form), form);
}

Result<std::string> rows_template(const FormDefinition& form, const TemplateTexts& texts) {
    sheet::SheetToWrite sheet;
    sheet.name = texts.sheet_name;
    if (!texts.title.empty()) sheet.titles.push_back(texts.title);
    sheet.guide_name = texts.guide_name;
    sheet.guide = texts.guide;
    sheet.rows_prepared = 300;
    for (const FieldDefinition& field : form.columns) {
        sheet::ColumnToWrite column;
        column.heading = field.headings.empty() ? field.key : field.headings.front();
        column.required = field.required;
        column.width = field.length_max >= 200 ? 28 : 18;
        if (field.kind == FieldKind::SimChoice) {
            column.choices = {"Viettel",      "Viettel/cs", "Vinaphone",
                              "Vinaphone/cs", "Mobifone",   "Mobifone/cs"};
        }
        sheet.columns.push_back(std::move(column));
    }
    if (!texts.example.empty()) sheet.rows.push_back(texts.example);
    return sheet::write_xlsx(sheet);
}

}  // namespace antin::app
