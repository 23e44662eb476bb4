#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// Bytes on disk: DIR/files/<first two digits>/<sha256>. Never changed, never deleted.
struct File {
    std::int64_t id = 0;
    std::string sha256;  // hex
    std::int64_t size_bytes = 0;
    std::string media_type;  // judged by content
    std::string name;        // as the person called it; shown, never a path
    std::optional<std::int64_t> agency_id;
    std::optional<std::int64_t> account_id;
    Instant created_at;
};
[[nodiscard]] std::int64_t add_file(sql::Transaction& tx, const File& file);
[[nodiscard]] std::optional<File> find_file(sql::Reader& reader, std::int64_t id);

/// A file that belongs to a dossier.
struct Attachment {
    std::int64_t id = 0;
    std::int64_t dossier_id = 0;
    std::string kind;  // form_scan | form_signed | establishment_decision | other
    File file;
    std::int64_t added_by = 0;
    Instant added_at;
};
[[nodiscard]] std::int64_t add_attachment(sql::Transaction& tx, const Attachment& attachment);
/// Those not taken away again, oldest first.
[[nodiscard]] std::vector<Attachment> attachments(sql::Reader& reader, std::int64_t dossier_id);
[[nodiscard]] std::optional<Attachment> find_attachment(sql::Reader& reader, std::int64_t id);
/// Takes it out of the dossier; the file stays.
void remove_attachment(sql::Transaction& tx, std::int64_t id, Instant at);

}  // namespace antin::store
