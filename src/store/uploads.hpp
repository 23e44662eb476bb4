#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// A resumable upload on its way (tus 1.0). Its bytes so far lie in DIR/uploads/<token>.
struct PendingUpload {
    std::string token;
    std::int64_t account_id = 0;
    std::int64_t dossier_id = 0;
    std::string attachment_kind;
    std::string name;
    std::int64_t size_bytes = 0;
    std::int64_t offset_bytes = 0;
    Instant created_at, expires_at;
    std::optional<std::int64_t> file_id;  // when all bytes are there
};

void add_upload(sql::Transaction& tx, const PendingUpload& upload);
[[nodiscard]] std::optional<PendingUpload> find_upload(sql::Reader& reader, std::string_view token);
/// Moves the offset forward from `from`; false when somebody else moved it.
[[nodiscard]] bool advance_upload(sql::Transaction& tx, std::string_view token, std::int64_t from,
                                  std::int64_t to, std::optional<std::int64_t> file_id);
void remove_upload(sql::Transaction& tx, std::string_view token);
[[nodiscard]] std::vector<std::string> expired_uploads(sql::Reader& reader, Instant now);

}  // namespace antin::store
