#pragma once
#include "sql/sql.hpp"

namespace antin::store {

/// Whether a body that is not of a demo ever filed a dossier. Drafts do not count.
[[nodiscard]] bool has_real_dossiers(sql::Reader& reader);

}  // namespace antin::store
