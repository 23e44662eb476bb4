#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "app/check_dossier.hpp"
#include "app/dossier_access.hpp"
#include "app/save_draft_head.hpp"
#include "app/save_sheet.hpp"
#include "store/dossier_lines.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/finding_text.hpp"
#include "web/sheet_pages.hpp"
#include "web/sheet_view.hpp"

namespace antin::web {
namespace {

constexpr int blank_rows_first = 5;
constexpr int blank_rows_max = 50;
constexpr int last_page = 999;

int number_of(std::string_view text, int otherwise) {
    int value = 0;
    if (text.empty() || text.size() > 6) return otherwise;
    for (const char c : text) {
        if (c < '0' || c > '9') return otherwise;
        value = value * 10 + (c - '0');
    }
    return value;
}

/// "r12.full_name" -> {12, "full_name"}; "n3.email" -> {-3, "email"}.
struct CellName {
    std::int64_t row = 0;
    std::string key;
};
std::optional<CellName> read_cell_name(std::string_view name) {
    const auto dot = name.find('.');
    if (name.size() < 4 || dot == std::string_view::npos || dot < 2 || dot > 12)
        return std::nullopt;
    if (name[0] != 'r' && name[0] != 'n') return std::nullopt;
    std::int64_t row = 0;
    for (const char c : name.substr(1, dot - 1)) {
        if (c < '0' || c > '9') return std::nullopt;
        row = row * 10 + (c - '0');
    }
    return CellName{name[0] == 'r' ? row : -row, std::string{name.substr(dot + 1)}};
}

/// "12,13,14": the lines whose cells stand on the page that asks.
LinesOnPage lines_of(std::string_view list) {
    LinesOnPage out;
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        const auto word = list.substr(0, comma);
        std::int64_t id = 0;
        std::from_chars(word.data(), word.data() + word.size(), id);
        out.insert(id);
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return out;
}

/// Without a script a page sends all its rows: one that somebody else took out, and that was not
/// touched here, is gone without a word.
void forget_untouched(const http::Fields& form, const std::vector<app::SheetRow>& sent,
                      std::vector<app::RowConflict>& conflicts) {
    std::erase_if(conflicts, [&](const app::RowConflict& conflict) {
        const auto row = std::ranges::find(sent, conflict.line_id, &app::SheetRow::line_id);
        return conflict.removed && row != sent.end() &&
               form.get(fmt::format("r{}.goc", conflict.line_id)) == mark_of(row->typed);
    });
}

/// The rows of the form, in the order they stand in it.
std::vector<app::SheetRow> rows_of(const http::Fields& form) {
    std::vector<app::SheetRow> rows;
    std::map<std::int64_t, std::size_t> places;
    for (const auto& [name, value] : form.items) {
        const auto cell = read_cell_name(name);
        if (!cell) continue;
        const auto [place, is_new] = places.try_emplace(cell->row, rows.size());
        if (is_new) {
            rows.emplace_back();
            rows.back().line_id = std::max<std::int64_t>(cell->row, 0);
        }
        app::SheetRow& row = rows[place->second];
        if (cell->key == "ban")
            row.version = number_of(value, 0);
        else if (cell->key == "khoa")
            row.client_key = value.substr(0, 40);
        else if (cell->key == "goc")
            continue;  // see forget_untouched()
        else
            row.typed[cell->key] = value;
    }
    return rows;
}

bool shared_values_changed(PageContext& context, const store::Dossier& dossier,
                           store::FieldValues& into) {
    bool changed = false;
    for (const auto& [name, value] : context.form().items) {
        if (!name.starts_with("c.")) continue;
        const std::string key = name.substr(2);
        into[key] = value;
        const auto before = dossier.shared_values.find(key);
        const std::string old = before == dossier.shared_values.end() ? "" : before->second;
        changed = changed || old != value;
    }
    return changed;
}

/// `reason`: why nothing was saved of what `look` carries as typed.
http::Response show(PageContext& context, const store::Dossier& dossier, SheetLook look,
                    int status = 200, const std::string& reason = {}) {
    Json view;
    const auto made = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto checked = app::check_dossier(db, context.services, dossier);
        if (checked.lines.empty() && look.blank_rows <= 1) look.blank_rows = blank_rows_first;
        view = sheet_view(checked, look, context.language);
        view["errors"] = reason.empty()
                             ? sheet_errors(checked, lines_on_page(checked, look), context.language)
                             : unsaved_errors(checked, look, reason, context.language);
        const auto wrong = checked.findings.lines_with_defects();
        view["can_split"] = wrong > 0 && wrong < checked.lines.size();
        view["split_words"] = text(context, "sheet.split",
                                   {{"wrong", std::to_string(wrong)},
                                    {"complete", std::to_string(checked.lines_complete())}});
        const auto known =
            store::known_subscribers(db, dossier.agency_id, dossier.subscriber_kind, 500).size();
        view["known_words"] =
            known > 0 ? text(context, "sheet.known", {{"n", std::to_string(known)}}) : "";
        view["files_words"] =
            text(context, "sheet.files", {{"n", std::to_string(checked.attachment_kinds.size())}});
        return {};
    });
    if (!made) return problem(context, made.error());
    const std::string kind{domain::to_text(dossier.subscriber_kind)};
    view["base"] = draft_base(dossier.id);
    view["heading"] = text(context, "sheet.heading_" + kind);
    view["form_name"] = form_name(context.language, dossier);
    view["dossier_version"] = std::to_string(dossier.version);
    view["shared_open"] = dossier.shared_values.empty();
    view["returned_note"] =
        dossier.note.empty() ? "" : text(context, "sheet.returned", {{"note", dossier.note}});
    view["steps"] = request_steps(context, 2);
    view["draft"] = draft_banner(context, dossier);
    view["own_email"] = context.signed_in->email;
    view["page"] = {{"title", text(context, "sheet.title")},
                    {"wide", true},
                    {"compact", true},
                    {"scripts", {"sheet.js"}}};
    return page(context, "pages/sheet_edit", std::move(view), status);
}

