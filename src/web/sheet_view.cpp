#include "web/sheet_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/random.hpp"
#include "web/components.hpp"
#include "web/finding_text.hpp"

namespace antin::web {
namespace {

using domain::FieldDefinition;
using domain::FieldKind;
using Columns = std::vector<const FieldDefinition*>;

constexpr std::size_t summary_items_max = 6;  // sentences, each with the way to at most
constexpr std::size_t summary_rows_max = 15;  // so many rows

std::string cell_id(std::int64_t line_id, std::string_view key) {
    return fmt::format("o-{}-{}", line_id, key);
}

std::string in_sentence(std::string_view key, Language language) {
    const std::string name = fmt::format("field_in_sentence.{}", key);
    return html::has_text(language, name) ? html::text(language, name) : std::string{key};
}

std::string column_heading(std::string_view key, Language language) {
    const std::string name = fmt::format("sheet.column.{}", key);
    return html::has_text(language, name) ? html::text(language, name) : field_label(key, language);
}

std::string column_note(std::string_view key, Language language) {
    const std::string name = fmt::format("sheet.column_note.{}", key);
    return html::has_text(language, name) ? html::text(language, name) : "";
}

/// Where the key lives, as the sheet offers it: the dossier's own carrier, or a SIM.
Json carrier_options(domain::Carrier carrier, const std::string& value, Language language) {
    Json out = Json::array();
    bool known = false;
    const auto add = [&](std::string code, std::string words) {
        const bool selected = code == value;
        known = known || selected;
        out.push_back(
            {{"value", std::move(code)}, {"text", std::move(words)}, {"selected", selected}});
    };
    if (carrier == domain::Carrier::SimPki)
        add("", html::text(language, "sheet.sim_choose"));
    else
        add("", html::text(language, fmt::format("carrier.{}", domain::to_text(carrier))));
    for (const std::string_view name : {"Viettel", "Vinaphone", "Mobifone"}) {
        add(std::string{name},
            html::text(language, "sheet.sim_new", {{"name", std::string{name}}}));
        add(fmt::format("{}/cs", name),
            html::text(language, "sheet.sim_keep", {{"name", std::string{name}}}));
    }
    if (!known) out.push_back({{"value", value}, {"text", value}, {"selected", true}});
    return out;
}

struct RowToShow {
    std::int64_t line_id = 0;
    std::int64_t number = 0;
    std::int64_t version = 0;
    std::string prefix;      // of the names of its inputs: "r12." or "n1."
    std::string client_key;  // of a new row
    const domain::LineFindings* findings = nullptr;
    const app::RowConflict* conflict = nullptr;
    const app::SheetRow* typed = nullptr;  // sent and not saved
    std::string note;                      // about the whole row
    std::vector<std::string> values;       // in the order of the columns
};

/// What stands beside a cell that was refused; "" when it was not.
std::string refusal(const app::SheetRow* typed, const std::string& key, Language language) {
    if (typed == nullptr) return {};
    const auto found = typed->typed.find(key);
    if (found == typed->typed.end()) return {};
    const auto good = app::check_cell(found->second);
    return good ? "" : html::text(language, "sheet.refused." + good.error().code);
}

/// As typed, so that it can be shortened there; broken text cannot be shown.
std::string kept_value(const std::string& value) {
    const auto good = app::check_cell(value);
    return !good && good.error().kind == ErrorKind::Invalid ? "" : value;
}

/// Puts what was typed in the place of what is stored.
void keep_typed(RowToShow& row, const domain::FieldValues& typed, const Columns& columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const auto mine = typed.find(columns[i]->key);
        if (mine != typed.end()) row.values[i] = kept_value(mine->second);
    }
}

std::vector<const domain::Finding*> of_field(const std::vector<domain::Finding>& all,
                                             std::string_view key) {
    std::vector<const domain::Finding*> out;
    for (const auto& finding : all) {
        if (finding.field == key) out.push_back(&finding);
    }
    return out;
}

Json say(const std::string& id, std::string_view tone, std::string_view shape, std::string words,
         std::size_t before, std::size_t columns) {
    return {{"say_id", id},
            {"tone", tone},
            {"shape", shape},
            {"sentence", std::move(words)},
            {"before", before == 0 ? "" : std::to_string(before)},
            {"rest", std::to_string(columns - before)}};
}

std::string conflict_words(const app::RowConflict& conflict, const FieldDefinition& field,
                           Language language) {
    const auto theirs = conflict.theirs.find(field.key);
    std::string value = theirs == conflict.theirs.end() ? "" : theirs->second;
    if (value.empty()) value = html::text(language, "sheet.empty_value");
    return html::text(language, "sheet.conflict_cell",
                      {{"who", conflict.who},
                       {"when", time_of_day(conflict.when, language)},
                       {"value", shown_value(field, value)}});
}

bool differs(const app::RowConflict& conflict, const std::string& key) {
    const auto mine = conflict.mine.find(key);
    if (mine == conflict.mine.end()) return false;
    const auto theirs = conflict.theirs.find(key);
    return theirs == conflict.theirs.end() ? !mine->second.empty() : mine->second != theirs->second;
}

domain::FieldValues shown_cells(const RowToShow& row, const Columns& columns) {
    domain::FieldValues cells;
    for (std::size_t i = 0; i < columns.size(); ++i) cells[columns[i]->key] = row.values[i];
    return cells;
}

Json row_view(const RowToShow& row, const Columns& columns, domain::Carrier carrier,
              Language language) {
    Json cells = Json::array();
    Json says = Json::array();
    bool wrong = false;
    for (std::size_t i = 0; i < columns.size(); ++i) {
        const FieldDefinition& field = *columns[i];
        const std::string id = cell_id(row.line_id, field.key);
        const std::string own = row.line_id == 0 ? row.prefix + field.key : id;
        std::string described;
        bool cell_wrong = false;
        if (row.findings != nullptr) {
            for (const auto* defect : of_field(row.findings->defects, field.key)) {
                described = own + "-loi";
                cell_wrong = true;
                says.push_back(say(described, "wrong", "triangle", finding_text(*defect, language),
                                   i, columns.size()));
            }
            for (const auto* warning : of_field(row.findings->warnings, field.key)) {
                says.push_back(say(own + "-chu-y", "warning", "info",
                                   finding_text(*warning, language), i, columns.size()));
                if (described.empty()) described = own + "-chu-y";
            }
        }
        if (auto sentence = refusal(row.typed, field.key, language); !sentence.empty()) {
            described = own + "-loi";
            cell_wrong = true;
            says.push_back(
                say(described, "wrong", "triangle", std::move(sentence), i, columns.size()));
        }
        const bool clash = row.conflict != nullptr && differs(*row.conflict, field.key);
        if (clash) {
            says.push_back(say(own + "-khac", "held", "swap",
                               conflict_words(*row.conflict, field, language), i, columns.size()));
            described = own + "-khac";
        }
        wrong = wrong || cell_wrong;
        const bool is_select = field.kind == FieldKind::SimChoice;
        cells.push_back(
            {{"id", own},
             {"name", row.prefix + field.key},
             {"key", field.key},
             {"label", row.number > 0 ? html::text(language, "sheet.cell_label",
                                                   {{"row", std::to_string(row.number)},
                                                    {"field", in_sentence(field.key, language)}})
                                      : html::text(language, "sheet.cell_label_new",
                                                   {{"field", in_sentence(field.key, language)}})},
             {"short_label", column_heading(field.key, language)},
             {"value", row.values[i]},
             {"wrong", cell_wrong},
             {"clash", clash},
             {"described", described},
             {"first", i == 0},
             {"second", field.key == "position" || field.key == "domain_name"},
             {"own", field.shareable && !row.values[i].empty()},
             {"is_select", is_select},
             {"options",
              is_select ? carrier_options(carrier, row.values[i], language) : Json::array()}});
    }
    if (!row.note.empty()) {
        says.push_back(say(row.prefix + "ghi-chu", "held", "swap", row.note, 0, columns.size()));
    }
    // Defects of values that are shared, or of the whole row, stand under its first cell.
    if (row.findings != nullptr) {
        for (const auto& defect : row.findings->defects) {
            const bool has_cell = std::ranges::any_of(
                columns, [&](const auto* field) { return field->key == defect.field; });
            if (has_cell) continue;
            wrong = true;
            says.push_back(say(fmt::format("o-{}-dong-{}", row.line_id, defect.field), "wrong",
                               "triangle", finding_text(defect, language), 0, columns.size()));
        }
    }
    return {{"row_prefix", row.prefix},
            {"row_number", row.number > 0 ? std::to_string(row.number) : ""},
            {"row_link", row.number > 0},
            {"line_id", std::to_string(row.line_id)},
            {"row_version", std::to_string(row.version)},
            {"row_key", row.client_key},
            {"row_mark", row.line_id == 0 ? "" : mark_of(shown_cells(row, columns))},
            {"row_wrong", wrong},
            {"cells", std::move(cells)},
            {"says", std::move(says)}};
}

RowToShow stored_row(const store::DossierLine& line, const domain::LineFindings& findings,
                     const SheetLook& look, const Columns& columns) {
    RowToShow row;
    row.line_id = line.id;
    row.number = line.number;
    row.version = line.version;
    row.prefix = fmt::format("r{}.", line.id);
    row.findings = &findings;
    for (const auto& conflict : look.conflicts) {
        if (conflict.line_id == line.id) row.conflict = &conflict;
    }
    for (const auto& typed : look.typed) {
        if (typed.line_id == line.id) row.typed = &typed;
    }
    for (const auto* field : columns) row.values.push_back(cell_text(line, *field));
    // Under the version that the person has seen, not under one that came a moment later.
    if (row.conflict != nullptr) {
        keep_typed(row, row.conflict->mine, columns);
        row.version = row.conflict->version;
    } else if (row.typed != nullptr) {
        keep_typed(row, row.typed->typed, columns);
        row.version = row.typed->version;
    }
    return row;
}

bool is_sent(const SheetLook& look, std::int64_t line_id) {
    return std::ranges::find(look.typed, line_id, &app::SheetRow::line_id) != look.typed.end() ||
           std::ranges::find(look.conflicts, line_id, &app::RowConflict::line_id) !=
               look.conflicts.end();
}

struct Shown {
    std::vector<std::size_t> lines;  // indexes
    int pages = 1;
    int page = 1;
};

Shown choose(const app::CheckedDossier& checked, const SheetLook& look) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < checked.lines.size(); ++i) {
        if (!look.only_wrong || !checked.findings.lines[i].defects.empty()) all.push_back(i);
    }
    Shown out;
    const int count = static_cast<int>(all.size());
    out.pages = std::max(1, (count + sheet_rows_per_page - 1) / sheet_rows_per_page);
    out.page = std::clamp(look.page, 1, out.pages);
    const int from = (out.page - 1) * sheet_rows_per_page;
    const int until = std::min(count, from + sheet_rows_per_page);
    for (int i = from; i < until; ++i) out.lines.push_back(all[static_cast<std::size_t>(i)]);
    // What could not be saved is shown wherever its row stands by now.
    for (std::size_t i = 0; i < checked.lines.size(); ++i) {
        const bool is_unsaved = is_sent(look, checked.lines[i].id);
        if (is_unsaved && std::ranges::find(out.lines, i) == out.lines.end()) {
            out.lines.push_back(i);
        }
    }
    std::ranges::sort(out.lines);
    return out;
}

