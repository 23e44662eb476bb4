#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/save_draft_head.hpp"
#include "web/chosen_view.hpp"
#include "web/dossier_pages.hpp"
#include "web/sheet_view.hpp"

// "Danh sách" of Mẫu 04, 05 and 06: what is known is shown, only what is needed is asked.
namespace antin::web {
namespace {

struct Look {
    int page = 1;
    bool only_wrong = false;
    std::vector<app::RowConflict> conflicts;
};

Result<app::CheckedDossier> checked_of(PageContext& context, const store::Dossier& dossier) {
    return context.services.db.read([&](sql::Reader& db) -> Result<app::CheckedDossier> {
        auto now = store::find_dossier(db, dossier.id);
        if (!now) return fail(ErrorKind::NotFound, "dossier.not_found");
        return app::check_dossier(db, context.services, std::move(*now));
    });
}

Json bulk_reason(PageContext& context, const store::Dossier& dossier) {
    Field ask;
    ask.id = ask.name = "ly-do-chung";
    ask.type = "select";
    ask.label = text(context, "chosen.reason_all");
    ask.options = reason_options(context, dossier, "");
    return field(ask);
}

http::Response show(PageContext& context, const app::CheckedDossier& checked, const Look& look,
                    int status) {
    std::vector<std::size_t> shown;
    for (std::size_t i = 0; i < checked.lines.size(); ++i) {
        if (!look.only_wrong || !checked.findings.lines[i].defects.empty()) shown.push_back(i);
    }
    const int count = static_cast<int>(shown.size());
    const int pages = std::max(1, (count + sheet_rows_per_page - 1) / sheet_rows_per_page);
    const int at = std::clamp(look.page, 1, pages);
    Json rows = Json::array();
    LinesOnPage on_page;
    for (int i = (at - 1) * sheet_rows_per_page; i < std::min(count, at * sheet_rows_per_page);
         ++i) {
        const auto index = shown[static_cast<std::size_t>(i)];
        const app::RowConflict* conflict = nullptr;
        for (const auto& one : look.conflicts) {
            if (one.line_id == checked.lines[index].id) conflict = &one;
        }
        on_page.insert(checked.lines[index].id);
        rows.push_back(chosen_row(context, checked, index, conflict));
    }
    const auto& dossier = checked.dossier;
    const auto wrong = checked.findings.lines_with_defects();
    const std::string filter = look.only_wrong ? "hien=can-sua&" : "";
    const auto page_link = [&](int to) {
        return to < 1 || to > pages ? std::string{} : fmt::format("?{}trang={}", filter, to);
    };
    using enum domain::Procedure;
    const bool update = dossier.procedure == Renewal || dossier.procedure == Amendment;
    Json view{
        {"page", {{"title", text(context, "sheet.title")}, {"wide", true}, {"compact", true}}},
        {"steps", request_steps(context, 2)},
        {"draft", draft_banner(context, dossier)},
        {"heading", dossier_heading(context.language, dossier)},
        {"form_name", form_name(context.language, dossier)},
        {"base", draft_base(dossier.id)},
        {"rows", std::move(rows)},
        {"has_rows", !checked.lines.empty()},
        {"is_update_form", update},
        {"is_revocation_form", dossier.procedure == Revocation},
        {"bulk_reason", dossier.procedure == Revocation && checked.lines.size() > 1
                            ? bulk_reason(context, dossier)
                            : Json(false)},
        {"bulk_renew", update && checked.lines.size() > 1},
        {"page_number", std::to_string(at)},
        {"only_wrong", look.only_wrong},
        {"counts", sheet_counts(checked, context.language)},
        {"errors", sheet_errors(checked, on_page, context.language)},
        {"can_split", wrong > 0 && wrong < checked.lines.size()},
        {"split_words", text(context, "sheet.split",
                             {{"wrong", std::to_string(wrong)},
                              {"complete", std::to_string(checked.lines_complete())}})},
        {"returned_note",
         dossier.note.empty() ? "" : text(context, "sheet.returned", {{"note", dossier.note}})},
        {"files_words",
         text(context, "sheet.files", {{"n", std::to_string(checked.attachment_kinds.size())}})},
        {"pagination", pages > 1 ? pagination(page_link(at - 1), page_link(at + 1),
                                              text(context, "sheet.page_of",
                                                   {{"page", std::to_string(at)},
                                                    {"pages", std::to_string(pages)}}))
                                 : Json(nullptr)}};
    return page(context, "pages/chosen_edit", std::move(view), status);
}

/// The same for every row of the dossier that does not have it yet.
std::vector<app::SheetRow> rows_for_all(const app::CheckedDossier& checked, const std::string& key,
                                        const std::string& value) {
    std::vector<app::SheetRow> rows;
    for (const auto& line : checked.lines) {
        const auto values = app::typed_values(line);
        const auto found = values.find(key);
        if (found != values.end() && !found->second.empty()) continue;
        app::SheetRow row;
        row.line_id = line.id;
        row.version = line.version;
        row.typed[key] = value;
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string back_to(PageContext& context, const store::Dossier& dossier) {
    return fmt::format("{}/danh-sach?trang={}{}", draft_base(dossier.id),
                       std::max(1, std::atoi(context.form().get("trang").c_str())),
                       context.form().get("hien") == "can-sua" ? "&hien=can-sua" : "");
}

http::Response split(PageContext& context, const store::Dossier& dossier) {
    const auto rest = app::split_draft(context.services, context.actor, dossier.id);
    if (!rest) return problem(context, rest.error());
    return redirect(context, draft_base(dossier.id) + "/danh-sach",
                    text(context, "sheet.split_done", {{"n", std::to_string(rest->line_count)}}));
}

http::Response remove(PageContext& context, const app::CheckedDossier& checked,
                      std::int64_t line_id) {
    const auto line = std::ranges::find(checked.lines, line_id, &store::DossierLine::id);
    if (line == checked.lines.end()) return http::see_other(back_to(context, checked.dossier));
    const auto done = app::remove_row(context.services, context.actor, checked.dossier.id, line_id,
                                      line->version);
    if (!done) return problem(context, done.error());
    return redirect(context, back_to(context, checked.dossier),
                    text(context, "row.removed", {{"row", std::to_string(line->number)}}));
}

/// What the pressed button asks besides saving: nothing, where the answer is the list again.
Status save_for_all(PageContext& context, const store::Dossier& dossier, const std::string& act) {
    const std::string key = act == "ly-do-chung" ? "reason" : "renew";
    const std::string value = act == "ly-do-chung" ? context.form().get("ly-do-chung") : "x";
    if (value.empty()) return {};
    ANTIN_TRY(now, checked_of(context, dossier));
    app::SaveSheet more;
    more.dossier_id = dossier.id;
    more.rows = rows_for_all(now, key, value);
    const auto done = app::save_sheet(context.services, context.actor, more);
    return done ? Status{} : Status{fail(done.error())};
}

}  // namespace

http::Response chosen_edit(PageContext& context, const store::Dossier& dossier) {
    const auto checked = checked_of(context, dossier);
    if (!checked) return problem(context, checked.error());
    if (checked->lines.empty()) return http::see_other(draft_base(dossier.id) + "/chon");
    const auto query = context.request.query();
    Look look;
    look.page = std::max(1, std::atoi(query.get("trang").c_str()));
    look.only_wrong = query.get("hien") == "can-sua";
    return show(context, *checked, look, 200);
}

http::Response chosen_save(PageContext& context, const store::Dossier& dossier) {
    const auto checked = checked_of(context, dossier);
    if (!checked) return problem(context, checked.error());
    const std::string act = context.form().get("viec");
    app::SaveSheet input;
    input.dossier_id = dossier.id;
    input.rows = chosen_rows_of(context, *checked);
    const auto saved = app::save_sheet(context.services, context.actor, input);
    if (!saved) return problem(context, saved.error());
    if (!saved->conflicts.empty()) {
        const auto now = checked_of(context, dossier);
        if (!now) return problem(context, now.error());
        Look look;
        look.page = std::max(1, std::atoi(context.form().get("trang").c_str()));
        look.conflicts = saved->conflicts;
        return show(context, *now, look, 409);
    }
    if (act == "tach") return split(context, dossier);
    if (act.starts_with("bo-")) {
        const auto now = checked_of(context, dossier);
        if (!now) return problem(context, now.error());
        return remove(context, *now, std::atoll(act.c_str() + 3));
    }
    if (act == "ly-do-chung" || act == "gia-han-het") {
        const auto done = save_for_all(context, dossier, act);
        if (!done) return problem(context, done.error());
    }
    for (const char* step : {"chon", "dan", "nhap-tep"}) {
        if (act == step) return http::see_other(draft_base(dossier.id) + "/" + step);
    }
    if (act == "kiem-tra") return http::see_other(draft_base(dossier.id) + "/xem-lai");
    return redirect(context, back_to(context, dossier),
                    text(context, "draft.saved_at",
                         {{"time", time_of_day(saved->saved_at, context.language)}}));
}

}  // namespace antin::web
