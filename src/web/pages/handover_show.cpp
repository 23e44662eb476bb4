// Handover from both sides: the officer records it, the agency confirms it (Mẫu 07).
#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "app/bench_access.hpp"
#include "app/dossier_access.hpp"
#include "app/hand_over.hpp"
#include "app/officer_access.hpp"
#include "base/random.hpp"
#include "store/devices.hpp"
#include "store/dossiers.hpp"
#include "store/handovers.hpp"
#include "store/papers.hpp"
#include "store/personalisations.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/handover_words.hpp"
#include "web/pages/bench_pages.hpp"
#include "web/whole_codes.hpp"

namespace antin::web {

namespace {

using domain::Role;

Json lines_view(const PageContext& context, const std::vector<store::HandoverLine>& lines) {
    Json rows = Json::array();
    for (const auto& line : lines) {
        rows.push_back({{"id", line.line_id},
                        {"number", line.number},
                        {"name", line.name},
                        {"device", line.device_serial},
                        {"carrier", text(context, "carrier." + line.device_kind)},
                        {"serial", line.certificate_serial}});
    }
    return rows;
}

/// The ready rows of a dossier, as the handover's form shows them.
Json ready_view(PageContext& context, sql::Reader& db, std::int64_t dossier_id) {
    Json rows = Json::array();
    for (const auto id : store::lines_to_hand_over(db, dossier_id)) {
        const auto line = store::find_line_by_id(db, id);
        if (!line) continue;
        const auto device = line->device_id ? store::find_device(db, *line->device_id)
                                            : std::optional<store::Device>{};
        const auto envelope = store::find_pin_envelope(db, id);
        rows.push_back(
            {{"id", id},
             {"number", line->number},
             {"name", line->name},
             {"device", device ? device->serial : ""},
             {"carrier", text(context, "carrier." + std::string{domain::to_text(line->carrier)})},
             {"serial", line->certificate_serial.value_or("")},
             {"is_account", line->carrier == domain::Carrier::CentralSigning},
             {"unprinted", envelope && !envelope->printed_at}});
    }
    return rows;
}

http::Response ask(PageContext& context, std::int64_t dossier_id, FormErrors& errors, int status) {
    const auto may = app::bench_officer_of_dossier(context.services, context.actor, dossier_id);
    if (!may) return problem(context, may.error());
    const auto found =
        context.services.db.read([&](sql::Reader& db) -> Result<std::optional<store::Dossier>> {
            return store::find_dossier(db, dossier_id);
        });
    if (!found) return problem(context, found.error());
    if (!*found) return problem(context, {ErrorKind::NotFound, "dossier.not_found", {}, {}, {}});
    const auto rows = context.services.db.read(
        [&](sql::Reader& db) -> Result<Json> { return ready_view(context, db, dossier_id); });
    if (!rows) return problem(context, rows.error());
    const auto& dossier = **found;
    const auto recipient = [&](const char* key, const char* field) {
        if (context.request.method == "POST") return context.form().get(field);
        const auto value = dossier.recipient.find(key);
        return value == dossier.recipient.end() ? std::string{} : value->second;
    };
    const auto method = context.form().get("method");
    Field way{.id = "method",
              .name = "method",
              .label = text(context, "handover.method"),
              .value = method.empty() ? "direct" : method,
              .error = errors.of("method")};
    for (const char* one : {"direct", "post", "online"}) {
        way.options.push_back({one, text(context, std::string{"handover_choice."} + one), ""});
    }
    std::int64_t accounts = 0;
    for (const auto& row : *rows) accounts += row["is_account"].get<bool>() ? 1 : 0;
    const auto what = handover_words(context, static_cast<std::int64_t>(rows->size()), accounts);
    const auto title =
        text(context, "handover.new_title", {{"what", what}, {"code", dossier.code.value_or("")}});
    return page(
        context, "pages/handover_new",
        {{"page", {{"title", title}}},
         {"heading", {{"parts", with_whole_codes(title)}}},
         {"errors", errors.summary()},
         {"dossier", dossier_id},
         {"key", context.request.method == "POST" ? context.form().get("key") : random_token()},
         {"rows", *rows},
         {"empty", rows->empty()},
         {"lines_error", errors.of("lines")},
         {"name", field({.id = "recipient_name",
                         .name = "recipient_name",
                         .label = text(context, "handover.recipient_name"),
                         .value = recipient("full_name", "recipient_name"),
                         .error = errors.of("recipient_name"),
                         .width = "30"})},
         {"position", field({.id = "recipient_position",
                             .name = "recipient_position",
                             .label = text(context, "handover.recipient_position"),
                             .value = recipient("position", "recipient_position"),
                             .width = "30"})},
         {"note", field({.id = "note",
                         .name = "note",
                         .label = text(context, "handover.note"),
                         .value = context.form().get("note"),
                         .type = "area",
                         .rows = 2})},
         {"method", radios(way)}},
        status);
}

bool may_see(sql::Reader& db, const PageContext& context, const store::Dossier& dossier) {
    return app::serves_bench(db, context.actor, dossier.receiver_id) ||
           app::acts_for_agency(context.actor, dossier.agency_id);
}

struct Shown {
    store::Handover handover;
    store::Dossier dossier;
    std::vector<store::HandoverLine> lines;
    std::vector<store::Paper> papers;
};
Result<Shown> load(PageContext& context, std::int64_t id) {
    auto shown = context.services.db.read([&](sql::Reader& db) -> Result<Shown> {
        const auto handover = store::find_handover(db, id);
        if (!handover) return fail(ErrorKind::NotFound, "handover.not_found");
        const auto dossier = store::find_dossier(db, handover->dossier_id);
        if (!dossier || !may_see(db, context, *dossier)) {
            return fail(ErrorKind::Forbidden, "handover.not_found");
        }
        return Shown{*handover, *dossier, store::handover_lines(db, id),
                     store::papers_of(db, dossier->id)};
    });
    if (!shown && shown.error().kind == ErrorKind::Forbidden) {
        return app::not_yours(context.services, context.actor, "handover", std::to_string(id));
    }
    return shown;
}

}  // namespace

http::Response handover_list(PageContext& context) {
    const bool officer = context.actor.has(Role::RegistrationOfficer);
    if (officer) {
        const auto may = app::bench_officer(context.services, context.actor, "handover");
        if (!may) return problem(context, may.error());
    }
    Json ready = Json::array(), open = Json::array(), done = Json::array();
    const auto status = context.services.db.read([&](sql::Reader& db) -> Status {
        if (officer) {
            for (const auto& one : store::dossiers_to_hand_over(db, 200)) {
                ready.push_back(
                    {{"id", one.dossier_id},
                     {"code", one.code},
                     {"agency", one.agency_name},
                     {"what", text(context, "handover.ready_words",
                                   {{"what", handover_words(context, one.lines, one.accounts)}})}});
            }
            for (const auto& one : store::desk_handovers(db, 50)) {
                const auto state = one.handover.confirmed_at ? domain::LineState::InForce
                                                             : domain::LineState::HandedOver;
                done.push_back({{"id", one.handover.id},
                                {"code", one.dossier_code},
                                {"agency", one.agency_name},
                                {"what", handover_words(context, one.lines, one.accounts)},
                                {"when", moment_words(one.handover.handed_at, context.language)},
                                {"recipient", one.handover.recipient_name},
                                {"tag", line_tag(state, context.language)}});
            }
        }
        for (const auto role : {Role::FocalPoint, Role::Head}) {
            for (const auto body : context.actor.bodies(role)) {
                for (const auto& one : store::open_handovers(db, body)) {
                    const Json row{{"id", one.id},
                                   {"when", moment_words(one.handed_at, context.language)},
                                   {"recipient", one.recipient_name}};
                    if (std::find(open.begin(), open.end(), row) == open.end()) {
                        open.push_back(row);
                    }
                }
            }
        }
        return {};
    });
    if (!status) return problem(context, status.error());
    return page(context, "pages/handover_list",
                {{"page", {{"title", text(context, "handover.list_title")}}},
                 {"officer", officer},
                 {"ready", ready},
                 {"has_done", !done.empty()},
                 {"done", done},
                 {"nothing_ready", ready.empty()},
                 {"has_open", !open.empty()},
                 {"nothing_open", open.empty() && !officer},
                 {"open", open}});
}

http::Response handover_new(PageContext& context) {
    FormErrors errors{context};
    const auto words = context.request.query().get("ho-so");
    return ask(context, std::atoll(words.c_str()), errors, 200);
}

http::Response handover_post(PageContext& context) {
    FormErrors errors{context};
    app::HandOver input;
    input.dossier_id = std::atoll(context.form().get("dossier").c_str());
    input.line_ids = chosen_numbers(context, "dong");
    input.method = context.form().get("method");
    input.recipient_name = text_field(context, errors, "recipient_name", 120);
    input.recipient_position = text_field(context, errors, "recipient_position", 200);
    input.note = text_field(context, errors, "note", 500);
    input.submit_key = context.form().get("key");
    if (!errors.empty()) return ask(context, input.dossier_id, errors, 422);
    const auto id = app::hand_over(context.services, context.actor, input);
    if (!id) {
        if (id.error().kind != ErrorKind::Invalid && id.error().kind != ErrorKind::Refused) {
            return problem(context, id.error());
        }
        errors.add(id.error());
        return ask(context, input.dossier_id, errors, 422);
    }
    return redirect(context, "/ban-giao/" + std::to_string(*id), text(context, "handover.done"));
}

http::Response handover_show(PageContext& context) {
    const auto shown = load(context, number_in_path(context, "id"));
    if (!shown) return problem(context, shown.error());
    const auto& handover = shown->handover;
    const bool confirmed = handover.confirmed_at.has_value();
    Json papers = Json::array();
    for (const auto& paper : shown->papers) {
        if (paper.kind != "handover-record" && paper.kind != "mau-07") continue;
        papers.push_back({{"id", paper.id},
                          {"text", text(context, "handover.paper_" + paper.kind)},
                          {"number", paper.number_text}});
    }
    const auto all = static_cast<std::int64_t>(shown->lines.size());
    const auto accounts = count_accounts(shown->lines);
    const auto title = text(context, "handover.title",
                            {{"what", handover_words(context, all, accounts)},
                             {"code", shown->dossier.code.value_or("")}});
    return page(
        context, "pages/handover_show",
        {{"page", {{"title", title}}},
         {"heading", {{"parts", with_whole_codes(title)}}},
         {"id", handover.id},
         {"code", shown->dossier.code.value_or("")},
         {"dossier_href", app::acts_for_agency(context.actor, shown->dossier.agency_id)
                              ? app::dossier_path(shown->dossier)
                              : app::officer_path(shown->dossier)},
         {"when", moment_words(handover.handed_at, context.language)},
         {"by", handover.handed_by_name},
         {"recipient", handover.recipient_name},
         {"recipient_position", handover.recipient_position},
         {"method", text(context, "handover_method." + handover.method)},
         {"note", handover.note},
         {"rows", lines_view(context, shown->lines)},
         {"has_devices", accounts < all},
         {"has_accounts", accounts > 0},
         {"confirmed", confirmed},
         {"confirmed_when",
          confirmed ? moment_words(*handover.confirmed_at, context.language) : ""},
         {"may_confirm",
          !confirmed && app::acts_for_agency(context.actor, shown->dossier.agency_id)},
         {"waits", !confirmed && !app::acts_for_agency(context.actor, shown->dossier.agency_id)},
         {"papers", papers},
         {"tag", confirmed ? line_tag(domain::LineState::InForce, context.language)
                           : line_tag(domain::LineState::HandedOver, context.language)}});
}

http::Response handover_confirm(PageContext& context) {
    const auto id = number_in_path(context, "id");
    const auto status = app::confirm_handover(context.services, context.actor, id);
    if (!status) return problem(context, status.error());
    return redirect(context, "/ban-giao/" + std::to_string(id),
                    text(context, "handover.confirmed_done"));
}

}  // namespace antin::web