bool has_words(const domain::FieldValues& values) {
    return std::ranges::any_of(values, [](const auto& item) { return !item.second.empty(); });
}

/// New rows that were sent and not saved, and those that somebody else took out meanwhile: saved,
/// they are rows again.
std::vector<RowToShow> unsaved_rows(const app::CheckedDossier& checked, const SheetLook& look,
                                    const Columns& columns, Language language) {
    std::vector<RowToShow> rows;
    const auto add = [&](const domain::FieldValues& values) -> RowToShow& {
        auto& row = rows.emplace_back();
        row.prefix = fmt::format("n{}.", rows.size());
        row.client_key = random_token(9);
        row.values.assign(columns.size(), "");
        keep_typed(row, values, columns);
        return row;
    };
    for (const auto& typed : look.typed) {
        const bool is_stored = std::ranges::find(checked.lines, typed.line_id,
                                                 &store::DossierLine::id) != checked.lines.end();
        if (is_stored || !has_words(typed.typed)) continue;
        auto& row = add(typed.typed);
        if (typed.line_id != 0) row.note = html::text(language, "sheet.row_removed");
        row.typed = &typed;
        if (!typed.client_key.empty()) row.client_key = typed.client_key;
    }
    for (const auto& conflict : look.conflicts) {
        if (conflict.removed) add(conflict.mine).note = html::text(language, "sheet.row_removed");
    }
    return rows;
}

