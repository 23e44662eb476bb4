#pragma once
#include <cstdint>

#include "base/result.hpp"
#include "domain/vocabulary.hpp"
#include "store/agencies.hpp"

namespace antin::app {

/// Which body answers a request of this agency. NĐ 68/2024 Điều 11: issuance is always the
/// provider's; the others follow routing. Unavailable "provider.missing".
[[nodiscard]] Result<std::int64_t> receiver_of(sql::Reader& db, const store::Agency& agency,
                                               domain::Procedure procedure,
                                               domain::Carrier carrier);

}  // namespace antin::app