/// Values as the cells show them: the script compares them with what stands there.
Json shown_values(const store::Dossier& dossier, const store::FieldValues& values) {
    const auto* form = domain::form_definition(dossier.procedure, dossier.subscriber_kind);
    Json out = Json::object();
    for (const auto& [key, value] : values) {
        const auto* field = form == nullptr ? nullptr : form->column(key);
        out[key] = field == nullptr ? value : shown_value(*field, value);
    }
    return out;
}

/// What the script gets back: what is saved, what clashes, what is wrong now.
http::Response answer_script(PageContext& context, const store::Dossier& dossier,
                             const app::SavedSheet& saved) {
    Json out;
    const auto made = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto now = store::find_dossier(db, dossier.id);
        const auto checked = app::check_dossier(db, context.services, now.value_or(dossier));
        auto on_page = lines_of(context.form().get("tren-trang"));
        for (const auto& row : saved.saved) on_page.insert(row.line_id);
        out["findings"] = sheet_findings(checked, on_page, context.language);
        out["counts"] = sheet_counts(checked, context.language);
        const Json errors = sheet_errors(checked, on_page, context.language);
        out["summary"] =
            html::render("components/error_summary", context.language, {{"errors", errors}});
        out["title"] = titled(context, errors, text(context, "sheet.title"));
        return {};
    });
    if (!made) return problem(context, made.error());
    out["words"] =
        text(context, "draft.saved_at", {{"time", time_of_day(saved.saved_at, context.language)}});
    out["saved"] = Json::array();
    for (const auto& row : saved.saved)
        out["saved"].push_back({{"id", row.line_id},
                                {"number", row.number},
                                {"version", row.version},
                                {"key", row.client_key}});
    out["conflicts"] = Json::array();
    for (const auto& conflict : saved.conflicts)
        out["conflicts"].push_back({{"id", conflict.line_id},
                                    {"version", conflict.version},
                                    {"theirs", shown_values(dossier, conflict.theirs)},
                                    {"who", conflict.who},
                                    {"when", time_of_day(conflict.when, context.language)},
                                    {"removed", conflict.removed}});
    return json(out, saved.conflicts.empty() ? 200 : 409);
}

