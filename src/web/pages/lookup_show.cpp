#include <nlohmann/json.hpp>

#include "app/look_up_dossier.hpp"
#include "web/dossier_time.hpp"
#include "web/public_pages.hpp"

namespace antin::web {
namespace {

Json code_field(const PageContext& context, const std::string& value) {
    return field({.id = "ma",
                  .name = "ma",
                  .label = text(context, "lookup.code"),
                  .value = value,
                  .hint = text(context, "lookup.code_hint"),
                  .width = "30",
                  .autocomplete = "off",
                  .maxlength = 60});
}
Json check_field(const PageContext& context, const std::string& value) {
    return field({.id = "kt",
                  .name = "kt",
                  .label = text(context, "lookup.check"),
                  .value = value,
                  .hint = text(context, "lookup.check_hint"),
                  .width = "10",
                  .autocomplete = "off",
                  .maxlength = 20});
}

http::Response ask(PageContext& context, const std::string& code, const std::string& check,
                   const Error* error) {
    Json view;
    view["page"] = {{"title", text(context, "lookup.title")}, {"help_href", "/tro-giup/tra-cuu"}};
    view["code"] = code_field(context, code);
    view["check"] = check_field(context, check);
    int status = 200;
    if (error != nullptr) {
        status = status_of(error->kind);
        view["errors"] = error_summary(text(context, "lookup.failed"),
                                       {{"#ma", sentence_of(context.language, *error)}});
    }
    return page(context, "pages/lookup_ask", std::move(view), status);
}

/// The outward status, in the words that everybody knows from the national portal; what officers
/// read about a step may hold more than the public should see. A step that changed no status has
/// words of its own: the same status twice would say nothing.
std::string step_title(const PageContext& context, const store::DossierEvent& step) {
    const std::string own = "lookup.step." + step.act;
    if (step.from_state == step.to_state && html::has_text(context.language, own)) {
        return text(context, own);
    }
    const auto state = domain::parse<domain::DossierState>(step.to_state);
    if (state) return dossier_tag(*state, context.language)["word"].get<std::string>();
    const std::string key = "event." + step.act;
    return html::has_text(context.language, key) ? text(context, key) : step.act;
}

Json history(const PageContext& context, const app::PublicDossier& dossier) {
    Json out = Json::array();
    const auto entry = [](std::string title, std::string when, std::string datetime,
                          std::string words, bool later) {
        return Json{{"title", std::move(title)}, {"by", ""},      {"when", std::move(when)},
                    {"datetime", datetime},      {"text", words}, {"link_href", ""},
                    {"link_text", ""},           {"later", later}};
    };
    const bool running = !dossier.ended_at && dossier.due_at;
    if (running) {
        out.push_back(entry(text(context, "lookup.expected"),
                            moment_words(*dossier.due_at, context.language),
                            to_iso(*dossier.due_at), text(context, "lookup.expected_text"), true));
    }
    for (auto step = dossier.steps.rbegin(); step != dossier.steps.rend(); ++step) {
        out.push_back(entry(step_title(context, *step), moment_words(step->at, context.language),
                            to_iso(step->at), "", false));
    }
    return out;
}

Json summary(const PageContext& context, const app::PublicDossier& dossier) {
    Json out = Json::array();
    const auto row = [&](std::string_view key, const std::string& value) {
        if (value.empty()) return;
        out.push_back(
            {{"key", text(context, key)}, {"value", value}, {"second", ""}, {"act_href", ""}});
    };
    row("lookup.subject", dossier.subject);
    row("lookup.agency", dossier.agency_name);
    row("lookup.receiver", dossier.receiver_name);
    if (dossier.lines_in_force + dossier.lines_refused > 0) {
        row("lookup.lines", text(context, "lookup.lines_text",
                                 {{"done", std::to_string(dossier.lines_in_force)},
                                  {"refused", std::to_string(dossier.lines_refused)},
                                  {"all", std::to_string(dossier.line_count)}}));
    }
    return out;
}

}  // namespace

http::Response lookup_show(PageContext& context) {
    const auto query = context.request.query();
    const std::string code = query.get("ma"), check = query.get("kt");
    if (code.empty() && check.empty()) return ask(context, "", "", nullptr);
    const auto dossier =
        app::look_up_dossier(context.services, context.request.remote_address, code, check);
    if (!dossier) return ask(context, code, check, &dossier.error());
    Json view;
    view["heading"] = text(context, "lookup.heading", {{"code", dossier->code}});
    view["page"] = {{"title", view["heading"]}, {"help_href", "/tro-giup/tra-cuu"}};
    view["back"] = {{"href", "/tra-cuu"}, {"text", text(context, "lookup.another")}};
    view["state"] = dossier_tag(dossier->state, context.language);
    const bool waits = dossier->clock_stopped;
    view["promise"] = false;
    if (dossier->due_at && !waits && !dossier->ended_at) {
        view["promise"] = text(context, "lookup.promise",
                               {{"due", moment_in_sentence(*dossier->due_at, context.language)}});
    }
    view["time"] = false;
    if (dossier->clock && !dossier->clock->ended) {
        view["time"] = time_left(time_of(*dossier->clock), context.language);
        view["time"]["due"] = "";  // the sentence above says it
    }
    view["provisional"] = dossier->due_provisional && !dossier->ended_at;
    view["next"] = text(context, "lookup.next." + std::string{domain::to_text(dossier->state)});
    view["summary"] = summary(context, *dossier);
    view["timeline"] = history(context, *dossier);
    auto response = page(context, "pages/lookup_show", std::move(view));
    // The address holds the check value: neither kept nor passed on.
    response.set("Cache-Control", "no-store");
    return response;
}

}  // namespace antin::web
