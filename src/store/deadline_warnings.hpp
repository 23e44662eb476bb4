#pragma once
#include <cstdint>
#include <vector>

#include "domain/dossier_clock.hpp"
#include "store/dossiers.hpp"

namespace antin::store {

struct DossierToWarn {
    Dossier dossier;
    bool day_before = false, most_used = false;  // given already for this promise
};
/// Accepted and not ended, clock running, not late at `now`, and not yet given every warning for
/// the promise that holds; by id, from the one after `after_id`.
[[nodiscard]] std::vector<DossierToWarn> dossiers_to_warn(sql::Reader& reader, Instant now,
                                                          std::int64_t after_id,
                                                          std::int64_t limit);
/// False when it was given before for this limit.
bool note_warning(sql::Transaction& tx, const Dossier& dossier, domain::DeadlineWarning warning,
                  Instant at);

}  // namespace antin::store
