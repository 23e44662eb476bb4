#pragma once
#include <string>

#include "app/services.hpp"
#include "base/result.hpp"
#include "ca/approval.hpp"
#include "store/dossier_lines.hpp"

namespace antin::app {

/// The order id of a row at the CA: "line:<id>".
[[nodiscard]] std::string certificate_order_id(const store::DossierLine& line);

/// Who the certificate of a row names: C, L province, O superior body (else the agency), OU the
/// agency and a person's own unit, CN; official address as subjectAltName. Mẫu 04: the subscriber
/// as known with the row's changes, and the end that the old certificate gives.
[[nodiscard]] ca::OrderTerms certificate_terms(sql::Reader& db, const store::Dossier& dossier,
                                               const store::DossierLine& line, Instant now);

/// In the transaction that approves the row: what two people decided, on the CA's own record.
/// Only for procedures that give a certificate. Errors: those of ca::approve_order.
Status order_certificate(sql::Transaction& tx, Services& services, const store::Dossier& dossier,
                         const store::DossierLine& line, const ca::Person& proposer,
                         const ca::Person& approver);

}  // namespace antin::app
