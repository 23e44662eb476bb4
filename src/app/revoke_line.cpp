#include "app/revoke_line.hpp"

#include <fmt/format.h>

#include "app/access.hpp"
#include "app/advance_dossier.hpp"
#include "app/bench_work.hpp"
#include "app/call_device_back.hpp"
#include "app/certificate_status.hpp"
#include "app/dossier_access.hpp"
#include "app/notify.hpp"
#include "app/officer_access.hpp"
#include "app/request_facts.hpp"
#include "html/template.hpp"

namespace antin::app {
namespace {

struct Grounds {
    ledger::RevocationReason code = ledger::RevocationReason::Unspecified;
    std::string reason;
};

/// By the rules under which the dossier was filed; words that are not on the list are unspecified.
Grounds grounds_of(sql::Reader& db, const store::Dossier& dossier, const store::DossierLine& line) {
    const auto rules = request_rules(db, dossier.rules_date);
    const auto* known = rules.reason_in(line.value("reason", dossier));
    if (known == nullptr) return {};
    Grounds grounds;
    grounds.reason = known->key;
    using enum ledger::RevocationReason;
    for (const auto& [name, code] :
         {std::pair{"key_compromise", KeyCompromise},
          std::pair{"affiliation_changed", AffiliationChanged}, std::pair{"superseded", Superseded},
          std::pair{"cessation_of_operation", CessationOfOperation},
          std::pair{"privilege_withdrawn", PrivilegeWithdrawn}}) {
        if (known->code == name) grounds.code = code;
    }
    return grounds;
}

/// What was begun at the bench for a row that ends: the device is free again.
Status free_device(sql::Transaction& tx, const Services& services, const Actor& system,
                   LineWork& at) {
    if (!at.work || !at.device || at.device->state != domain::DeviceState::Assigned) return {};
    at.device->line_id = std::nullopt;
    at.device->agency_id = std::nullopt;
    ANTIN_CHECK(advance_device(tx, services, system, domain::Role::System, *at.device,
                               domain::DeviceAction::Unassign, at.line.name, {}));
    store::remove_personalisation(tx, at.line.id);
    at.work.reset();
    at.line.device_id = std::nullopt;
    return {};
}

/// A renewal or change that still runs ends with the certificate, unless its successor is issued.
Status close_requests(sql::Transaction& tx, Services& services, std::string_view serial) {
    const Actor system = Actor::system("Ấn Tín");
    for (const auto& open : store::open_requests_on(tx, serial)) {
        ANTIN_TRY(at, load_line(tx, open.id));
        using enum domain::Procedure;
        if (at.dossier.procedure != Renewal && at.dossier.procedure != Amendment) continue;
        if (domain::has_result(at.line.state)) continue;
        ANTIN_CHECK(advance_line(tx, services, system, domain::Role::System, at,
                                 domain::LineAction::Close));
        ANTIN_CHECK(free_device(tx, services, system, at));
        at.line.decision = "refused";
        at.line.decision_reason =
            html::text(html::Language::Vietnamese, "line.closed_by_revocation",
                       {{"serial", std::string{serial}}});
        at.line.decided_at = services.clock.now();
        ANTIN_CHECK(save_work(tx, at));
        notify_agency(tx, services, at.dossier.agency_id,
                      {"request_closed_by_revocation",
                       {{"code", name_of(at.dossier)}, {"name", at.line.name}},
                       dossier_path(at.dossier),
                       at.dossier.id});
        ANTIN_CHECK(advance_dossier(tx, services, system, at.dossier.id));
    }
    return {};
}

}  // namespace

Result<bool> revoke_line(sql::Transaction& tx, Services& services, const Actor& actor,
                         const store::Dossier& dossier, store::DossierLine& line) {
    const Actor system = Actor::system("Ấn Tín");
    const auto step = [&](LineWork& at, domain::LineAction action) {
        return advance_line(tx, services, system, domain::Role::System, at, action);
    };
    LineWork at;
    at.dossier = dossier;
    at.line = std::move(line);
    const std::string serial = at.line.target_serial.value_or(at.line.value("serial", dossier));
    const auto grounds = grounds_of(tx, dossier, at.line);
    const auto revoked = revoke_certificate(
        tx, serial, grounds.code, grounds.reason,
        {{actor.account_id, actor.name}, line_order_id(tx, at.line.id), services.clock.now()});
    if (!revoked) return fail(revoked.error());
    ANTIN_CHECK(step(at, domain::LineAction::Revoke));
    at.line.certificate_serial = serial;
    ANTIN_TRY(due_back, call_device_back(tx, services, serial, at.line.name));
    if (due_back) {
        at.line.device_id = store::find_subscriber_certificate(tx, serial)->device_id;
        ANTIN_CHECK(step(at, domain::LineAction::CallDeviceBack));
    }
    if (!store::save_line(tx, at.line)) return dossier_changed(tx, dossier.id);
    line = std::move(at.line);
    ANTIN_CHECK(close_requests(tx, services, serial));
    return due_back;
}

}  // namespace antin::app
