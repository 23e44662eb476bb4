#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "config.hpp"

namespace antin::program {

/// What a backup is: a folder with the database as of one moment, the files, tokens, secrets and
/// settings, and manifest.json (names, sizes, SHA-256), which is written last: without it the
/// backup is not whole. It holds every secret but the root's PIN: keep it as the tokens are kept.
struct BackupSummary {
    std::filesystem::path folder;
    std::size_t files = 0;
    std::uint64_t bytes = 0;
    Instant made_at{};
};

/// May run while the portal serves: the database first, then what only grows.
/// Errors: Conflict "backup.target" (folder not empty), Unavailable "backup.tool_failed" (pg_dump),
/// "files.cannot_write".
[[nodiscard]] Result<BackupSummary> make_backup(const Config& config,
                                                const std::filesystem::path& folder,
                                                const Clock& clock);

/// Whether all that the manifest names is there, byte for byte: else Invalid "backup.incomplete".
[[nodiscard]] Result<BackupSummary> check_backup(const std::filesystem::path& folder);

/// Puts a backup into `data_dir`, which must be empty or missing. The restored authority issues
/// nothing until `antin ca lift-fence`. With PostgreSQL the database named in `postgresql` (or in
/// the backup's settings) must exist and be empty. The settings are put there last: what was
/// restored only in part serves nobody.
/// Errors: those of check_backup; Conflict "restore.target"; Unavailable "backup.tool_failed".
[[nodiscard]] Result<BackupSummary> restore_backup(const std::filesystem::path& folder,
                                                   const std::filesystem::path& data_dir,
                                                   const std::string& postgresql);

}  // namespace antin::program
