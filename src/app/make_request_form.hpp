#pragma once
#include <cstdint>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace antin::app {

/// The dossier's request form (Mẫu 01, 02, 03) as PDF, filled in from what is saved now. A draft is
/// marked "BẢN XEM TRƯỚC" unless `for_signing`. For those who may see the dossier (read_paper's
/// rule; drafts only the agency). Errors: NotFound "dossier.not_found".
[[nodiscard]] Result<Bytes> make_request_form(Services& services, const Actor& actor,
                                              std::int64_t dossier_id, bool for_signing = false);

}  // namespace antin::app