/// "Dòng 3, ô Họ và tên …": the key of the field becomes its name.
Error with_field_name(const PageContext& context, Error error) {
    if (!error.field.empty() && !error.args.empty())
        error.args.emplace_back("field", field_label(error.field, context.language));
    return error;
}

http::Response go_on(PageContext& context, const store::Dossier& dossier, std::string_view act,
                     const app::SavedSheet& saved) {
    const std::string base = draft_base(dossier.id);
    const std::string words =
        text(context, "draft.saved_at", {{"time", time_of_day(saved.saved_at, context.language)}});
    if (act == "dan") return http::see_other(base + "/dan");
    if (act == "nhap-tep") return http::see_other(base + "/nhap-tep");
    if (act == "da-co") return http::see_other(base + "/da-co");
    if (act == "kiem-tra") return http::see_other(base + "/xem-lai");
    if (act == "them") return http::see_other(base + "/danh-sach?trang=999&trong=5");
    if (act == "tach") {
        const auto rest = app::split_draft(context.services, context.actor, dossier.id);
        if (!rest) return problem(context, rest.error());
        return redirect(
            context, base + "/danh-sach",
            text(context, "sheet.split_done", {{"n", std::to_string(rest->line_count)}}));
    }
    const std::string back =
        fmt::format("{}/danh-sach?trang={}{}", base, number_of(context.form().get("trang"), 1),
                    context.form().get("hien") == "can-sua" ? "&hien=can-sua" : "");
    return redirect(context, back, words);
}

}  // namespace

http::Response sheet_edit(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    if (rows_are_chosen(*dossier)) return chosen_edit(context, *dossier);
    const auto query = context.request.query();
    SheetLook look;
    look.page = number_of(query.get("trang"), 1);
    look.only_wrong = query.get("hien") == "can-sua";
    look.blank_rows = std::clamp(number_of(query.get("trong"), 1), 1, blank_rows_max);
    return show(context, *dossier, std::move(look));
}

http::Response sheet_with_removed_row(PageContext& context, const store::Dossier& dossier,
                                      domain::FieldValues typed) {
    SheetLook look;
    look.page = last_page;
    look.conflicts.emplace_back();
    look.conflicts.back().mine = std::move(typed);
    look.conflicts.back().removed = true;
    return show(context, dossier, std::move(look), 409);
}

http::Response sheet_save(PageContext& context) {
    auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    const std::string act = context.form().get("viec");
    if (rows_are_chosen(*dossier)) return chosen_save(context, *dossier);
    store::FieldValues shared;
    const bool shared_changed = shared_values_changed(context, *dossier, shared);
    if (act == "chung" || shared_changed) {
        app::SaveDraftHead head;
        head.dossier_id = dossier->id;
        head.version = number_of(context.form().get("chung-ban"), 0);
        head.shared_values = shared;
        auto saved = app::save_draft_head(context.services, context.actor, head);
        if (!saved) return problem(context, saved.error());
        dossier = std::move(*saved);
    }
    app::SaveSheet input;
    input.dossier_id = dossier->id;
    input.rows = rows_of(context.form());
    auto saved = app::save_sheet(context.services, context.actor, input);
    if (saved) forget_untouched(context.form(), input.rows, saved->conflicts);
    SheetLook look;
    look.page = number_of(context.form().get("trang"), 1);
    look.only_wrong = context.form().get("hien") == "can-sua";
    if (!saved) {
        const auto error = with_field_name(context, saved.error());
        const bool typed_is_wrong =
            error.kind == ErrorKind::TooLarge || error.kind == ErrorKind::Invalid;
        if (wants_json(context.request) || !typed_is_wrong) return problem(context, error);
        look.typed = std::move(input.rows);
        return show(context, *dossier, std::move(look), 422, sentence_of(context.language, error));
    }
    if (wants_json(context.request)) return answer_script(context, *dossier, *saved);
    if (!saved->conflicts.empty()) {
        look.conflicts = saved->conflicts;
        return show(context, *dossier, std::move(look), 409);
    }
    return go_on(context, *dossier, act, *saved);
}

}  // namespace antin::web
