#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "store/attachments.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

/// What may be attached, stated before a file is chosen. Sizes in bytes.
struct UploadLimits {
    std::int64_t file_bytes_max = 0;
    std::size_t files_max = 20;
    std::vector<std::string> media_types;  // of this kind
};
[[nodiscard]] UploadLimits upload_limits(sql::Reader& db, std::string_view kind);

struct AttachFile {
    std::int64_t dossier_id = 0;
    std::string kind;  // form_scan | form_signed | establishment_decision | other
    std::string name;
};

/// Attaches bytes to a draft or to a dossier that waits for a supplement. Kept byte for byte.
/// Errors: TooLarge "upload.too_large"; Invalid "upload.wrong_type" (judged by content, {{type}}),
/// "upload.empty", "upload.unknown_kind"; TooMany "upload.too_many_files".
[[nodiscard]] Result<std::int64_t> attach_file(Services& services, const Actor& actor,
                                               const AttachFile& input, BytesView bytes);
[[nodiscard]] Status remove_attachment(Services& services, const Actor& actor,
                                       std::int64_t dossier_id, std::int64_t attachment_id);

/// A resumable upload (tus 1.0): started with its size, continued by offset, ended or given up.
struct StartUpload {
    AttachFile file;
    std::int64_t size_bytes = 0;
};
/// The token of the upload's address.
[[nodiscard]] Result<std::string> start_upload(Services& services, const Actor& actor,
                                               const StartUpload& input);
struct UploadState {
    std::int64_t offset_bytes = 0;
    std::int64_t size_bytes = 0;
    bool done = false;
};
[[nodiscard]] Result<UploadState> upload_state(Services& services, const Actor& actor,
                                               std::string_view token);
/// Adds `bytes` at `offset` (Conflict "upload.wrong_offset" when it is not where the upload
/// stands). With the last byte the file is judged and attached; a file that is refused then is
/// gone.
[[nodiscard]] Result<UploadState> continue_upload(Services& services, const Actor& actor,
                                                  std::string_view token, std::int64_t offset,
                                                  BytesView bytes);
[[nodiscard]] Status end_upload(Services& services, const Actor& actor, std::string_view token);

/// A file of a dossier for whom may see the dossier as agency.
struct FileToShow {
    store::Attachment attachment;
    std::string path;
};
[[nodiscard]] Result<FileToShow> open_attachment(Services& services, const Actor& actor,
                                                 std::int64_t attachment_id);

}  // namespace antin::app