Json new_rows(const app::CheckedDossier& checked, const SheetLook& look, const Columns& columns,
              bool blank, Language language) {
    Json out = Json::array();
    const auto carrier = checked.dossier.carrier;
    const auto unsaved = unsaved_rows(checked, look, columns, language);
    for (const auto& row : unsaved) out.push_back(row_view(row, columns, carrier, language));
    for (int i = 1; blank && i <= look.blank_rows; ++i) {
        RowToShow row;
        row.prefix = fmt::format("n{}.", std::ssize(unsaved) + i);
        row.client_key = random_token(9);
        row.values.assign(columns.size(), "");
        out.push_back(row_view(row, columns, carrier, language));
    }
    return out;
}

std::string shared_value(const app::CheckedDossier& checked, const std::string& key) {
    const auto found = checked.dossier.shared_values.find(key);
    return found == checked.dossier.shared_values.end() ? std::string{} : found->second;
}

std::string own_value(const store::DossierLine& line, const FieldDefinition& field) {
    const auto read = line.values.find(field.key);
    if (read != line.values.end() && !read->second.empty()) return read->second;
    return cell_text(line, field);
}

/// Whether a row says something else than all others. The paper prints the row's own value, so it
/// has to be seen.
bool any_row_differs(const app::CheckedDossier& checked, const FieldDefinition& field) {
    if (checked.lines.empty()) return false;
    const auto shared = shared_value(checked, field.key);
    const auto usual = shared.empty() ? own_value(checked.lines.front(), field) : shared;
    return std::ranges::any_of(checked.lines, [&](const store::DossierLine& line) {
        const auto own = own_value(line, field);
        return own != usual && (shared.empty() || !own.empty());
    });
}

