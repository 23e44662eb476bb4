#include <nlohmann/json.hpp>

#include "app/change_setting.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/administration_pages.hpp"

namespace antin::web {
namespace {

std::string text_or(const PageContext& context, const std::string& key, std::string other) {
    return html::has_text(context.language, key) ? text(context, key) : std::move(other);
}

Field field_of(const PageContext& context, const store::SettingRow& row, std::string value,
               std::string error) {
    Field out;
    out.id = out.name = row.name;
    out.label = text_or(context, "setting." + row.name, row.name);
    out.hint = text_or(context, "setting." + row.name + ".hint", "");
    out.value = std::move(value);
    out.error = std::move(error);
    switch (app::kind_of(row)) {
        case app::SettingKind::Text:
        case app::SettingKind::List:
            out.type = "area";
            out.rows = app::kind_of(row) == app::SettingKind::Text ? 2 : 3;
            break;
        case app::SettingKind::Number:
            out.inputmode = "numeric";
            out.width = "5";
            break;
        case app::SettingKind::YesNo:
            out.type = "select";
            out.options = {{"true", text(context, "settings.yes"), ""},
                           {"false", text(context, "settings.no"), ""}};
            break;
        case app::SettingKind::Choice:
            out.type = "select";
            for (const auto& choice : app::choices_of(row.name)) {
                out.options.push_back(
                    {choice, text_or(context, "setting." + row.name + "." + choice, choice), ""});
            }
            break;
    }
    return out;
}

http::Response show(PageContext& context, const FormErrors& errors, bool typed) {
    const auto rows = app::read_settings(context.services, context.actor);
    if (!rows) return problem(context, rows.error());
    Json view{{"page", {{"title", text(context, "settings.title")}}},
              {"errors", errors.summary()},
              {"fields", Json::array()}};
    for (const auto& row : *rows) {
        auto value = typed ? context.form().get(row.name) : app::typed_value(row);
        view["fields"].push_back(
            field(field_of(context, row, std::move(value), errors.of(row.name))));
    }
    return page(context, "pages/setting_list", std::move(view), errors.empty() ? 200 : 422);
}

}  // namespace

http::Response setting_list(PageContext& context) {
    return show(context, FormErrors{context}, false);
}

http::Response setting_list_post(PageContext& context) {
    const auto rows = app::read_settings(context.services, context.actor);
    if (!rows) return problem(context, rows.error());
    FormErrors errors{context};
    app::TypedSettings typed;
    for (const auto& row : *rows) {
        typed.emplace_back(row.name, text_field(context, errors, row.name, 4000));
        // Lists keep their lines, which the cleaning of a single line would fold.
        if (app::kind_of(row) == app::SettingKind::List) {
            typed.back().second = context.form().get(row.name);
        }
    }
    if (errors.empty()) {
        const auto done = app::change_settings(context.services, context.actor, typed);
        if (done) {
            return redirect(context, "/quan-tri/cai-dat", text(context, "settings.saved"));
        }
        if (done.error().kind != ErrorKind::Invalid) return problem(context, done.error());
        // Thirty settings stand on the page: the sentence says which one.
        errors.add(done.error().field,
                   text_or(context, "setting." + done.error().field, done.error().field) + ": " +
                       sentence_of(context.language, done.error()));
    }
    return show(context, errors, true);
}

}  // namespace antin::web
