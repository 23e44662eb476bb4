#include "web/chosen_view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/request_facts.hpp"
#include "base/text.hpp"
#include "domain/changes.hpp"
#include "web/finding_text.hpp"

namespace antin::web {
namespace {

std::string prefix_of(std::int64_t line_id) {
    return fmt::format("r{}.", line_id);
}

/// As the row has it, or as it was typed before somebody else was faster.
std::string value_of(const store::DossierLine& line, const app::RowConflict* conflict,
                     const std::string& key) {
    if (conflict != nullptr) {
        const auto mine = conflict->mine.find(key);
        if (mine != conflict->mine.end()) return mine->second;
    }
    const auto values = app::typed_values(line);
    const auto found = values.find(key);
    return found == values.end() ? std::string{} : found->second;
}

bool has_defect(const domain::LineFindings& findings, std::string_view key) {
    return std::ranges::any_of(findings.defects,
                               [&](const auto& defect) { return defect.field == key; });
}

std::string known_value(const domain::KnownTarget& target, const std::string& key) {
    if (key == "email" && !target.email.empty()) return target.email;
    const auto found = target.values.find(key);
    return found == target.values.end() ? std::string{} : found->second;
}

/// One input per field that may change; the present value stands as its hint.
Json change_fields(PageContext& context, const store::DossierLine& line,
                   const domain::KnownTarget& target, const std::string& text_now) {
    const auto read = domain::read_changes(target.kind, text_now);
    Json out = Json::array();
    for (const auto& one : domain::changeable_fields(target.kind)) {
        Field ask;
        ask.id = fmt::format("o-{}-moi-{}", line.id, one.key);
        ask.name = fmt::format("{}moi.{}", prefix_of(line.id), one.key);
        ask.label = one.label;
        const auto known = known_value(target, one.key);
        if (target.ours && !known.empty())
            ask.hint = text(context, "chosen.now", {{"value", known}});
        for (const auto& change : read.changes) {
            if (change.field == one.key) ask.value = change.value;
        }
        ask.maxlength = 300;
        out.push_back(field(ask));
    }
    return out;
}

void put_update(PageContext& context, const store::DossierLine& line,
                const domain::LineFindings& findings, const app::RowConflict* conflict,
                const std::optional<domain::KnownTarget>& target, Json& row) {
    const auto change = value_of(line, conflict, "change_to");
    const auto ticked = [&](const char* key) {
        const auto value = value_of(line, conflict, key);
        const auto read = findings.values.find(key);
        return conflict != nullptr ? !value.empty()
                                   : read != findings.values.end() && !read->second.empty();
    };
    row["is_update"] = true;
    row["renew"] = ticked("renew");
    row["amend"] = ticked("amend");
    const bool as_fields = target && domain::read_changes(target->kind, change).unread.empty();
    row["change_fields"] =
        as_fields ? change_fields(context, line, *target, change) : Json::array();
    row["has_change_fields"] = as_fields;
    row["change_text"] = change;
    row["change_open"] = row["amend"].get<bool>() || !change.empty();
}

void put_reason(PageContext& context, const app::CheckedDossier& checked,
                const store::DossierLine& line, const domain::LineFindings& findings,
                const app::RowConflict* conflict, Json& row) {
    const auto value = value_of(line, conflict, "reason");
    Field ask;
    ask.id = fmt::format("o-{}-reason", line.id);
    ask.name = prefix_of(line.id) + "reason";
    ask.type = "select";
    ask.label = text(context, "field.reason");
    ask.options = reason_options(context, checked.dossier, value);
    ask.value = value;
    for (const auto& defect : findings.defects) {
        if (defect.field == "reason") ask.error = finding_text(defect, context.language);
    }
    Field other;
    other.id = fmt::format("o-{}-ly-do-khac", line.id);
    other.name = prefix_of(line.id) + "ly-do-khac";
    other.label = text(context, "chosen.other_reason");
    other.maxlength = 500;
    row["is_revocation"] = true;
    row["reason"] = field(ask);
    row["other_reason"] = field(other);
}

Json says_of(PageContext& context, const store::DossierLine& line,
             const domain::LineFindings& findings, const app::RowConflict* conflict) {
    Json out = Json::array();
    const auto say = [&](const std::string& key, std::string_view tone, std::string_view shape,
                         std::string words) {
        out.push_back({{"say_id", fmt::format("o-{}-{}", line.id, key)},
                       {"tone", tone},
                       {"shape", shape},
                       {"sentence", std::move(words)}});
    };
    if (conflict != nullptr) {
        say("khac", "held", "swap",
            text(
                context, "sheet.conflict_row",
                {{"who", conflict->who}, {"when", time_of_day(conflict->when, context.language)}}));
    }
    for (const auto& defect : findings.defects) {
        if (defect.field == "reason") continue;  // stands at its field
        say(defect.field + "-loi", "wrong", "triangle", finding_text(defect, context.language));
    }
    for (const auto& warning : findings.warnings)
        say("chu-y-" + warning.field, "warning", "info", finding_text(warning, context.language));
    return out;
}

}  // namespace

std::vector<Option> reason_options(PageContext& context, const store::Dossier& dossier,
                                   const std::string& value) {
    std::vector<Option> out{{"", text(context, "chosen.choose_reason"), ""}};
    bool known = value.empty();
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        for (const auto& reason : app::request_rules(db, dossier.rules_date).reasons) {
            if (reason.by_authority) continue;
            out.push_back({reason.label, reason.label, ""});
            known = known || reason.label == value;
        }
        return {};
    });
    if (!read || !known) out.push_back({value, value, ""});
    return out;
}

