#pragma once
#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "ca/approval.hpp"
#include "store/dossier_lines.hpp"

namespace antin::app {

/// In the transaction that approves a row of Mẫu 05: the certificate is revoked for its reason, its
/// device is due back, and what still runs on the certificate ends. Wake the authority after the
/// commit. A certificate that is revoked already keeps its own reason.
/// Errors: NotFound "ca.serial_unknown"; Conflict "dossier.changed". Returns: is a device due back?
[[nodiscard]] Result<bool> revoke_line(sql::Transaction& tx, Services& services, const Actor& actor,
                                       const store::Dossier& dossier, store::DossierLine& line);

}  // namespace antin::app
