#pragma once
#include <string>

#include "store/dossier_lines.hpp"

namespace antin::app {

/// Who a row's certificate names, by field key. Issuance: what stands in the row. Mẫu 04: what is
/// known of the subscriber of the certificate that it concerns, with the row's changes applied.
[[nodiscard]] store::FieldValues subject_values(sql::Reader& db, const store::Dossier& dossier,
                                                const store::DossierLine& line);
/// Full name, agency or system.
[[nodiscard]] std::string subject_name(domain::SubscriberKind kind,
                                       const store::FieldValues& values);

}  // namespace antin::app