Json chosen_row(PageContext& context, const app::CheckedDossier& checked, std::size_t index,
                const app::RowConflict* conflict) {
    const auto& line = checked.lines[index];
    const auto& findings = checked.findings.lines[index];
    const auto& dossier = checked.dossier;
    const bool device = dossier.procedure == domain::Procedure::DeviceRestoration;
    std::optional<domain::KnownTarget> target;
    const app::RequestScope scope{.agency_id = dossier.agency_id,
                                  .dossier_id = dossier.id,
                                  .rules_date = dossier.rules_date,
                                  .now = context.services.clock.now()};
    (void)context.services.db.read([&](sql::Reader& db) -> Status {
        if (!findings.target_serial.empty())
            target = app::find_target(db, findings.target_serial, scope);
        return {};
    });
    const std::string key = device ? "device_serial" : "serial";
    const auto number = value_of(line, conflict, key);
    const bool known = target && !has_defect(findings, key);
    Json row{
        {"row_number", std::to_string(line.number)},
        {"line_id", std::to_string(line.id)},
        {"row_version", std::to_string(conflict != nullptr ? conflict->version : line.version)},
        {"row_prefix", prefix_of(line.id)},
        {"row_wrong", !findings.defects.empty()},
        {"name", findings.name},
        {"number_id", fmt::format("o-{}-{}", line.id, key)},
        {"number_name", prefix_of(line.id) + key},
        {"number_label", text(context, "field." + key)},
        {"number_value", number},
        {"known", known || (device && findings.defects.empty())},
        {"until",
         target ? text(context, "subscribers.until", {{"date", to_vietnamese(target->not_after)}})
                : ""},
        {"device", device || !target ? "" : target->device_serial},
        {"state", target ? certificate_tag(target->state, context.language) : Json(false)},
        {"is_update", false},
        {"is_revocation", false},
        {"says", says_of(context, line, findings, conflict)}};
    using enum domain::Procedure;
    if (dossier.procedure == Renewal || dossier.procedure == Amendment)
        put_update(context, line, findings, conflict, target, row);
    if (dossier.procedure == Revocation)
        put_reason(context, checked, line, findings, conflict, row);
    return row;
}

namespace {

/// New values of single fields, as one text.
std::string typed_changes(PageContext& context, domain::SubscriberKind kind,
                          const std::string& prefix) {
    std::vector<domain::Change> changes;
    for (const auto& one : domain::changeable_fields(kind)) {
        const auto value = clean_text(context.form().get(prefix + "moi." + one.key));
        if (!value.empty()) changes.push_back({one.key, value});
    }
    return domain::changes_text(kind, changes);
}

void take_update(PageContext& context, domain::SubscriberKind kind, const std::string& prefix,
                 app::SheetRow& row) {
    for (const char* tick : {"renew", "amend"})
        row.typed[tick] = context.form().has(prefix + tick) ? "x" : "";
    const auto& form = context.form();
    const bool as_fields = form.has(prefix + "moi.email");
    row.typed["change_to"] =
        as_fields ? typed_changes(context, kind, prefix) : form.get(prefix + "change_to");
    if (row.typed["amend"].empty() && as_fields) row.typed["change_to"].clear();
}

}  // namespace

