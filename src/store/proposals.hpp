#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// What an assessor proposes for a dossier as a whole: to stop it, or to move its due time.
struct DossierProposal {
    std::int64_t id = 0;
    std::int64_t dossier_id = 0;
    std::string kind;    // stop | postponement
    std::string state;   // draft (prepared by the clock) | open | agreed | declined | dropped
    std::string reason;  // one reason on each line
    std::optional<Instant> promised_at, new_due_at;
    std::optional<std::int64_t> proposed_by;  // nobody: a draft
    std::string proposed_by_name;             // read along
    Instant proposed_at;
    std::optional<std::int64_t> decided_by;
    std::optional<Instant> decided_at;
    std::string decision_reason;
};

std::int64_t add_proposal(sql::Transaction& tx, const DossierProposal& proposal);
[[nodiscard]] std::optional<DossierProposal> find_proposal(sql::Reader& reader, std::int64_t id);
/// Drafts and open ones; at most one of each kind.
[[nodiscard]] std::vector<DossierProposal> waiting_proposals(sql::Reader& reader,
                                                             std::int64_t dossier_id);
/// How many of the kind were agreed so far.
[[nodiscard]] std::int64_t count_agreed(sql::Reader& reader, std::int64_t dossier_id,
                                        std::string_view kind);
/// Draft -> open, with what the assessor wrote.
bool open_draft(sql::Transaction& tx, const DossierProposal& proposal);
/// Ends an open one (a draft too when it is dropped); false when it was not open any more.
bool end_proposal(sql::Transaction& tx, std::int64_t id, std::string_view state,
                  std::optional<std::int64_t> by, Instant at, std::string_view reason);
/// The due time moved, or the dossier ended: what was proposed of it is void. Answers how many.
std::int64_t drop_proposals(sql::Transaction& tx, std::int64_t dossier_id, std::string_view kind,
                            Instant at);

}  // namespace antin::store
