#pragma once
#include <string>
#include <string_view>

#include "app/services.hpp"
#include "base/result.hpp"
#include "ca/authority.hpp"
#include "store/dossier_lines.hpp"
#include "store/subscriber_certificates.hpp"

namespace antin::app {

// The one place where a certificate changes: the ledger (OCSP, CRL) and the portal's record in one
// transaction, the caller's. Who may do it is decided by the use case that calls; here stands what
// a certificate can do. A serial that only the ledger knows (brought back after a restore) changes
// there alone. Wake the authority after the commit (Authority::wake).

/// Who changed it, when, and where it is written down ("line:17", a letter's number).
struct StatusChange {
    ca::Person by;
    std::string reference;
    Instant now;
};

/// The certificate of a row is on the ledger: its subscriber and its page in the portal. The same
/// again changes nothing. A row that names a predecessor is linked to it.
Status record_certificate(sql::Transaction& tx, const store::Dossier& dossier,
                          const store::DossierLine& line, const ca::CertificateRecord& certificate);

/// On hold until the handover → in force. Refused "certificate.held" when it is held in an
/// emergency: that ends only by a person's decision. False when it is in force already.
Result<bool> release_certificate(sql::Transaction& tx, std::string_view serial,
                                 const StatusChange& change);
/// In force → held at once; `ground` is kept beside it. Refused "ca.revoked_for_good".
Result<bool> hold_certificate(sql::Transaction& tx, std::string_view serial, std::string ground,
                              const StatusChange& change);
/// The emergency is over: in force again.
Result<bool> lift_certificate_hold(sql::Transaction& tx, std::string_view serial,
                                   const StatusChange& change);
/// For good. `reason` is what the decision says, by its key ("key_compromise", "left_office" …);
/// `code` is what OCSP and CRL say. False when it was revoked before.
Result<bool> revoke_certificate(sql::Transaction& tx, std::string_view serial,
                                ledger::RevocationReason code, std::string reason,
                                const StatusChange& change);
/// The device broke before anybody had it: the CA has given the order up and revoked it
/// (ca::replace_order); the portal's record says so, too.
Status note_given_up(sql::Transaction& tx, std::string_view serial, Instant now);
/// Its successor is with the subscriber: revoked as superseded. One that is held in an emergency
/// stays as it is for a person to decide; one that is revoked already keeps its own reason.
Status replace_certificate(sql::Transaction& tx, std::string_view serial,
                           std::string_view successor, const StatusChange& change);

}  // namespace antin::app
