#pragma once
#include <optional>
#include <string>
#include <string_view>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "store/attachments.hpp"

namespace antin::app {

/// Puts bytes under DIR/files by their SHA-256, durably, before any record points to them (so a
/// record never names a file that is not there; bytes without a record do no harm). The media type
/// is judged by content. Give the result to store::add_file inside the transaction.
/// Errors: Unavailable "file.cannot_write" (disk full, no permission): nothing is kept.
[[nodiscard]] Result<store::File> keep_file(const Services& services, const Actor& actor,
                                            BytesView content, std::string_view name,
                                            std::optional<std::int64_t> agency_id);
/// The same for a file that lies complete at `path` (a resumable upload); it is moved, not copied.
[[nodiscard]] Result<store::File> keep_file_at(const Services& services, const Actor& actor,
                                               const std::string& path, std::string_view name,
                                               std::optional<std::int64_t> agency_id);

/// Where the bytes of a kept file lie.
[[nodiscard]] std::string path_of(const Services& services, const store::File& file);
/// Errors: Unavailable "file.missing".
[[nodiscard]] Result<Bytes> read_kept(const Services& services, const store::File& file);

/// "application/pdf", "image/png", … by content.
[[nodiscard]] std::string media_type_of(BytesView content);

}  // namespace antin::app