/// What all rows say, typed once above the sheet or by each of them.
std::string common_value(const app::CheckedDossier& checked, const FieldDefinition& field) {
    auto shared = shared_value(checked, field.key);
    if (!shared.empty() || checked.lines.empty() || any_row_differs(checked, field)) return shared;
    return own_value(checked.lines.front(), field);
}

std::string shared_words(const app::CheckedDossier& checked, Language language) {
    std::string out;
    for (const auto& field : checked.form->columns) {
        if (!field.shareable) continue;
        const auto value = common_value(checked, field);
        if (value.empty()) continue;
        if (!out.empty()) out += " · ";
        out += html::text(language, "sheet.shared_" + field.key, {{"value", value}});
    }
    return out.empty() ? html::text(language, "sheet.shared_none") : out;
}

Json shared_fields(const app::CheckedDossier& checked, Language language) {
    Json out = Json::array();
    for (const auto& definition : checked.form->columns) {
        if (!definition.shareable) continue;
        Field shared;
        shared.id = "chung-" + definition.key;
        shared.name = "c." + definition.key;
        shared.label = field_label(definition.key, language);
        shared.maxlength = static_cast<int>(definition.length_max);
        shared.value = shared_value(checked, definition.key);
        out.push_back(field(shared));
    }
    return out;
}

/// Rows with the same defect: the sentence once, and the way to each of them.
struct SameDefect {
    std::string sentence;
    std::vector<std::string> hrefs;
    std::vector<std::int64_t> numbers;
    std::string first_name;
};

void add_defect(std::vector<SameDefect>& groups, const app::CheckedDossier& checked,
                std::size_t index, const domain::Finding& defect, const LinesOnPage& on_page,
                const Columns& columns, Language language) {
    const auto& line = checked.lines[index];
    const bool has_cell =
        on_page.contains(line.id) &&
        std::ranges::any_of(columns, [&](const auto* field) { return field->key == defect.field; });
    const std::string sentence = finding_text(defect, language);
    auto group = std::ranges::find(groups, sentence, &SameDefect::sentence);
    if (group == groups.end()) {
        groups.push_back({sentence, {}, {}, line.name});
        group = std::prev(groups.end());
    }
    group->hrefs.push_back(has_cell ? "#" + cell_id(line.id, defect.field)
                                    : fmt::format("dong/{}", line.number));
    group->numbers.push_back(line.number);
}

