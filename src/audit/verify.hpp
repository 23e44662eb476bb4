#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "audit/checkpoint.hpp"

namespace antin::audit {

enum class FindingKind {
    Changed,            // the content of an entry is not what was written
    Moved,              // an entry holds what another one held
    Removed,            // a number is missing
    Added,              // a number that cannot be (below 1)
    Cut,                // the journal ends before a checkpoint
    Unchained,          // an entry does not follow the one before it
    CheckpointChanged,  // a checkpoint of the file or the table whose signature does not hold
    CheckpointMissing,  // in the file and not in the table, or the other way round
    CheckpointFile,     // the file or the key beside it cannot be read
};
[[nodiscard]] std::string_view to_name(FindingKind kind);

struct Finding {
    FindingKind kind;
    std::int64_t seq = 0;  // the entry (or checkpoint) at fault; 0 where there is none
    std::string detail;    // in English, for the auditor
};

struct Report {
    std::int64_t entries = 0;
    std::int64_t checkpoints = 0;            // good ones
    std::int64_t last_checkpoint = 0;        // the entry it covers
    std::int64_t after_last_checkpoint = 0;  // entries that only the chain protects as yet
    std::vector<Finding> findings;           // at most findings_max
    bool more_findings = false;
};
inline constexpr std::size_t findings_max = 200;

/// Checks the whole journal against itself, against the signed checkpoints of `folder` (or of a
/// copy of it that the auditor kept) and against those in the database. `public_key_info` empty:
/// the key beside the checkpoints is taken; an auditor who does not trust the operator brings his
/// own. Errors: only when the database cannot be read; whatever is wrong with the journal is a
/// finding.
[[nodiscard]] Result<Report> verify(sql::Database& db, const std::filesystem::path& folder,
                                    const Bytes& public_key_info = {});

}  // namespace antin::audit
