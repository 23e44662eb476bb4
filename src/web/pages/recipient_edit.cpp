#include <nlohmann/json.hpp>

#include "app/check_dossier.hpp"
#include "app/save_draft_head.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/finding_text.hpp"
#include "web/form_errors.hpp"
#include "web/sheet_view.hpp"

namespace antin::web {
namespace {

std::string autocomplete_of(std::string_view key) {
    if (key == "full_name") return "name";
    if (key == "email") return "email";
    if (key == "phone") return "tel";
    if (key == "address") return "street-address";
    return "off";
}

Json recipient_fields(PageContext& context, const store::FieldValues& values,
                      const domain::FormDefinition& form, const FormErrors& errors) {
    Json out = Json::array();
    for (const auto& definition : form.recipient) {
        Field ask;
        ask.id = ask.name = definition.key;
        ask.label = field_label(definition.key, context.language);
        const std::string hint = "recipient.hint_" + definition.key;
        if (html::has_text(context.language, hint)) ask.hint = text(context, hint);
        const auto found = values.find(definition.key);
        if (found != values.end()) ask.value = shown_value(definition, found->second);
        ask.error = errors.of(definition.key);
        ask.autocomplete = autocomplete_of(definition.key);
        ask.maxlength = static_cast<int>(definition.length_max);
        if (definition.key == "personal_id" || definition.key == "phone") ask.inputmode = "numeric";
        out.push_back(field(ask));
    }
    return out;
}

http::Response show(PageContext& context, const store::Dossier& dossier,
                    const store::FieldValues& values, const FormErrors& errors, int status) {
    const auto* form = domain::form_definition(dossier.procedure, dossier.subscriber_kind);
    Json view{{"page", {{"title", text(context, "recipient.title")}}},
              {"steps", request_steps(context, 1)},
              {"draft", draft_banner(context, dossier)},
              {"base", draft_base(dossier.id)},
              {"dossier_version", std::to_string(dossier.version)},
              {"fields", recipient_fields(context, values, *form, errors)},
              {"errors", errors.summary()}};
    return page(context, "pages/recipient_edit", std::move(view), status);
}

}  // namespace

http::Response recipient_edit(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    FormErrors errors{context};
    if (context.request.query().get("sua") == "1") {
        const auto checked = context.services.db.read([&](sql::Reader& db) -> Status {
            const auto findings = app::check_dossier(db, context.services, *dossier).findings;
            for (const auto& defect : findings.recipient.defects)
                errors.add(defect.field, finding_text(defect, context.language));
            return {};
        });
        if (!checked) return problem(context, checked.error());
    }
    return show(context, *dossier, dossier->recipient, errors, 200);
}

http::Response recipient_save(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    FormErrors errors{context};
    const auto* form = domain::form_definition(dossier->procedure, dossier->subscriber_kind);
    store::FieldValues typed;
    for (const auto& definition : form->recipient)
        typed[definition.key] = text_field(context, errors, definition.key, definition.length_max);
    app::SaveDraftHead input;
    input.dossier_id = dossier->id;
    input.version = std::atoll(context.form().get("ban").c_str());
    input.recipient = typed;
    if (!errors.empty()) return show(context, *dossier, typed, errors, 422);
    const auto saved = app::save_draft_head(context.services, context.actor, input);
    if (!saved) {
        if (saved.error().kind != ErrorKind::Conflict) return problem(context, saved.error());
        errors.add(saved.error());  // what was typed stays; the next press writes it knowingly
        return show(context, *dossier, typed, errors, 409);
    }
    const auto checked = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto findings = app::check_dossier(db, context.services, *saved).findings;
        for (const auto& defect : findings.recipient.defects)
            errors.add(defect.field, finding_text(defect, context.language));
        return {};
    });
    if (!checked) return problem(context, checked.error());
    if (!errors.empty()) return show(context, *saved, typed, errors, 422);
    return http::see_other(draft_base(dossier->id) + "/danh-sach");
}

}  // namespace antin::web
