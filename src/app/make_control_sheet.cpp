#include "app/make_control_sheet.hpp"

#include <nlohmann/json.hpp>

#include "app/event_words.hpp"
#include "app/officer_access.hpp"
#include "app/order_paper.hpp"
#include "html/template.hpp"
#include "store/agencies.hpp"

namespace antin::app {
namespace {

constexpr auto vietnamese = html::Language::Vietnamese;

/// Steps in which the dossier changes hands: from whom, to whom. Other steps stay with the person.
void put_hands(forms::ControlStep& step, const store::DossierEvent& event,
               const std::string& agency, const std::string& receiver) {
    step.handed_by = event.actor_name;
    if (event.act == "submitted") step.taken_by = receiver;
    if (event.act == "accepted") {
        step.handed_by = agency;
        step.taken_by = event.actor_name;
    }
    if (event.act == "taken") {
        step.handed_by = receiver;
        step.taken_by = event.actor_name;
    }
    if (event.act == "assigned") {
        const auto data = nlohmann::json::parse(event.data, nullptr, false);
        if (data.is_object()) step.taken_by = data.value("name", "");
    }
    if (event.act == "proposed") step.taken_by = html::text(vietnamese, "role.approver");
    if (event.act == "lines_decided") {
        step.taken_by = html::text(vietnamese, "role.registration_officer");
    }
    if (event.act == "supplement_asked" || event.act == "handed_over" || event.act == "postponed" ||
        event.act == "stopped" || event.act == "returned") {
        step.taken_by = agency;
    }
}

/// Drafts of the agency, looks at personal data and single rows are no step of the office.
bool is_step(const store::DossierEvent& event) {
    return !event.line_number && event.act != "opened" && event.to_state != "draft";
}

std::vector<forms::ControlStep> steps_of(const std::vector<store::DossierEvent>& events,
                                         const std::string& agency, const std::string& receiver) {
    std::vector<forms::ControlStep> out;
    for (const auto& event : events) {
        if (!is_step(event)) continue;
        forms::ControlStep step;
        put_hands(step, event, agency, receiver);
        step.at = to_vietnamese(event.at);
        step.result = event_words(vietnamese, event);
        out.push_back(std::move(step));
    }
    return out;
}

Result<ControlSheetView> view_of(sql::Reader& db, std::int64_t dossier_id) {
    ControlSheetView view;
    const auto dossier = store::find_dossier(db, dossier_id);
    if (!dossier) return fail(ErrorKind::NotFound, "dossier.not_found");
    if (!dossier->code) return fail(ErrorKind::Refused, "control_sheet.no_code");
    view.dossier = *dossier;
    const auto agency = store::find_agency(db, dossier->agency_id);
    const auto receiver = store::find_agency(db, dossier->receiver_id);
    view.agency_name = agency ? agency->name : "";
    view.number = store::control_sheet_number(db, dossier_id);
    view.steps = steps_of(store::dossier_events(db, dossier_id, store::EventAudience::Officer),
                          view.agency_name, receiver ? receiver->name : "");
    return view;
}

}  // namespace

Result<ControlSheetView> read_control_sheet(Services& services, const Actor& actor,
                                            std::int64_t dossier_id) {
    ANTIN_TRY(seen, officer_dossier(services, actor, dossier_id, reading_officers(),
                                    "dossier.control_sheet_read"));
    return services.db.read([&](sql::Reader& db) { return view_of(db, seen.id); });
}

Result<store::ControlSheetNumber> make_control_sheet(Services& services, const Actor& actor,
                                                     std::int64_t dossier_id) {
    using enum domain::Role;
    ANTIN_TRY(seen, officer_dossier(services, actor, dossier_id,
                                    domain::Roles(IntakeOfficer, Assessor, Approver),
                                    "dossier.control_sheet_made"));
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::ControlSheetNumber> {
        if (const auto made = store::control_sheet_number(tx, seen.id)) return *made;
        const auto dossier = store::find_dossier(tx, seen.id);
        if (!dossier || !dossier->code) {
            return fail(ErrorKind::Refused, "control_sheet.no_code");
        }
        const auto taken = take_number(tx, services, dossier->receiver_id, "PKS");
        const store::ControlSheetNumber number{taken.number, taken.text, services.clock.now()};
        store::add_control_sheet(tx, seen.id, number, actor.account_id);
        record_step(tx, services, actor, *dossier,
                    {.act = "control_sheet_made", .from = dossier->state, .is_internal = true});
        return number;
    });
}

Result<ControlSheetFile> draw_control_sheet(Services& services, const Actor& actor,
                                            std::int64_t dossier_id) {
    ANTIN_TRY(view, read_control_sheet(services, actor, dossier_id));
    if (!view.number) return fail(ErrorKind::Refused, "control_sheet.no_number");
    if (services.papers == nullptr) return fail(ErrorKind::Internal, "internal", "no layouts");
    forms::ControlSheet paper;
    ANTIN_TRY(body, services.db.read([&](sql::Reader& db) -> Result<forms::PaperBody> {
        return paper_body(db, view.dossier.receiver_id);
    }));
    paper.body = body;
    paper.number_text = view.number->text;
    paper.date = local_date(view.number->made_at);
    paper.dossier_code = view.dossier.code.value_or("");
    paper.content = dossier_subject(view.dossier);
    paper.received_at = view.dossier.accepted_at.value_or(view.number->made_at);
    paper.due_at = view.dossier.due_at;
    paper.steps = std::move(view.steps);
    paper.made_at = services.clock.now();
    ANTIN_TRY(bytes, forms::draw_control_sheet(*services.papers, paper));
    return ControlSheetFile{"phieu-kiem-soat-" + paper.dossier_code + ".pdf", std::move(bytes)};
}

}  // namespace antin::app
