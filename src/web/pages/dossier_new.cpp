#include <nlohmann/json.hpp>

#include "app/create_dossier.hpp"
#include "app/dossier_access.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/form_errors.hpp"

namespace antin::web {
namespace {

std::vector<app::OwnBody> agencies_of(const PageContext& context) {
    std::vector<app::OwnBody> out;
    if (!context.signed_in) return out;
    for (const auto& body : context.signed_in->bodies) {
        if (app::acts_for_agency(context.actor, body.id)) out.push_back(body);
    }
    return out;
}

Json kind_question(PageContext& context, const FormErrors& errors) {
    Field ask;
    ask.id = ask.name = "kind";
    ask.label = text(context, "request.kind_label");
    ask.value = context.request.method == "POST" ? context.form().get("kind")
                                                 : context.request.query().get("loai");
    ask.error = errors.of("kind");
    for (const auto kind : domain::all<domain::SubscriberKind>()) {
        const std::string name{domain::to_text(kind)};
        ask.options.push_back({name, text(context, "request.kind_" + name),
                               text(context, "request.kind_note_" + name)});
    }
    return radios(ask, true);
}

Json carrier_question(PageContext& context, const FormErrors& errors) {
    Field ask;
    ask.id = ask.name = "carrier";
    ask.label = text(context, "request.carrier_label");
    ask.hint = text(context, "request.carrier_hint");
    ask.value = context.request.method == "POST" ? context.form().get("carrier") : "usb_token";
    ask.error = errors.of("carrier");
    for (const auto carrier : domain::all<domain::Carrier>()) {
        const std::string name{domain::to_text(carrier)};
        ask.options.push_back({name, text(context, "carrier." + name),
                               text(context, "request.carrier_note_" + name)});
    }
    return radios(ask, true);
}

http::Response show(PageContext& context, const FormErrors& errors) {
    const auto agencies = agencies_of(context);
    Field agency;
    agency.id = agency.name = "agency";
    agency.type = "select";
    agency.label = text(context, "request.agency_label");
    for (const auto& body : agencies)
        agency.options.push_back({std::to_string(body.id), body.name, ""});
    Json view{{"page", {{"title", text(context, "request.new_title")}}},
              {"steps", request_steps(context, 1)},
              {"heading", text(context, "request.new_title")},
              {"kind", kind_question(context, errors)},
              {"carrier", carrier_question(context, errors)},
              {"has_agencies", agencies.size() > 1},
              {"agency", field(agency)},
              {"errors", errors.summary()}};
    return page(context, "pages/dossier_new", std::move(view), errors.empty() ? 200 : 422);
}

}  // namespace

http::Response dossier_kind(PageContext& context) {
    Json kinds = Json::array();
    for (const auto procedure : domain::all<domain::Procedure>()) {
        const std::string name{domain::to_text(procedure)};
        const bool offered = app::is_offered(procedure);
        kinds.push_back({{"title", text(context, "procedure." + name)},
                         {"what", text(context, "request.what_" + name)},
                         {"href", offered ? procedure_path(procedure) : ""},
                         {"later", offered ? "" : text(context, "request.not_yet")}});
    }
    Json view{{"page", {{"title", text(context, "request.kind_title")}}},
              {"steps", request_steps(context, 1)},
              {"kinds", std::move(kinds)}};
    return page(context, "pages/dossier_kind", std::move(view));
}

http::Response dossier_new(PageContext& context) {
    return show(context, FormErrors{context});
}

http::Response dossier_new_post(PageContext& context) {
    FormErrors errors{context};
    const auto kind = domain::parse<domain::SubscriberKind>(context.form().get("kind"));
    const auto carrier = domain::parse<domain::Carrier>(context.form().get("carrier"));
    if (!kind) errors.add_key("kind", "request.choose_kind");
    if (!carrier) errors.add_key("carrier", "request.choose_carrier");
    if (!errors.empty()) return show(context, errors);
    app::CreateDossier input;
    input.subscriber_kind = *kind;
    input.carrier = *carrier;
    const std::string chosen = context.form().get("agency");
    for (const auto& body : agencies_of(context)) {
        if (input.agency_id == 0 || std::to_string(body.id) == chosen) input.agency_id = body.id;
    }
    const auto dossier = app::create_dossier(context.services, context.actor, input);
    if (!dossier) return problem(context, dossier.error());
    return http::see_other(draft_base(dossier->id) + "/nguoi-nhan");
}

}  // namespace antin::web