Json summary_item(const SameDefect& group, std::size_t& linked, Language language) {
    Json rows = Json::array();
    if (group.hrefs.size() == 1) {
        ++linked;
        return {
            {"href", group.hrefs.front()},
            {"text", html::text(language,
                                group.first_name.empty() ? "sheet.error_row" : "sheet.error_person",
                                {{"row", std::to_string(group.numbers.front())},
                                 {"name", group.first_name},
                                 {"sentence", group.sentence}})},
            {"row_links", rows}};
    }
    for (std::size_t i = 0; i < group.hrefs.size() && i < summary_rows_max; ++i) {
        ++linked;
        rows.push_back({{"row_href", group.hrefs[i]},
                        {"row_words", html::text(language, "sheet.error_row_link",
                                                 {{"row", std::to_string(group.numbers[i])}})}});
    }
    return {{"href", ""}, {"text", group.sentence}, {"many", true}, {"row_links", std::move(rows)}};
}

}  // namespace

std::string mark_of(const domain::FieldValues& cells) {
    std::uint64_t mark = 14695981039346656037U;  // FNV-1a: it keeps apart, it proves nothing
    const auto add = [&](std::string_view text) {
        for (const char c : text) mark = (mark ^ static_cast<unsigned char>(c)) * 1099511628211U;
        mark = (mark ^ 0xFFU) * 1099511628211U;
    };
    for (const auto& [key, value] : cells) {
        add(key);
        add(value);
    }
    return fmt::format("{:016x}", mark);
}

std::string shown_value(const FieldDefinition& field, std::string value) {
    if (field.kind == FieldKind::BirthDate || field.kind == FieldKind::IssueDate) {
        if (const auto day = parse_iso_date(value)) return to_vietnamese(*day);
    }
    return value;
}

std::string cell_text(const store::DossierLine& line, const FieldDefinition& field) {
    if (const auto typed = line.typed.find(field.key); typed != line.typed.end())
        return shown_value(field, typed->second);
    const auto read = line.values.find(field.key);
    return read == line.values.end() ? "" : shown_value(field, read->second);
}

int page_of_row(std::int64_t number) {
    return static_cast<int>((std::max<std::int64_t>(number, 1) - 1) / sheet_rows_per_page) + 1;
}

std::vector<const FieldDefinition*> sheet_columns(const app::CheckedDossier& checked) {
    Columns out;
    for (const auto& field : checked.form->columns) {
        if (field.shareable && !any_row_differs(checked, field)) continue;
        if (field.kind == FieldKind::SimChoice &&
            checked.dossier.carrier == domain::Carrier::CentralSigning)
            continue;
        out.push_back(&field);
    }
    return out;
}

LinesOnPage lines_on_page(const app::CheckedDossier& checked, const SheetLook& look) {
    LinesOnPage out;
    for (const std::size_t i : choose(checked, look).lines) out.insert(checked.lines[i].id);
    return out;
}

Json sheet_view(const app::CheckedDossier& checked, const SheetLook& look, Language language) {
    const Columns columns = sheet_columns(checked);
    const Shown shown = choose(checked, look);
    const auto own = std::ranges::count(columns, true, &FieldDefinition::shareable);
    Json heads = Json::array();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        heads.push_back({{"key", columns[i]->key},
                         {"heading", column_heading(columns[i]->key, language)},
                         {"note", column_note(columns[i]->key, language)},
                         {"first", i == 0}});
    }
    Json rows = Json::array();
    for (const std::size_t i : shown.lines) {
        rows.push_back(
            row_view(stored_row(checked.lines[i], checked.findings.lines[i], look, columns),
                     columns, checked.dossier.carrier, language));
    }
    const bool blank = shown.page == shown.pages && !look.only_wrong;
    for (auto& row : new_rows(checked, look, columns, blank, language)) {
        rows.push_back(std::move(row));
    }
    const std::string filter = look.only_wrong ? "hien=can-sua&" : "";
    const auto page_link = [&](int page) {
        return page < 1 || page > shown.pages ? std::string{}
                                              : fmt::format("?{}trang={}", filter, page);
    };
    return {
        {"heads", std::move(heads)},
        {"rows", std::move(rows)},
        {"only_wrong", look.only_wrong},
        {"page_number", std::to_string(shown.page)},
        {"own_columns", own == 0 ? "" : std::to_string(own)},
        {"shared_title", html::text(language, own == 0 ? "sheet.all_rows" : "sheet.other_rows")},
        {"shared_words", shared_words(checked, language)},
        {"shared_fields", shared_fields(checked, language)},
        {"counts", sheet_counts(checked, language)},
        {"pagination", pagination(page_link(shown.page - 1), page_link(shown.page + 1),
                                  html::text(language, "sheet.page_of",
                                             {{"page", std::to_string(shown.page)},
                                              {"pages", std::to_string(shown.pages)}}))}};
}

