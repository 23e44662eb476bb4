#pragma once
#include <cstdint>

#include "sql/sql.hpp"

namespace antin::store {

/// Dossiers that were filed by bodies that are not of a demo. Drafts do not count.
[[nodiscard]] std::int64_t count_real_dossiers(sql::Reader& reader);

}  // namespace antin::store
