#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "app/check_dossier.hpp"
#include "app/read_rows.hpp"
#include "app/save_sheet.hpp"
#include "store/dossier_lines.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/finding_text.hpp"
#include "web/form_errors.hpp"
#include "web/sheet_view.hpp"

// Three ways to fill the sheet with many rows: paste, import, known people. Each works on the draft
// and comes back to it with counts.
namespace antin::web {
namespace {

const domain::FormDefinition& form_of(const store::Dossier& dossier) {
    return *domain::form_definition(dossier.procedure, dossier.subscriber_kind);
}

std::set<std::string> shared_keys(const store::Dossier& dossier) {
    std::set<std::string> out;
    for (const auto& [key, value] : dossier.shared_values) {
        if (!value.empty()) out.insert(key);
    }
    return out;
}

std::string columns_words(PageContext& context, const domain::FormDefinition& form) {
    std::string names;
    for (const auto& column : form.columns)
        names += (names.empty() ? "" : ", ") + field_label(column.key, context.language);
    return text(context, "fill.paste_hint", {{"columns", names}});
}

http::Response show(PageContext& context, const store::Dossier& dossier, std::string_view act,
                    const FormErrors& errors, Json extra = Json::object()) {
    const std::string name = act == "dan" ? "paste" : act == "nhap-tep" ? "import" : "known";
    Json view{{"page", {{"title", text(context, "fill." + name + "_title")}}},
              {"draft", draft_banner(context, dossier)},
              {"base", draft_base(dossier.id)},
              {"act", act},
              {"heading", text(context, "fill." + name + "_title")},
              {"lead", text(context, "fill." + name + "_lead")},
              {"button", text(context, "fill." + name + "_button")},
              {"is_paste", act == "dan"},
              {"is_import", act == "nhap-tep"},
              {"is_known", act == "da-co"},
              {"columns_words", columns_words(context, form_of(dossier))},
              {"pasted", ""},
              {"people", Json::array()},
              {"errors", errors.summary()}};
    view.update(extra);
    return page(context, "pages/sheet_fill", std::move(view), errors.empty() ? 200 : 422);
}

/// "Thiếu cột: Ngày sinh, Chức vụ": keys in the error become headings.
Error with_headings(PageContext& context, Error error, std::string field) {
    error.field = std::move(field);
    for (auto& [name, value] : error.args) {
        if (name != "columns") continue;
        std::string words;
        std::size_t from = 0;
        while (from <= value.size()) {
            const auto comma = std::min(value.find(',', from), value.size());
            std::string key = value.substr(from, comma - from);
            std::erase(key, ' ');
            words += (words.empty() ? "" : ", ") + field_label(key, context.language);
            from = comma + 1;
        }
        value = words;
    }
    return error;
}

/// " Bỏ qua 2 dòng …": rows of the file that are no rows of the list, by their numbers.
std::string passed_over_words(PageContext& context, const std::vector<std::int64_t>& numbers) {
    if (numbers.empty()) return {};
    constexpr std::ptrdiff_t named_max = 10;
    const auto named = std::min(named_max, std::ssize(numbers));
    return " " +
           text(context, "fill.passed_over",
                {{"n", std::to_string(numbers.size())},
                 {"rows",
                  fmt::format("{}{}", fmt::join(numbers.begin(), numbers.begin() + named, ", "),
                              named < std::ssize(numbers) ? "…" : "")}});
}

/// Adds the rows and says how many of them need mending.
http::Response add(PageContext& context, const store::Dossier& dossier,
                   const std::vector<domain::FieldValues>& rows, std::string_view act,
                   FormErrors& errors, const Json& extra, const app::RowsRead& read = {}) {
    const auto count = app::add_rows(context.services, context.actor, dossier.id, rows);
    if (!count) {
        if (count.error().kind != ErrorKind::TooLarge && count.error().kind != ErrorKind::Invalid)
            return problem(context, count.error());
        errors.add(count.error());
        return show(context, dossier, act, errors, extra);
    }
    std::size_t wrong = 0;
    const auto checked = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto now = store::find_dossier(db, dossier.id).value_or(dossier);
        const auto all = app::check_dossier(db, context.services, now);
        const auto from =
            all.findings.lines.size() - std::min(rows.size(), all.findings.lines.size());
        for (std::size_t i = from; i < all.findings.lines.size(); ++i) {
            if (!all.findings.lines[i].defects.empty()) ++wrong;
        }
        return {};
    });
    if (!checked) return problem(context, checked.error());
    const auto worksheets = worksheet_words(read.worksheets, context.language);
    const std::string words =
        text(context, wrong == 0 ? "fill.added" : "fill.added_wrong",
             {{"n", std::to_string(rows.size())}, {"wrong", std::to_string(wrong)}}) +
        passed_over_words(context, read.passed_over) + (worksheets.empty() ? "" : " " + worksheets);
    const auto first = *count - static_cast<std::int64_t>(rows.size()) + 1;
    return redirect(
        context, fmt::format("{}/danh-sach?trang={}", draft_base(dossier.id), page_of_row(first)),
        words, wrong == 0 ? "done" : "attention");
}

}  // namespace

