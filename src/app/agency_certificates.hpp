#pragma once
#include <optional>
#include <vector>

#include "base/time.hpp"
#include "store/dossier_lines.hpp"

namespace antin::app {

/// A subscriber of an agency by its newest row, with the certificate when it has one.
struct AgencyCertificate {
    store::DossierLine line;
    std::optional<Instant> not_after;
};
/// All subscribers of the agency (at most 500 of each kind). The caller has decided that the person
/// acts for the agency.
[[nodiscard]] std::vector<AgencyCertificate> agency_certificates(sql::Reader& db,
                                                                 std::int64_t agency_id);
/// Those in force that end within `days` from `now`, soonest first.
[[nodiscard]] std::vector<AgencyCertificate> expiring_certificates(sql::Reader& db,
                                                                   std::int64_t agency_id,
                                                                   Instant now, int days);

}  // namespace antin::app