std::vector<app::SheetRow> chosen_rows_of(PageContext& context,
                                          const app::CheckedDossier& checked) {
    std::vector<app::SheetRow> rows;
    const auto& form = context.form();
    for (std::size_t i = 0; i < checked.lines.size(); ++i) {
        const auto& line = checked.lines[i];
        const std::string prefix = prefix_of(line.id);
        if (!form.has(prefix + "ban")) continue;  // on another page
        app::SheetRow row;
        row.line_id = line.id;
        row.version = std::atoll(form.get(prefix + "ban").c_str());
        for (const char* key : {"serial", "device_serial"}) {
            if (form.has(prefix + key)) row.typed[key] = form.get(prefix + key);
        }
        using enum domain::Procedure;
        const auto procedure = checked.dossier.procedure;
        if (procedure == Renewal || procedure == Amendment)
            take_update(context,
                        checked.findings.lines[i].kind.value_or(domain::SubscriberKind::Individual),
                        prefix, row);
        if (procedure == Revocation) {
            const auto other = clean_text(form.get(prefix + "ly-do-khac"));
            row.typed["reason"] = other.empty() ? form.get(prefix + "reason") : other;
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

std::string asked_words(const PageContext& context, const store::Dossier& dossier,
                        const store::DossierLine& line) {
    using enum domain::Procedure;
    if (dossier.procedure == Revocation) return line.value("reason", dossier);
    if (dossier.procedure == DeviceRestoration) return line.value("device_serial", dossier);
    std::string out;
    if (line.ticked("renew")) out = text(context, "field.renew");
    if (line.ticked("amend")) {
        out += (out.empty() ? "" : " · ") + line.value("change_to", dossier);
    }
    return out;
}

void add_known_certificate(const PageContext& context, const store::Dossier& dossier,
                           const store::DossierLine& line, Json& facts) {
    if (!line.target_serial) return;
    const auto target = context.services.db.read(
        [&](sql::Reader& db) -> Result<std::optional<domain::KnownTarget>> {
            return app::find_target(db, *line.target_serial,
                                    {.agency_id = dossier.agency_id,
                                     .dossier_id = dossier.id,
                                     .sent_at = dossier.submitted_at,
                                     .rules_date = dossier.rules_date,
                                     .now = context.services.clock.now()});
        });
    if (!target || !*target) return;
    const auto& known = **target;
    const auto add = [&](const char* label, std::string value) {
        if (!value.empty()) facts.push_back({{"label", text(context, label)}, {"value", value}});
    };
    add("assess.certificate_state",
        text(context, "certificate_state." + std::string{domain::to_text(known.state)}));
    add("assess.certificate_until", to_vietnamese(known.not_after));
    add("assess.renewals", std::to_string(known.renewals));
    if (line.value("device_serial", dossier).empty())
        add("field.device_serial", known.device_serial);
    if (known.in_flight) {
        const std::string procedure{domain::to_text(known.in_flight->procedure)};
        add("assess.in_flight",
            text(context, "procedure." + procedure) + " " + known.in_flight->code);
    }
}

std::string grant_text(const PageContext& context, const store::Dossier& dossier,
                       const std::string& key, html::TextArgs arguments) {
    using enum domain::Procedure;
    if (dossier.procedure == Issuance) return text(context, key, arguments);
    const std::string what = dossier.procedure == Revocation ? "_revocation" : "_update";
    return text(context, key + what, arguments);
}

void add_grant_words(const PageContext& context, const store::Dossier& dossier, Json& view) {
    const bool revocation = dossier.procedure == domain::Procedure::Revocation;
    view["count_grant"] = grant_text(context, dossier, "assess.count_grant");
    view["grant_clean"] = grant_text(context, dossier, "assess.grant_clean",
                                     {{"n", view["clean_unseen"].get<std::string>()}});
    view["grant_clean_js"] = grant_text(context, dossier, "assess.grant_clean_js");
    view["approve_note"] = text(context, revocation ? "approve.note_revocation" : "approve.note");
}

}  // namespace antin::web