http::Response sheet_paste(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    return show(context, *dossier, "dan", FormErrors{context});
}

http::Response sheet_paste_post(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    FormErrors errors{context};
    const std::string pasted = context.form().get("van_ban");
    const Json typed{{"pasted", pasted}};
    const auto rows = app::read_pasted_rows(pasted, form_of(*dossier), shared_keys(*dossier));
    if (!rows) {
        errors.add(with_headings(context, rows.error(), "van_ban"));
        return show(context, *dossier, "dan", errors, typed);
    }
    return add(context, *dossier, rows->lines, "dan", errors, typed, *rows);
}

http::Response sheet_import(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    return show(context, *dossier, "nhap-tep", FormErrors{context});
}

http::Response sheet_import_post(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    FormErrors errors{context};
    const http::Upload* file = nullptr;
    for (const auto& upload : context.uploads()) {
        if (upload.field == "tep" && !upload.content.empty()) file = &upload;
    }
    if (file == nullptr) {
        errors.add_key("tep", "fill.choose_file");
        return show(context, *dossier, "nhap-tep", errors);
    }
    const auto rows =
        app::read_rows(as_bytes(file->content), form_of(*dossier), shared_keys(*dossier));
    if (!rows) {
        errors.add(with_headings(context, rows.error(), "tep"));
        return show(context, *dossier, "nhap-tep", errors);
    }
    return add(context, *dossier, rows->lines, "nhap-tep", errors, Json::object(), *rows);
}

http::Response sheet_known(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    if (rows_are_chosen(*dossier)) return http::see_other(draft_base(dossier->id) + "/chon");
    Json people = Json::array();
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        for (const auto& line :
             store::known_subscribers(db, dossier->agency_id, dossier->subscriber_kind, 500)) {
            const auto position = line.values.find("position");
            people.push_back(
                {{"line_id", std::to_string(line.id)},
                 {"name", line.name},
                 {"second", position == line.values.end() ? line.email : position->second}});
        }
        return {};
    });
    if (!read) return problem(context, read.error());
    return show(context, *dossier, "da-co", FormErrors{context}, Json{{"people", people}});
}

http::Response sheet_known_post(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    const auto chosen = context.form().all("nguoi");
    const std::set<std::string> wanted{chosen.begin(), chosen.end()};
    std::vector<domain::FieldValues> rows;
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        for (const auto& line :
             store::known_subscribers(db, dossier->agency_id, dossier->subscriber_kind, 500)) {
            if (!wanted.contains(std::to_string(line.id))) continue;
            auto values = app::typed_values(line);
            if (line.certificate_serial) values["old_serial"] = *line.certificate_serial;
            rows.push_back(std::move(values));
        }
        return {};
    });
    if (!read) return problem(context, read.error());
    if (rows.empty()) return http::see_other(draft_base(dossier->id) + "/da-co");
    FormErrors errors{context};
    return add(context, *dossier, rows, "da-co", errors, Json::object());
}

http::Response sheet_template(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    const auto& form = form_of(*dossier);
    const std::string kind{rows_are_chosen(*dossier) ? domain::to_text(dossier->procedure)
                                                     : domain::to_text(dossier->subscriber_kind)};
    app::TemplateTexts texts;
    texts.sheet_name = text(context, "fill.template_sheet");
    texts.title = text(context, "sheet.heading_" + kind);
    texts.guide_name = text(context, "fill.template_guide");
    for (int line = 1; line <= 4; ++line)
        texts.guide.push_back(text(context, fmt::format("fill.guide_{}", line)));
    for (const auto& column : form.columns) {
        const std::string key = "fill.example_" + column.key;
        texts.example.push_back(html::has_text(context.language, key) ? text(context, key) : "");
    }
    auto file = app::rows_template(form, texts);
    if (!file) return problem(context, file.error());
    auto response = http::bytes_body(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", std::move(*file));
    return http::as_attachment(response, text(context, "fill.template_name_" + kind));
}

}  // namespace antin::web
