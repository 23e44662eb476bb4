#pragma once
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "sql/sql.hpp"

namespace antin::app {

// Keys are made, certificates issued and devices handed over at the bench of the provider, whoever
// received the dossier: a province has none. Call these outside of transactions; a refusal stands
// on the audit trail.

/// Lists and stock. Forbidden "access.role" but for a registration officer of the provider.
[[nodiscard]] Status bench_officer(Services& services, const Actor& actor, std::string_view act);
/// Rows, before any act on them. Forbidden "access.role" for those who are no registration officer
/// at all; NotFound "line.not_found" where one of the rows is not served by the actor's bench.
[[nodiscard]] Status bench_officer_of_lines(Services& services, const Actor& actor,
                                            const std::vector<std::int64_t>& line_ids);
/// The same for a dossier: NotFound "dossier.not_found".
[[nodiscard]] Status bench_officer_of_dossier(Services& services, const Actor& actor,
                                              std::int64_t dossier_id);

/// The body at whose bench keys are made for what `receiver_id` received: a provider's own, else
/// the provider's.
[[nodiscard]] std::optional<std::int64_t> bench_body(sql::Reader& db, std::int64_t receiver_id);

/// Whether the bench at which the actor works serves the dossiers that `receiver_id` received.
[[nodiscard]] bool serves_bench(sql::Reader& db, const Actor& actor, std::int64_t receiver_id);

}  // namespace antin::app
