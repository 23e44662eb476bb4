#pragma once
#include "domain/official_email.hpp"
#include "sql/sql.hpp"

namespace antin::app {

/// Which addresses count as official here and now: the list that ships with the program and what
/// the administrator added or blocked (settings official_email_added, official_email_blocked).
[[nodiscard]] domain::OfficialEmailRule email_rule(sql::Reader& db);

}  // namespace antin::app
