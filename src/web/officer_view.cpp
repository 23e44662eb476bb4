#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "web/components.hpp"
#include "web/dossier_time.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {

std::int64_t number_of(const std::string& text) {
    std::int64_t value = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
    return read.ec == std::errc{} && read.ptr == text.data() + text.size() ? value : 0;
}

std::int64_t id_in_path(const PageContext& context) {
    return number_of(context.request.path_value("id"));
}

std::string dossier_kind_words(const PageContext& context, const store::Dossier& dossier) {
    const auto* form = domain::form_definition(dossier.procedure, dossier.subscriber_kind);
    const bool chosen = form != nullptr && form->rows_are_chosen();
    return text(context, chosen ? "officer.kind_words_chosen" : "officer.kind_words",
                {{"procedure",
                  text(context, "procedure." + std::string{domain::to_text(dossier.procedure)})},
                 {"kind", text(context, "subscriber_kind." +
                                            std::string{domain::to_text(dossier.subscriber_kind)})},
                 {"form", form != nullptr ? std::string{domain::to_text(form->form)} : "?"},
                 {"count", std::to_string(dossier.line_count)}});
}

Json dossier_head(const PageContext& context, const app::OfficerDossier& view) {
    const store::Dossier& dossier = view.checked.dossier;
    Json head{{"id", dossier.id},
              {"version", dossier.version},
              {"code", dossier.code.value_or(text(context, "officer.no_code"))},
              {"agency", view.agency.name},
              {"kind", dossier_kind_words(context, dossier)},
              {"tag", dossier_tag(dossier.state, context.language, true)},
              {"assessor", view.assessor ? view.assessor->full_name : ""},
              {"clock", false},
              {"filed", dossier.submitted_at ? to_vietnamese(*dossier.submitted_at) : ""}};
    if (view.clock) {
        head["clock"] = clock_box(time_of(*view.clock), view.clock->minutes_allowed,
                                  dossier.accepted_at, context.language);
    }
    return head;
}

Json queue_row(const PageContext& context, const store::QueueRow& row,
               const domain::WorkCalendar& calendar) {
    const store::Dossier& dossier = row.dossier;
    Json view{{"href", "/xu-ly/" + std::to_string(dossier.id)},
              {"chosen_as", std::to_string(dossier.id) + "." + std::to_string(dossier.version)},
              {"code", dossier.code.value_or(text(context, "officer.no_code"))},
              {"agency", row.agency_name},
              {"kind", dossier_kind_words(context, dossier)},
              {"tag", dossier_tag(dossier.state, context.language, true)},
              {"assessor", row.assessor_name},
              {"proposed", ""},
              {"filed", dossier.submitted_at ? to_vietnamese(*dossier.submitted_at) : ""},
              {"time", false}};
    if (row.lines_proposed > 0) {
        view["proposed"] = text(context, "officer.lines_proposed",
                                {{"count", std::to_string(row.lines_proposed)}});
    }
    const auto clock = app::read_clock(dossier, context.services.clock.now(), calendar);
    if (clock) view["time"] = time_left(time_of(*clock), context.language);
    return view;
}

std::vector<std::int64_t> officer_bodies(const PageContext& context) {
    using enum domain::Role;
    std::set<std::int64_t> bodies;
    for (const auto& grant : context.actor.grants) {
        if (domain::Roles(IntakeOfficer, Assessor, Approver, RegistrationOfficer, Auditor,
                          ProvinceCoordinator)
                .has(grant.role)) {
            bodies.insert(grant.agency_id);
        }
    }
    return {bodies.begin(), bodies.end()};
}

}  // namespace antin::web
