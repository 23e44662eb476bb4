#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/check_dossier.hpp"
#include "app/dossier_access.hpp"
#include "app/save_sheet.hpp"
#include "web/chosen_view.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/finding_text.hpp"
#include "web/form_errors.hpp"
#include "web/sheet_pages.hpp"
#include "web/sheet_view.hpp"

namespace antin::web {
namespace {

struct RowPage {
    app::CheckedDossier checked;
    std::size_t index = 0;
};

Result<store::Dossier> dossier_in_path(PageContext& context) {
    const std::string id = context.request.path_value("id");
    return app::agency_dossier(context.services, context.actor, std::atoll(id.c_str()));
}

/// A row may be mended in a draft, and where an officer has asked for a correction. NotFound
/// "row.not_found" when no open row is the wanted one.
template <class IsWanted>
Result<RowPage> row_where(PageContext& context, const store::Dossier& dossier,
                          IsWanted&& is_wanted) {
    return context.services.db.read([&](sql::Reader& db) -> Result<RowPage> {
        RowPage out;
        out.checked = app::check_dossier(db, context.services, dossier);
        for (std::size_t i = 0; i < out.checked.lines.size(); ++i) {
            const auto& line = out.checked.lines[i];
            if (!is_wanted(line)) continue;
            const bool open = dossier.state == domain::DossierState::Draft ||
                              line.state == domain::LineState::InCorrection;
            if (!open) break;
            out.index = i;
            return out;
        }
        return fail(ErrorKind::NotFound, "row.not_found");
    });
}

/// To look at, by the number that it has now.
Result<RowPage> row_of(PageContext& context) {
    ANTIN_TRY(dossier, dossier_in_path(context));
    const auto number = std::atoll(context.request.path_value("n").c_str());
    return row_where(context, dossier, [&](const auto& line) { return line.number == number; });
}

/// To write: the very row that the page showed, whatever its number is by now.
Result<RowPage> row_by_id(PageContext& context, const store::Dossier& dossier, std::int64_t id) {
    return row_where(context, dossier, [&](const auto& line) { return line.id == id; });
}

std::vector<Option> sim_options(PageContext& context, const app::CheckedDossier& checked,
                                const std::string& value) {
    std::vector<Option> out;
    const std::string own{domain::to_text(checked.dossier.carrier)};
    out.push_back(
        {"",
         text(context, checked.dossier.carrier == domain::Carrier::SimPki ? "sheet.sim_choose"
                                                                          : "carrier." + own),
         ""});
    bool known = value.empty();
    for (const std::string name : {"Viettel", "Vinaphone", "Mobifone"}) {
        out.push_back({name, text(context, "sheet.sim_new", {{"name", name}}), ""});
        out.push_back({name + "/cs", text(context, "sheet.sim_keep", {{"name", name}}), ""});
        known = known || value == name || value == name + "/cs";
    }
    if (!known) out.push_back({value, value, ""});
    return out;
}

/// Boxes, reasons and changes of Mẫu 04 and 05 as they are asked on the page of one row.
void shape_chosen(PageContext& context, const app::CheckedDossier& checked,
                  const domain::FieldDefinition& definition, Field& ask) {
    if (definition.kind == domain::FieldKind::Tick) {
        ask.type = "select";
        ask.options = {{"", text(context, "chosen.no"), ""},
                       {"x", text(context, "chosen.yes"), ""}};
    } else if (definition.kind == domain::FieldKind::RevocationReason) {
        ask.type = "select";
        ask.options = reason_options(context, checked.dossier, ask.value);
    } else if (definition.kind == domain::FieldKind::Change) {
        ask.type = "area";
        ask.hint = text(context, "chosen.change_hint");
    }
}

/// The value, what the rules say about it, and how it was read where that differs from the typing.
Json row_fields(PageContext& context, const RowPage& row, const domain::FieldValues* typed,
                FormErrors& errors) {
    const auto& line = row.checked.lines[row.index];
    const auto& findings = row.checked.findings.lines[row.index];
    Json out = Json::array();
    for (const auto& definition : row.checked.form->columns) {
        if (definition.kind == domain::FieldKind::SimChoice &&
            row.checked.dossier.carrier == domain::Carrier::CentralSigning)
            continue;
        Field ask;
        ask.id = ask.name = definition.key;
        ask.label = field_label(definition.key, context.language);
        ask.value = cell_text(line, definition);
        if (typed != nullptr) {
            const auto mine = typed->find(definition.key);
            const bool is_typed = mine != typed->end();
            const auto good = is_typed ? app::check_cell(mine->second) : Status{};
            const bool is_broken = !good && good.error().kind == ErrorKind::Invalid;
            if (is_typed) ask.value = is_broken ? "" : mine->second;
            if (!good) {
                ask.error = text(context, "sheet.refused." + good.error().code);
                errors.add(definition.key, ask.error);
            }
        }
        ask.maxlength = static_cast<int>(definition.length_max);
        const auto shared = row.checked.dossier.shared_values.find(definition.key);
        if (definition.shareable && shared != row.checked.dossier.shared_values.end())
            ask.hint = text(context, "row.shared", {{"value", shared->second}});
        const auto read = findings.values.find(definition.key);
        const bool read_otherwise = line.typed.contains(definition.key) &&
                                    read != findings.values.end() &&
                                    shown_value(definition, read->second) != ask.value;
        if (read_otherwise)
            ask.hint =
                text(context, "row.read_as", {{"value", shown_value(definition, read->second)}});
        for (const auto& warning : findings.warnings) {
            if (warning.field == definition.key)
                ask.hint += (ask.hint.empty() ? "" : " ") + finding_text(warning, context.language);
        }
        for (const auto& defect : findings.defects) {
            if (defect.field != definition.key) continue;
            ask.error = finding_text(defect, context.language);
            errors.add(definition.key, ask.error);
        }
        shape_chosen(context, row.checked, definition, ask);
        if (definition.kind == domain::FieldKind::SimChoice) {
            ask.type = "select";
            ask.options = sim_options(context, row.checked, ask.value);
        }
        out.push_back(field(ask));
    }
    return out;
}

Json conflict_rows(PageContext& context, const RowPage& row, const app::RowConflict& conflict) {
    Json out = Json::array();
    for (const auto& definition : row.checked.form->columns) {
        const auto mine = conflict.mine.find(definition.key);
        const auto theirs = conflict.theirs.find(definition.key);
        const std::string my_value = mine == conflict.mine.end() ? "" : mine->second;
        const std::string their_value = theirs == conflict.theirs.end() ? "" : theirs->second;
        if (my_value == their_value) continue;
        out.push_back({{"label", field_label(definition.key, context.language)},
                       {"theirs", shown_value(definition, their_value)},
                       {"mine", my_value}});
    }
    return out;
}

/// `unsaved`: what was sent and could not be saved stands in the place of what is stored.
http::Response show(PageContext& context, const RowPage& row, const app::RowConflict* conflict,
                    const app::SheetRow* unsaved = nullptr) {
    const auto& dossier = row.checked.dossier;
    const auto& line = row.checked.lines[row.index];
    const bool draft = dossier.state == domain::DossierState::Draft;
    FormErrors errors{context};
    Json view;
    const auto* typed = conflict != nullptr  ? &conflict->mine
                        : unsaved != nullptr ? &unsaved->typed
                                             : nullptr;
    view["fields"] = row_fields(context, row, typed, errors);
    view["errors"] = errors.summary();
    const std::string number = std::to_string(line.number);
    const std::string heading =
        text(context, line.name.empty() ? "row.heading" : "row.heading_name",
             {{"row", number}, {"name", line.name}});
    view["page"] = {{"title", heading}};
    view["heading"] = heading;
    view["draft"] = draft ? draft_banner(context, dossier) : Json(false);
    view["action"] = fmt::format("/ho-so/nhap/{}/dong/{}", dossier.id, number);
    view["back_href"] = draft
                            ? fmt::format("{}/danh-sach?trang={}#o-{}-email",
                                          draft_base(dossier.id), page_of_row(line.number), line.id)
                            : app::dossier_path(dossier) + "/bo-sung";
    view["back_text"] = text(context, draft ? "row.back_to_sheet" : "row.back_to_answer");
    view["row_version"] = std::to_string(line.version);
    view["line_id"] = std::to_string(line.id);
    view["has_next"] = draft && row.index + 1 < row.checked.lines.size();
    view["may_remove"] = draft;
    view["remove_words"] = text(context, "row.remove", {{"row", number}});
    view["conflict"] = conflict != nullptr;
    if (conflict != nullptr) {
        view["row_version"] = std::to_string(conflict->version);
        view["conflict_words"] =
            text(context, "sheet.conflict_row",
                 {{"who", conflict->who}, {"when", time_of_day(conflict->when, context.language)}});
        view["conflict_rows"] = conflict_rows(context, row, *conflict);
    }
    if (unsaved != nullptr) view["row_version"] = std::to_string(unsaved->version);
    const int status = unsaved != nullptr ? 422 : conflict == nullptr ? 200 : 409;
    return page(context, "pages/sheet_row", std::move(view), status);
}

}  // namespace

http::Response sheet_row(PageContext& context) {
    const auto row = row_of(context);
    if (!row) return problem(context, row.error());
    return show(context, *row, nullptr);
}

http::Response sheet_row_save(PageContext& context) {
    const auto found = dossier_in_path(context);
    if (!found) return problem(context, found.error());
    const auto& dossier = *found;
    app::SaveSheet input;
    input.dossier_id = dossier.id;
    app::SheetRow mine;
    mine.line_id = std::atoll(context.form().get("dong").c_str());
    mine.version = std::atoll(context.form().get("ban").c_str());
    const auto row = row_by_id(context, dossier, mine.line_id);
    const auto* form = domain::form_definition(dossier.procedure, dossier.subscriber_kind);
    if (form == nullptr)
        return problem(context, {ErrorKind::NotFound, "row.not_found", {}, {}, {}});
    for (const auto& definition : form->columns) {
        if (context.form().has(definition.key))
            mine.typed[definition.key] = context.form().get(definition.key);
    }
    if (!row) {
        const bool removed = dossier.state == domain::DossierState::Draft &&
                             row.error().kind == ErrorKind::NotFound && !mine.typed.empty();
        return removed ? sheet_with_removed_row(context, dossier, mine.typed)
                       : problem(context, row.error());
    }
    input.rows.push_back(mine);
    const auto saved = app::save_sheet(context.services, context.actor, input);
    if (!saved) {
        const bool typed_is_wrong = !saved.error().field.empty();
        if (!typed_is_wrong) return problem(context, saved.error());
        return show(context, *row, nullptr, &mine);
    }
    if (!saved->conflicts.empty()) {
        const auto& conflict = saved->conflicts.front();
        return conflict.removed ? sheet_with_removed_row(context, dossier, mine.typed)
                                : show(context, *row, &conflict);
    }
    const auto now = row_by_id(context, dossier, mine.line_id);
    if (!now) return problem(context, now.error());
    const auto& line = now->checked.lines[now->index];
    const bool draft = dossier.state == domain::DossierState::Draft;
    if (context.form().get("viec") == "tiep" && draft)
        return http::see_other(fmt::format("{}/dong/{}", draft_base(dossier.id), line.number + 1));
    if (!now->checked.findings.lines[now->index].defects.empty())
        return show(context, *now, nullptr);
    const std::string words = text(context, "row.saved", {{"row", std::to_string(line.number)}});
    if (!draft) return redirect(context, app::dossier_path(dossier) + "/bo-sung", words);
    return redirect(
        context,
        fmt::format("{}/danh-sach?trang={}", draft_base(dossier.id), page_of_row(line.number)),
        words);
}

http::Response sheet_row_remove(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    const auto removed = app::remove_row(context.services, context.actor, dossier->id,
                                         std::atoll(context.form().get("dong").c_str()),
                                         std::atoll(context.form().get("ban").c_str()));
    if (!removed) return problem(context, removed.error());
    return redirect(context, draft_base(dossier->id) + "/danh-sach",
                    text(context, "row.removed", {{"row", context.request.path_value("n")}}));
}

}  // namespace antin::web
