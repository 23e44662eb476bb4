#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "audit/journal.hpp"
#include "base/result.hpp"
#include "pki/signer.hpp"

namespace antin::audit {

/// "Entry `seq` has this hash, and the entries since the checkpoint before have these contents",
/// signed. One line of DIR/audit/checkpoints.jsonl each (kept outside the database; an office
/// copies that file away), and a row of audit_checkpoint.
struct Checkpoint {
    std::int64_t seq = 0;
    Instant at;
    std::string hash;
    std::vector<std::string> digests;  // content_digest of the entries since the last checkpoint
    std::string entries_hash;          // SHA-256 over the digests, one after the other
    Bytes signature;                   // over SHA-256 of statement()
};

/// The very bytes that are signed: four lines of text.
[[nodiscard]] std::string statement(const Checkpoint& checkpoint);
[[nodiscard]] std::string hash_of(const std::vector<std::string>& digests);

inline constexpr std::int64_t entries_between_checkpoints = 1000;
inline constexpr std::chrono::minutes time_between_checkpoints{5};

/// Writes the checkpoints that are due: one for every 1,000 entries since the last, and one for
/// fewer when the oldest of them is older than 5 minutes (`at_once`: whatever there is). Signs
/// outside of every transaction; the file is on the disk before the row. The public key is put
/// beside (public-key.pem) the first time. Called by one process alone, a few times a minute.
/// Returns how many were written. Errors: Unavailable of the token, the disk or the database; what
/// could not be written now is written next time.
enum class When { Due, AtOnce };
[[nodiscard]] Result<int> write_checkpoints(sql::Database& db, const Clock& clock,
                                            pki::Signer& signer,
                                            const std::filesystem::path& folder, When when);

/// After a restore: the file was copied a moment later than the database. Takes out the lines that
/// the database does not know, so that the trail goes on from where the copy ends.
Status drop_unknown_checkpoints(sql::Database& db, const std::filesystem::path& folder);

/// Adds to the copy in `copy_folder` (another disk) what it lacks, and the public key the first
/// time. Nothing there is ever changed: Conflict "audit.copy_differs" when the file does not begin
/// with what was copied before; Unavailable "audit.cannot_write". Compares all of it.
Status extend_copy(const std::filesystem::path& folder, const std::filesystem::path& copy_folder);
/// Only looks: Conflict "audit.copy_differs" as above.
Status compare_copy(const std::filesystem::path& folder, const std::filesystem::path& copy_folder);

/// extend_copy() for a process that calls it a few times a minute. Of files that nobody but itself
/// has touched since (by inode, size and times) only what was added is read; else, and once an
/// hour, all of it is compared.
class TrailCopy {
  public:
    TrailCopy(std::filesystem::path folder, std::filesystem::path copy_folder)
        : folder_(std::move(folder)), copy_folder_(std::move(copy_folder)) {}
    /// Before this process adds to the trail: what has changed until now, others did.
    void look();
    /// Errors: as extend_copy(); Conflict "audit.copy_removed" once when the copy was taken away or
    /// cut since the last call (it is made whole again).
    Status extend(Instant now);

  private:
    struct Stamp {  // of a file; all 0 when there is none
        std::uint64_t device = 0, inode = 0;
        std::int64_t size = 0, modified_ns = 0, changed_ns = 0;
        bool operator==(const Stamp&) const = default;
    };
    struct Stamps {
        Stamp original, copy;
        bool operator==(const Stamps&) const = default;
    };
    [[nodiscard]] static Stamp stamp_of(const std::filesystem::path& path);
    [[nodiscard]] std::vector<Stamps> stamps() const;
    Status compare_all(Instant now);

    std::filesystem::path folder_, copy_folder_;
    std::vector<Stamps> seen_;  // after the last call that went well
    std::optional<Instant> compared_at_;
    bool untouched_ = false;
};
inline constexpr std::chrono::hours time_between_comparisons{1};

/// All lines of DIR/audit/checkpoints.jsonl. Invalid "audit.checkpoint_file" with the line's
/// number; a last line that a crash cut off is left out.
[[nodiscard]] Result<std::vector<Checkpoint>> read_checkpoints(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path checkpoint_file(const std::filesystem::path& folder);
[[nodiscard]] std::filesystem::path public_key_file(const std::filesystem::path& folder);

/// What stands in the database: without digests.
[[nodiscard]] std::vector<Checkpoint> list_checkpoints(sql::Reader& reader);

}  // namespace antin::audit