Json sheet_counts(const app::CheckedDossier& checked, Language language) {
    const auto wrong = checked.findings.lines_with_defects();
    return {
        {"lines", std::to_string(checked.lines.size())},
        {"complete", std::to_string(checked.lines_complete())},
        {"to_mend", wrong > 0 ? std::to_string(wrong) : ""},
        {"lines_words",
         html::text(language, "sheet.count_lines", {{"n", std::to_string(checked.lines.size())}})},
        {"complete_words", html::text(language, "sheet.count_complete",
                                      {{"n", std::to_string(checked.lines_complete())}})},
        {"mend_words",
         wrong > 0 ? html::text(language, "sheet.count_mend", {{"n", std::to_string(wrong)}}) : ""},
        {"only_wrong_words",
         wrong > 0 ? html::text(language, "sheet.only_wrong", {{"n", std::to_string(wrong)}})
                   : ""}};
}

Json sheet_errors(const app::CheckedDossier& checked, const LinesOnPage& on_page,
                  Language language) {
    std::vector<SameDefect> groups;
    const Columns columns = sheet_columns(checked);
    std::size_t count = 0;
    for (std::size_t i = 0; i < checked.lines.size(); ++i) {
        for (const auto& defect : checked.findings.lines[i].defects) {
            ++count;
            add_defect(groups, checked, i, defect, on_page, columns, language);
        }
    }
    if (count == 0) return false;
    std::size_t linked = 0;
    Json items = Json::array();
    for (const auto& group : groups) {
        if (items.size() == summary_items_max) break;
        items.push_back(summary_item(group, linked, language));
    }
    std::string more;
    if (count > linked)
        more = html::text(language, "sheet.errors_more", {{"n", std::to_string(count - linked)}});
    Json out = error_summary(
        html::text(language, "sheet.errors_title", {{"n", std::to_string(count)}}), {}, more);
    out["items"] = std::move(items);
    out["count"] = std::to_string(count);
    return out;
}

Json unsaved_errors(const app::CheckedDossier& checked, const SheetLook& look,
                    const std::string& reason, Language language) {
    std::vector<ErrorLink> links;
    const Columns columns = sheet_columns(checked);
    std::size_t new_row = 0;
    for (const auto& row : look.typed) {
        if (row.line_id == 0 && !has_words(row.typed)) continue;
        if (row.line_id == 0) ++new_row;
        for (const auto* field : columns) {
            const auto sentence = refusal(&row, field->key, language);
            if (sentence.empty() || links.size() == summary_items_max) continue;
            const auto href = row.line_id == 0 ? fmt::format("#n{}.{}", new_row, field->key)
                                               : "#" + cell_id(row.line_id, field->key);
            links.push_back({href, html::text(language, "sheet.refused_cell",
                                              {{"field", field_label(field->key, language)},
                                               {"sentence", sentence}})});
        }
    }
    if (links.empty()) links.push_back({"#bang", reason});
    return error_summary(html::text(language, "sheet.unsaved_title"), links);
}

Json sheet_findings(const app::CheckedDossier& checked, const LinesOnPage& on_page,
                    Language language) {
    Json out = Json::array();
    const auto list = [&](const std::vector<domain::Finding>& findings) {
        Json items = Json::array();
        for (const auto& finding : findings)
            items.push_back({{"field", finding.field},
                             {"rule", finding.rule},
                             {"text", finding_text(finding, language)}});
        return items;
    };
    for (std::size_t i = 0; i < checked.lines.size(); ++i) {
        const auto& findings = checked.findings.lines[i];
        if (findings.defects.empty() && findings.warnings.empty()) continue;
        if (!on_page.contains(checked.lines[i].id)) continue;
        out.push_back({{"id", checked.lines[i].id},
                       {"defects", list(findings.defects)},
                       {"warnings", list(findings.warnings)}});
    }
    return out;
}

}  // namespace antin::web
