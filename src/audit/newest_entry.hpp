#pragma once
#include <optional>

#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::audit {

/// When the newest entry was written; nothing for an empty trail. A clock behind it was set back.
[[nodiscard]] std::optional<Instant> newest_entry_at(sql::Reader& db);

}  // namespace antin::audit
