#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// One step in the life of a dossier, as people read it; never changed afterwards.
struct DossierEvent {
    std::int64_t id = 0;
    std::int64_t dossier_id = 0;
    std::optional<std::int64_t> line_number;
    std::string act;  // text key "event.<act>"
    std::string from_state, to_state;
    std::optional<std::int64_t> actor_id;
    std::string actor_name;
    Instant at;
    std::string data = "{}";   // JSON, fills placeholders of the text
    bool is_public = false;    // stands on the look-up page: no personal data in it
    bool is_internal = false;  // the agency never sees it
};

std::int64_t add_dossier_event(sql::Transaction& tx, const DossierEvent& event);

enum class EventAudience { Officer, Agency, Public };
/// Oldest first.
[[nodiscard]] std::vector<DossierEvent> dossier_events(sql::Reader& reader, std::int64_t dossier_id,
                                                       EventAudience audience);

}  // namespace antin::store
