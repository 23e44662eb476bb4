#include "app/hand_over.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/access.hpp"
#include "app/advance_dossier.hpp"
#include "app/bench_access.hpp"
#include "app/bench_work.hpp"
#include "app/call_device_back.hpp"
#include "app/certificate_status.hpp"
#include "app/dossier_access.hpp"
#include "app/notify.hpp"
#include "app/open_authority.hpp"
#include "app/order_paper.hpp"
#include "ca/authority.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossier_events.hpp"
#include "store/handovers.hpp"
#include "store/rules.hpp"

namespace antin::app {

namespace {

std::string carrier_words(domain::Carrier carrier) {
    return html::text(html::Language::Vietnamese,
                      "carrier." + std::string{domain::to_text(carrier)});
}

void add_event(sql::Transaction& tx, const Services& services, const Actor& actor,
               const store::Dossier& dossier, const char* act) {
    store::DossierEvent event;
    event.dossier_id = dossier.id;
    event.act = act;
    event.from_state = event.to_state = domain::to_text(dossier.state);
    if (actor.account_id != 0) event.actor_id = actor.account_id;
    event.actor_name = actor.name;
    event.at = services.clock.now();
    event.is_public = true;
    store::add_dossier_event(tx, event);
}

Status check_input(const HandOver& input) {
    if (input.recipient_name.empty()) {
        return fail(ErrorKind::Invalid, "handover.no_recipient", {}, {}, "recipient_name");
    }
    const bool known =
        input.method == "direct" || input.method == "post" || input.method == "online";
    if (!known) return fail(ErrorKind::Invalid, "handover.method", {}, {}, "method");
    if (input.line_ids.empty()) {
        return fail(ErrorKind::Invalid, "handover.no_lines", {}, {}, "lines");
    }
    return {};
}

/// One row and its device leave the desk; what the papers say about them comes back.
Result<forms::HandoverItem> hand_over_line(sql::Transaction& tx, const Services& services,
                                           const Actor& actor, const HandOver& input,
                                           std::int64_t handover_id, std::int64_t line_id) {
    ANTIN_TRY(at, load_line(tx, line_id));
    const bool ready = at.dossier.id == input.dossier_id && at.work && at.work->checked_at &&
                       at.line.state == domain::LineState::Issued;
    if (!ready) {
        return fail(ErrorKind::Refused, "handover.line_not_ready", {}, {{"name", at.line.name}});
    }
    ANTIN_CHECK(
        advance_line(tx, services, actor, bench_role(actor), at, domain::LineAction::HandOver));
    at.line.work_by = std::nullopt;
    at.line.work_at = std::nullopt;
    ANTIN_CHECK(save_work(tx, at));
    std::optional<std::int64_t> device_id;
    if (at.device) {
        if (!is_with_subscriber(*at.device)) {
            ANTIN_CHECK(advance_device(tx, services, actor, bench_role(actor), *at.device,
                                       domain::DeviceAction::HandOver, actor.name,
                                       input.recipient_name));
        }
        device_id = at.device->id;
    }
    store::add_handover_line(tx, handover_id, line_id, device_id);
    forms::HandoverItem item;
    item.subscriber = at.line.name;
    item.certificate_serial = at.line.certificate_serial.value_or("");
    item.device_serial = at.device ? at.device->serial : "";
    item.carrier = carrier_words(at.line.carrier);
    return item;
}

Result<std::int64_t> hand_over_in(sql::Transaction& tx, Services& services, const Actor& actor,
                                  const HandOver& input) {
    if (const auto before = store::find_handover_by_submit_key(tx, input.submit_key)) {
        return before->id;  // the same form sent twice
    }
    const auto dossier = store::find_dossier(tx, input.dossier_id);
    const auto provider = store::find_provider(tx);
    if (!dossier || !provider) return fail(ErrorKind::NotFound, "dossier.not_found");
    store::Handover handover;
    handover.dossier_id = dossier->id;
    handover.method = input.method;
    handover.recipient_name = input.recipient_name;
    handover.recipient_position = input.recipient_position;
    handover.handed_by = actor.account_id;
    handover.handed_at = services.clock.now();
    handover.note = input.note;
    const auto id = store::add_handover(tx, handover, input.submit_key);
    HandoverOrder order;
    order.handed_at = handover.handed_at;
    order.method = input.method;
    order.handed_by = actor.name;
    order.recipient_name = input.recipient_name;
    order.recipient_position = input.recipient_position;
    for (const auto line_id : input.line_ids) {
        ANTIN_TRY(item, hand_over_line(tx, services, actor, input, id, line_id));
        order.items.push_back(std::move(item));
        order.pin_envelopes += store::find_pin_envelope(tx, line_id) ? 1 : 0;
    }
    add_event(tx, services, actor, *dossier, "handed_over");
    audit::append(
        tx, journal_entry(
                services, actor, "handover.made", "handover", std::to_string(id),
                fmt::format(R"({{"dossier":{},"lines":{}}})", dossier->id, input.line_ids.size())));
    order_handover_record(tx, services, *dossier, *provider, order);
    const auto rows = store::handover_lines(tx, id);
    const bool devices = std::ranges::any_of(rows, [](const store::HandoverLine& line) {
        return line.device_kind != domain::to_text(domain::Carrier::CentralSigning);
    });
    notify_agency(tx, services, dossier->agency_id,
                  {devices ? "handed_over" : "accounts_handed_over",
                   {{"code", dossier->code.value_or("")},
                    {"count", std::to_string(input.line_ids.size())},
                    {"recipient", input.recipient_name}},
                   fmt::format("/ban-giao/{}", id),
                   dossier->id});
    ANTIN_CHECK(advance_dossier(tx, services, actor, dossier->id));
    return id;
}

/// The new certificate counts from now on; the one that it replaces no longer does. Is the device
/// of the old one due back?
Result<bool> put_in_force(sql::Transaction& tx, Services& services, const Actor& actor,
                          const store::DossierLine& line, const std::string& serial) {
    const StatusChange change{
        {actor.account_id, actor.name}, line_order_id(tx, line.id), services.clock.now()};
    const auto released = release_certificate(tx, serial, change);
    if (!released) return fail(released.error());
    if (!line.target_serial) return false;
    ANTIN_CHECK(replace_certificate(tx, *line.target_serial, serial, change));
    return call_device_back(tx, services, *line.target_serial, line.name);
}

void tell_devices_due_back(sql::Transaction& tx, Services& services, const store::Dossier& dossier,
                           int count) {
    if (count == 0) return;
    const auto days = store::rule_integer(tx, "device.return_wd", dossier.rules_date);
    notify_agency(tx, services, dossier.agency_id,
                  {"old_devices_due_back",
                   {{"code", dossier.code.value_or("")},
                    {"count", std::to_string(count)},
                    {"days", std::to_string(days)}},
                   dossier_path(dossier),
                   dossier.id});
}

/// The row's certificate is in force from this moment.
Result<forms::HandoverItem> confirm_line(sql::Transaction& tx, Services& services,
                                         const Actor& actor, domain::Role role,
                                         const store::HandoverLine& one, int& devices_due_back) {
    ANTIN_TRY(at, load_line(tx, one.line_id));
    if (at.line.state == domain::LineState::HandedOver) {
        ANTIN_CHECK(
            advance_line(tx, services, actor, role, at, domain::LineAction::ConfirmHandover));
        ANTIN_CHECK(save_work(tx, at));
        ANTIN_TRY(due_back, put_in_force(tx, services, actor, at.line, one.certificate_serial));
        devices_due_back += due_back ? 1 : 0;
    }
    forms::HandoverItem item;
    item.subscriber = one.name;
    item.certificate_serial = one.certificate_serial;
    item.device_serial = one.device_serial;
    item.carrier = carrier_words(at.line.carrier);
    return item;
}

}  // namespace

Result<std::int64_t> hand_over(Services& services, const Actor& actor, const HandOver& input) {
    ANTIN_CHECK(bench_officer_of_dossier(services, actor, input.dossier_id));
    ANTIN_CHECK(check_input(input));
    return services.db.transact(
        [&](sql::Transaction& tx) { return hand_over_in(tx, services, actor, input); });
}

Status confirm_handover(Services& services, const Actor& actor, std::int64_t handover_id) {
    const auto found =
        services.db.read([&](sql::Reader& db) -> Result<std::optional<store::Dossier>> {
            const auto handover = store::find_handover(db, handover_id);
            if (!handover) return std::nullopt;
            return store::find_dossier(db, handover->dossier_id);
        });
    if (!found) return fail(found.error());
    if (!*found || !acts_for_agency(actor, (*found)->agency_id)) {
        return not_yours(services, actor, "handover", std::to_string(handover_id));
    }
    const auto agency_id = (*found)->agency_id;
    const auto role =
        actor.has(domain::Role::Head, agency_id) ? domain::Role::Head : domain::Role::FocalPoint;
    const auto status = services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto handover = store::find_handover(tx, handover_id);
        const auto dossier = store::find_dossier(tx, handover->dossier_id);
        if (!store::confirm_handover(tx, handover_id, actor.account_id, services.clock.now())) {
            return {};  // confirmed already
        }
        std::vector<forms::HandoverItem> items;
        int devices_due_back = 0;
        for (const auto& one : store::handover_lines(tx, handover_id)) {
            ANTIN_TRY(item, confirm_line(tx, services, actor, role, one, devices_due_back));
            items.push_back(std::move(item));
        }
        const auto person = store::find_account(tx, actor.account_id);
        add_event(tx, services, actor, *dossier, "handover_confirmed");
        audit::append(tx, journal_entry(services, actor, "handover.confirmed", "handover",
                                        std::to_string(handover_id)));
        order_handover_notice(tx, services, *dossier, items, actor.name,
                              person ? person->position : "");
        notify_person(
            tx, services, handover->handed_by,
            {"handover_confirmed",
             {{"code", dossier->code.value_or("")}, {"count", std::to_string(items.size())}},
             fmt::format("/ban-giao/{}", handover_id),
             dossier->id});
        notify_agency(
            tx, services, agency_id,
            {"certificates_in_force",
             {{"code", dossier->code.value_or("")}, {"count", std::to_string(items.size())}},
             fmt::format("/ban-giao/{}", handover_id),
             dossier->id});
        tell_devices_due_back(tx, services, *dossier, devices_due_back);
        return {};
    });
    auto* authority = open_authority(services);
    if (status && authority != nullptr) authority->wake();
    return status;
}

}  // namespace antin::app
