#include "app/certificate_status.hpp"

#include <fmt/format.h>

#include "app/subject_values.hpp"
#include "store/subscribers.hpp"

namespace antin::app {
namespace {

using domain::CertificateState;

/// The portal's record in its new state; a serial that the portal does not know is fine.
Status put_state(sql::Transaction& tx, std::optional<store::SubscriberCertificate> known,
                 CertificateState state, std::string reason, Instant now) {
    if (!known || known->state == state) return {};
    known->state = state;
    known->state_at = now;
    known->reason = std::move(reason);
    if (!store::save_certificate(tx, *known)) return fail(ErrorKind::Conflict, "bench.changed");
    return {};
}

std::int64_t subscriber_of(sql::Transaction& tx, const store::Dossier& dossier,
                           const store::DossierLine& line, Instant now) {
    store::Subscriber subscriber;
    subscriber.kind = line.kind(dossier);
    subscriber.agency_id = dossier.agency_id;
    subscriber.values = subject_values(tx, dossier, line);
    subscriber.name = subject_name(subscriber.kind, subscriber.values);
    if (subscriber.name.empty()) subscriber.name = line.name;
    subscriber.subject_key =
        line.subject_key.empty() ? fmt::format("line:{}", line.id) : line.subject_key;
    const auto email = subscriber.values.find("email");
    subscriber.email = email == subscriber.values.end() ? line.email : email->second;
    subscriber.is_demo = dossier.is_demo;
    subscriber.updated_at = now;
    return store::put_subscriber(tx, subscriber);
}

/// From its predecessor a certificate has its place in the chain and how often time was added.
Status link(sql::Transaction& tx, const store::DossierLine& line,
            store::SubscriberCertificate& certificate) {
    if (!line.target_serial) return {};
    auto before = store::find_subscriber_certificate(tx, *line.target_serial);
    if (!before) return {};
    certificate.predecessor = before->serial;
    certificate.renewals = before->renewals + (line.ticked("renew") ? 1 : 0);
    before->successor = certificate.serial;
    if (!store::save_certificate(tx, *before)) return fail(ErrorKind::Conflict, "bench.changed");
    return {};
}

}  // namespace

Status record_certificate(sql::Transaction& tx, const store::Dossier& dossier,
                          const store::DossierLine& line, const ca::CertificateRecord& record) {
    if (store::find_subscriber_certificate(tx, record.serial)) return {};
    store::SubscriberCertificate certificate;
    certificate.serial = record.serial;
    certificate.subscriber_id = subscriber_of(tx, dossier, line, record.issued_at);
    certificate.agency_id = dossier.agency_id;
    certificate.kind = line.kind(dossier);
    certificate.carrier = line.carrier;
    certificate.device_id = line.device_id;
    certificate.line_id = line.id;
    certificate.common_name = record.common_name;
    certificate.email = record.email;
    certificate.not_before = record.not_before;
    certificate.not_after = record.not_after;
    certificate.state = record.state == ca::CertificateState::Hold ? CertificateState::OnHold
                                                                   : CertificateState::InForce;
    certificate.state_at = record.state_since;
    certificate.is_demo = dossier.is_demo;
    ANTIN_CHECK(link(tx, line, certificate));
    store::add_certificate(tx, certificate);
    return {};
}

Result<bool> release_certificate(sql::Transaction& tx, std::string_view serial,
                                 const StatusChange& change) {
    auto known = store::find_subscriber_certificate(tx, serial);
    if (known && known->state == CertificateState::EmergencyHold) {
        return fail(ErrorKind::Refused, "certificate.held", {}, {{"serial", known->serial}});
    }
    ANTIN_TRY(changed, ca::release_hold(tx, serial, change.by, change.reference, change.now));
    ANTIN_CHECK(put_state(tx, std::move(known), CertificateState::InForce, {}, change.now));
    return changed;
}

Result<bool> hold_certificate(sql::Transaction& tx, std::string_view serial, std::string ground,
                              const StatusChange& change) {
    ANTIN_TRY(changed, ca::hold(tx, serial, change.by, change.reference, change.now));
    ANTIN_CHECK(put_state(tx, store::find_subscriber_certificate(tx, serial),
                          CertificateState::EmergencyHold, std::move(ground), change.now));
    return changed;
}

Result<bool> lift_certificate_hold(sql::Transaction& tx, std::string_view serial,
                                   const StatusChange& change) {
    ANTIN_TRY(changed, ca::release_hold(tx, serial, change.by, change.reference, change.now));
    ANTIN_CHECK(put_state(tx, store::find_subscriber_certificate(tx, serial),
                          CertificateState::InForce, {}, change.now));
    return changed;
}

Result<bool> revoke_certificate(sql::Transaction& tx, std::string_view serial,
                                ledger::RevocationReason code, std::string reason,
                                const StatusChange& change) {
    ANTIN_TRY(first, ca::revoke(tx, serial, code, change.by, change.reference, change.now));
    if (!first) return false;
    ANTIN_CHECK(put_state(tx, store::find_subscriber_certificate(tx, serial),
                          CertificateState::Revoked, std::move(reason), change.now));
    return true;
}

Status note_given_up(sql::Transaction& tx, std::string_view serial, Instant now) {
    return put_state(tx, store::find_subscriber_certificate(tx, serial), CertificateState::Revoked,
                     "superseded", now);
}

Status replace_certificate(sql::Transaction& tx, std::string_view serial,
                           std::string_view successor, const StatusChange& change) {
    auto known = store::find_subscriber_certificate(tx, serial);
    if (known && known->state == CertificateState::EmergencyHold) return {};
    const auto first = ca::revoke(tx, serial, ledger::RevocationReason::Superseded, change.by,
                                  change.reference, change.now);
    if (!first) return fail(first.error());
    if (!known || !*first) return {};
    known->successor = std::string{successor};
    return put_state(tx, std::move(known), CertificateState::Replaced, "superseded", change.now);
}

}  // namespace antin::app
