#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// One thing to mend. `line` 0: it concerns the dossier as a whole.
struct SupplementItem {
    std::int64_t line = 0;
    std::string field;  // key, "" for the whole row
    std::string sentence;
};

/// All defects at once, with a day by which the agency answers.
struct SupplementRequest {
    std::int64_t id = 0;
    std::int64_t dossier_id = 0;
    std::int64_t number = 0;  // the first, the second, …
    std::string state;        // open | answered | expired | cancelled
    std::vector<SupplementItem> items;
    std::int64_t asked_by = 0;
    Instant asked_at;
    Instant answer_due_at;
    bool before_acceptance = false;
    std::optional<std::int64_t> answered_by;
    std::optional<Instant> answered_at;
    std::string answer_note;
};

[[nodiscard]] std::int64_t add_supplement(sql::Transaction& tx, const SupplementRequest& request);
/// Oldest first.
[[nodiscard]] std::vector<SupplementRequest> supplements_of(sql::Reader& reader,
                                                            std::int64_t dossier_id);
[[nodiscard]] std::optional<SupplementRequest> open_supplement(sql::Reader& reader,
                                                               std::int64_t dossier_id);
/// Ends an open request; false when it was not open any more.
bool close_supplement(sql::Transaction& tx, std::int64_t id, std::string_view state,
                      std::optional<std::int64_t> by, Instant at, std::string_view note);
/// Open ones whose day has passed, at most `limit`.
[[nodiscard]] std::vector<SupplementRequest> overdue_supplements(sql::Reader& reader, Instant now,
                                                                 std::int64_t limit);

}  // namespace antin::store
