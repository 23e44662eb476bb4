#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

/// What the due time of a dossier was reckoned from, where that is not the limit of its procedure
/// from acceptance on.
struct DueBasis {
    Instant from_at;
    std::optional<std::int64_t> minutes;  // working minutes after from_at; nothing: promised
};

void keep_due_basis(sql::Transaction& tx, std::int64_t dossier_id, const DueBasis& basis);
[[nodiscard]] std::optional<DueBasis> find_due_basis(sql::Reader& reader, std::int64_t dossier_id);

/// Dossiers whose clock runs towards a due time that was reckoned with that year of the calendar;
/// promised ones are not among them.
[[nodiscard]] std::vector<std::int64_t> dossiers_due_by_year(sql::Reader& reader, int year);

}  // namespace antin::store
