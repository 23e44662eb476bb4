#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/change_rule.hpp"
#include "domain/role.hpp"
#include "http/message.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/administration_pages.hpp"

namespace antin::web {
namespace {

std::string name_of(const PageContext& context, const std::string& rule) {
    const auto key = "limit." + rule;
    return html::has_text(context.language, key) ? text(context, key) : rule;
}

std::string value_words(const PageContext& context, const store::RuleRow& rule) {
    const auto key = "unit." + rule.unit;
    const auto unit = html::has_text(context.language, key) ? text(context, key) : "";
    if (rule.unit == "reasons") {
        const auto typed = app::typed_rule_value(rule);
        return text(context, "rules.reasons_count",
                    {{"n", std::to_string(std::ranges::count(typed, '\n'))}});
    }
    return app::typed_rule_value(rule) + (unit.empty() ? "" : " " + unit);
}

Json certainty_tag(const PageContext& context, const std::string& certainty) {
    const bool sure = certainty == "verified";
    return tag(sure ? "done" : "attention", sure ? "tick" : "triangle",
               text(context, "certainty." + certainty));
}

Json row_view(const PageContext& context, const store::RuleRow& rule, std::string_view today) {
    const auto from = parse_iso_date(rule.effective_from);
    return {{"name", rule.name},
            {"label", name_of(context, rule.name)},
            {"value", value_words(context, rule)},
            {"legal_basis", rule.legal_basis},
            {"tag", certainty_tag(context, rule.certainty)},
            {"from", from ? to_vietnamese(*from) : text(context, "rules.from_the_start")},
            {"later", rule.effective_from > today}};
}

std::vector<store::RuleRow> versions_of(const std::vector<store::RuleRow>& rules,
                                        const std::string& name) {
    std::vector<store::RuleRow> out;
    std::ranges::copy_if(rules, std::back_inserter(out),
                         [&](const store::RuleRow& rule) { return rule.name == name; });
    return out;
}

Field certainty_field(const PageContext& context, std::string chosen) {
    Field out;
    out.id = out.name = "certainty";
    out.type = "select";
    out.label = text(context, "rules.certainty");
    out.value = std::move(chosen);
    for (const char* one : {"verified", "indirect", "derived", "recalled"}) {
        out.options.push_back({one, text(context, std::string{"certainty."} + one), ""});
    }
    return out;
}

std::string value_hint(std::string_view unit) {
    if (unit == "minutes_of_day") return "rules.value_hours_hint";
    if (unit == "reasons") return "rules.value_reasons_hint";
    return "rules.value_hint";
}

http::Response show(PageContext& context, const FormErrors& errors, bool typed) {
    const auto name = context.request.path_value("name");
    const auto rules = app::read_rules(context.services, context.actor);
    if (!rules) return problem(context, rules.error());
    const auto versions = versions_of(*rules, name);
    if (versions.empty()) return problem(context, {ErrorKind::NotFound, "rule.not_found"});
    const auto today = to_iso(local_date(context.services.clock.now()));
    Json view{{"page", {{"title", name_of(context, name)}}},
              {"label", name_of(context, name)},
              {"name", name},
              {"errors", errors.summary()},
              {"may_change", context.actor.has(domain::Role::SystemAdministrator)},
              {"rows", Json::array()},
              {"fields", Json::array()}};
    for (const auto& rule : versions) view["rows"].push_back(row_view(context, rule, today));
    const auto& last = versions.back();
    const auto value = [&](const char* field_name, std::string present) {
        return typed ? context.form().get(field_name) : std::move(present);
    };
    const auto add = [&](Field one) {
        one.name = one.id;
        one.error = errors.of(one.id);
        view["fields"].push_back(field(one));
    };
    const bool long_text = last.unit == "reasons";
    add({.id = "value",
         .label = text(context, "rules.value"),
         .value = value("value", app::typed_rule_value(last)),
         .hint = text(context, value_hint(last.unit)),
         .type = long_text ? "area" : "text",
         .width = long_text ? "" : "20",
         .rows = 14});
    add({.id = "legal_basis",
         .label = text(context, "rules.legal_basis"),
         .value = value("legal_basis", last.legal_basis),
         .hint = text(context, "rules.legal_basis_hint")});
    add(certainty_field(context, value("certainty", last.certainty)));
    add({.id = "effective_from",
         .label = text(context, "rules.effective_from"),
         .value = value("effective_from", today),
         .hint = text(context, "rules.from_hint"),
         .type = "date",
         .width = "10"});
    return page(context, "pages/rule_show", std::move(view), errors.empty() ? 200 : 422);
}

}  // namespace

http::Response rule_list(PageContext& context) {
    const auto rules = app::read_rules(context.services, context.actor);
    if (!rules) return problem(context, rules.error());
    const auto today = to_iso(local_date(context.services.clock.now()));
    Json view{{"page", {{"title", text(context, "rules.title")}, {"wide", true}}},
              {"rows", Json::array()}};
    // The version in force, and those that are still to come.
    for (std::size_t i = 0; i < rules->size(); ++i) {
        const auto& rule = (*rules)[i];
        const bool replaced = i + 1 < rules->size() && (*rules)[i + 1].name == rule.name &&
                              (*rules)[i + 1].effective_from <= today;
        if (!replaced) view["rows"].push_back(row_view(context, rule, today));
    }
    return page(context, "pages/rule_list", std::move(view));
}

http::Response rule_show(PageContext& context) {
    return show(context, FormErrors{context}, false);
}

http::Response rule_show_post(PageContext& context) {
    FormErrors errors{context};
    const app::NewRuleVersion input{
        context.request.path_value("name"), context.form().get("value").substr(0, 20'000),
        text_field(context, errors, "legal_basis"), text_field(context, errors, "certainty"),
        text_field(context, errors, "effective_from")};
    if (errors.empty()) {
        const auto done = app::add_rule_version(context.services, context.actor, input);
        if (done) return redirect(context, "/quan-tri/quy-tac", text(context, "rules.saved"));
        if (done.error().kind != ErrorKind::Invalid) return problem(context, done.error());
        errors.add(done.error());
    }
    return show(context, errors, true);
}

}  // namespace antin::web
