#include "store/uploads.hpp"

namespace antin::store {
namespace {

const sql::Statement insert_upload{
    "upload.insert",
    "INSERT INTO upload (token, account_id, dossier_id, attachment_kind, name, size_bytes,"
    " offset_bytes, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};
const sql::Statement select_upload{
    "upload.by_token",
    "SELECT token, account_id, dossier_id, attachment_kind, name, size_bytes, offset_bytes,"
    " created_at, expires_at, file_id FROM upload WHERE token = $1"};
const sql::Statement advance{
    "upload.advance",
    "UPDATE upload SET offset_bytes = $1, file_id = $2 WHERE token = $3 AND offset_bytes = $4"};
const sql::Statement delete_upload{"upload.delete", "DELETE FROM upload WHERE token = $1"};
const sql::Statement select_expired{
    "upload.expired", "SELECT token FROM upload WHERE expires_at < $1 ORDER BY token LIMIT 500"};

}  // namespace

void add_upload(sql::Transaction& tx, const PendingUpload& u) {
    tx.execute(insert_upload, u.token, u.account_id, u.dossier_id, u.attachment_kind, u.name,
               u.size_bytes, u.offset_bytes, u.created_at, u.expires_at);
}

std::optional<PendingUpload> find_upload(sql::Reader& reader, std::string_view token) {
    const auto rows = reader.query(select_upload, token);
    if (rows.size() == 0) return std::nullopt;
    const sql::Row row = rows[0];
    PendingUpload upload;
    upload.token = row.text("token");
    upload.account_id = row.integer("account_id");
    upload.dossier_id = row.integer("dossier_id");
    upload.attachment_kind = row.text("attachment_kind");
    upload.name = row.text("name");
    upload.size_bytes = row.integer("size_bytes");
    upload.offset_bytes = row.integer("offset_bytes");
    upload.created_at = row.instant("created_at");
    upload.expires_at = row.instant("expires_at");
    upload.file_id = row.maybe_integer("file_id");
    return upload;
}

bool advance_upload(sql::Transaction& tx, std::string_view token, std::int64_t from,
                    std::int64_t to, std::optional<std::int64_t> file_id) {
    return tx.execute(advance, to, file_id, token, from) == 1;
}

void remove_upload(sql::Transaction& tx, std::string_view token) {
    tx.execute(delete_upload, token);
}

std::vector<std::string> expired_uploads(sql::Reader& reader, Instant now) {
    std::vector<std::string> out;
    const auto rows = reader.query(select_expired, now);
    for (const sql::Row row : rows) out.push_back(row.text("token"));
    return out;
}

}  // namespace antin::store
