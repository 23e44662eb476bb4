#include "app/revoke_line.hpp"

#include <fmt/format.h>

#include "app/access.hpp"
#include "app/advance_dossier.hpp"
#include "app/bench_work.hpp"
#include "app/call_device_back.hpp"
#include "app/certificate_status.hpp"
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
        at.line.decision = "refused";
        at.line.decision_reason =
            html::text(html::Language::Vietnamese, "line.closed_by_revocation",
                       {{"serial", std::string{serial}}});
        at.line.decided_at = services.clock.now();
        ANTIN_CHECK(save_work(tx, at));
        notify_agency(tx, services, at.dossier.agency_id,
                      {"request_closed_by_revocation",
                       {{"code", name_of(at.dossier)}, {"name", at.line.name}},
                       "/ho-so/" + name_of(at.dossier),
                       at.dossier.id});
        ANTIN_CHECK(advance_dossier(tx, services, system, at.dossier.id));
    }
    return {};
}

Status step(sql::Transaction& tx, Services& services, const store::Dossier& dossier,
            store::DossierLine& line, domain::LineAction action) {
    auto facts = facts_of_line(dossier, line);
    ANTIN_TRY(next, domain::as_result(domain::decide(facts, action, domain::Role::System)));
    line.state = next;
    audit::append(tx, journal_entry(services, Actor::system("Ấn Tín"),
                                    fmt::format("line.{}", domain::to_text(action)), "dossier_line",
                                    std::to_string(line.id)));
    return {};
}

}  // namespace

Status revoke_line(sql::Transaction& tx, Services& services, const Actor& actor,
                   const store::Dossier& dossier, store::DossierLine& line) {
    const std::string serial = line.target_serial.value_or(line.value("serial", dossier));
    const auto grounds = grounds_of(tx, dossier, line);
    const auto revoked = revoke_certificate(
        tx, serial, grounds.code, grounds.reason,
        {{actor.account_id, actor.name}, line_order_id(tx, line.id), services.clock.now()});
    if (!revoked) return fail(revoked.error());
    ANTIN_CHECK(step(tx, services, dossier, line, domain::LineAction::Revoke));
    line.certificate_serial = serial;
    ANTIN_TRY(due_back, call_device_back(tx, services, serial, line.name));
    if (due_back) {
        const auto certificate = store::find_subscriber_certificate(tx, serial);
        line.device_id = certificate->device_id;
        ANTIN_CHECK(step(tx, services, dossier, line, domain::LineAction::CallDeviceBack));
    }
    if (!store::save_line(tx, line)) return dossier_changed(tx, dossier.id);
    return close_requests(tx, services, serial);
}

}  // namespace antin::app
