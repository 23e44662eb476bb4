#include "domain/form_definition.hpp"

#include <nlohmann/json.hpp>

#include "base/embedded.hpp"

namespace antin::domain {
namespace {

using nlohmann::json;

std::string_view embedded_text(std::string_view name) {
    const auto* file = find_embedded(name);
    return file != nullptr ? file->content : std::string_view{};
}

tl::unexpected<Error> odd(std::string what) {
    return fail(ErrorKind::Invalid, "rules.form", std::move(what));
}

Result<FieldDefinition> parse_field(const json& data, const json& headings) {
    FieldDefinition field;
    field.key = data.value("key", "");
    const auto kind = parse<FieldKind>(data.value("kind", ""));
    if (field.key.empty() || !kind) return odd("field " + data.dump());
    field.kind = *kind;
    field.required = data.value("required", false);
    field.shareable = data.value("shareable", false);
    field.one_of = data.value("one_of", "");
    field.length_max = data.value("length_max", std::size_t{200});
    if (headings.contains(field.key)) {
        field.headings = headings[field.key].get<std::vector<std::string>>();
    }
    return field;
}

Result<std::vector<FieldDefinition>> parse_fields(const json& list, const json& headings) {
    std::vector<FieldDefinition> fields;
    for (const json& item : list) {
        ANTIN_TRY(field, parse_field(item, headings));
        fields.push_back(std::move(field));
    }
    return fields;
}

Result<std::map<SubscriberKind, std::vector<ChangeableField>>> parse_changes(const json& data) {
    std::map<SubscriberKind, std::vector<ChangeableField>> changes;
    for (const auto& [name, list] : data.items()) {
        const auto kind = parse<SubscriberKind>(name);
        if (!kind) return odd("changes of " + name);
        for (const json& item : list) {
            const auto field_kind = parse<FieldKind>(item.value("kind", ""));
            if (!field_kind) return odd("change " + item.dump());
            changes[*kind].push_back({item.value("key", ""), *field_kind,
                                      item.value("in_certificate", false), item.value("label", ""),
                                      item.value("labels", std::vector<std::string>{})});
        }
    }
    return changes;
}

Result<FormDefinition> read_form(const json& data, const json& headings) {
    const auto form = parse<RequestForm>(data.value("form", ""));
    const auto procedure = parse<Procedure>(data.value("procedure", ""));
    auto kind = parse<SubscriberKind>(data.value("subscriber_kind", ""));
    if (form && *form >= RequestForm::Form04) kind = SubscriberKind::Individual;  // rows mix kinds
    const auto from = parse_iso_date(data.value("effective_from", ""));
    if (!form || !procedure || !kind || !from) return odd("head of the form");
    FormDefinition definition;
    definition.form = *form;
    definition.procedure = *procedure;
    definition.subscriber_kind = *kind;
    definition.effective_from = *from;
    definition.source = data.value("source", "");
    definition.certainty = data.value("certainty", "recalled");
    definition.lines_max = data.value("lines_max", std::size_t{1000});
    definition.attachments_required =
        data.value("attachments_required", std::vector<std::string>{});
    ANTIN_TRY(recipient, parse_fields(data.value("recipient", json::array()), headings));
    ANTIN_TRY(columns, parse_fields(data.value("columns", json::array()), headings));
    definition.recipient = std::move(recipient);
    definition.columns = std::move(columns);
    ANTIN_TRY(changes, parse_changes(data.value("changes", json::object())));
    definition.changes = std::move(changes);
    return definition;
}

/// Read once; a file that cannot be read is missing here and named by check_form_definitions().
const std::vector<FormDefinition>& shipped_forms() {
    static const std::vector<FormDefinition> forms = [] {
        std::vector<FormDefinition> read;
        for (const EmbeddedFile& file : embedded_data()) {
            if (!file.name.starts_with("data/procedures/")) continue;
            auto form = parse_form_definition(file.content, embedded_text("data/headings.json"));
            if (form) read.push_back(std::move(*form));
        }
        return read;
    }();
    return forms;
}

}  // namespace

const FieldDefinition* FormDefinition::column(std::string_view key) const {
    for (const FieldDefinition& field : columns) {
        if (field.key == key) return &field;
    }
    return nullptr;
}

Result<FormDefinition> parse_form_definition(std::string_view text, std::string_view headings) {
    try {
        return read_form(json::parse(text), json::parse(headings).at("headings"));
    } catch (const json::exception& error) {
        return odd(error.what());
    }
}

const FormDefinition* form_definition(RequestForm form) {
    for (const FormDefinition& definition : shipped_forms()) {
        if (definition.form == form) return &definition;
    }
    return nullptr;
}

const FormDefinition* form_definition(Procedure procedure, SubscriberKind kind) {
    using enum Procedure;
    if (procedure == Renewal || procedure == Amendment) return form_definition(RequestForm::Form04);
    if (procedure == Revocation) return form_definition(RequestForm::Form05);
    if (procedure == DeviceRestoration) return form_definition(RequestForm::Form06);
    for (const FormDefinition& definition : shipped_forms()) {
        if (definition.procedure == procedure && definition.subscriber_kind == kind) {
            return &definition;
        }
    }
    return nullptr;
}

Status check_form_definitions() {
    for (const EmbeddedFile& file : embedded_data()) {
        if (!file.name.starts_with("data/procedures/")) continue;
        auto form = parse_form_definition(file.content, embedded_text("data/headings.json"));
        if (!form) {
            form.error().detail = std::string{file.name} + ": " + form.error().detail;
            return fail(form.error());
        }
    }
    return {};
}

const std::vector<std::string>& ignored_headings() {
    static const std::vector<std::string> headings = [] {
        const auto data = json::parse(embedded_text("data/headings.json"), nullptr, false);
        return data.is_object() ? data.value("ignored", std::vector<std::string>{})
                                : std::vector<std::string>{};
    }();
    return headings;
}

}  // namespace antin::domain
