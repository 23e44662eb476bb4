#include "store/attachments.hpp"

namespace antin::store {
namespace {

#define FILE_COLUMNS                                                         \
    "f.id AS file_id, f.sha256 AS sha256, f.size_bytes AS size_bytes,"       \
    " f.media_type AS media_type, f.name AS name, f.agency_id AS agency_id," \
    " f.account_id AS account_id, f.created_at AS created_at"
#define ATTACHMENT_COLUMNS                                                            \
    "a.id AS id, a.dossier_id AS dossier_id, a.kind AS kind, a.added_by AS added_by," \
    " a.added_at AS added_at, " FILE_COLUMNS

const sql::Statement insert_file{
    "file.insert",
    "INSERT INTO file (sha256, size_bytes, media_type, name, agency_id, account_id, created_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"};
const sql::Statement select_file{"file.by_id",
                                 "SELECT " FILE_COLUMNS " FROM file f WHERE f.id = $1"};
const sql::Statement insert_attachment{
    "attachment.insert",
    "INSERT INTO attachment (dossier_id, kind, file_id, added_by, added_at)"
    " VALUES ($1, $2, $3, $4, $5) RETURNING id"};
const sql::Statement select_attachments{
    "attachment.of_dossier", "SELECT " ATTACHMENT_COLUMNS
                             " FROM attachment a JOIN file f ON f.id = a.file_id"
                             " WHERE a.dossier_id = $1 AND a.removed_at IS NULL ORDER BY a.id"};
const sql::Statement select_attachment{"attachment.by_id",
                                       "SELECT " ATTACHMENT_COLUMNS
                                       " FROM attachment a JOIN file f ON f.id = a.file_id"
                                       " WHERE a.id = $1 AND a.removed_at IS NULL"};
const sql::Statement mark_removed{"attachment.remove",
                                  "UPDATE attachment SET removed_at = $1 WHERE id = $2"};

File file_from(const sql::Row& row) {
    File file;
    file.id = row.integer("file_id");
    file.sha256 = row.text("sha256");
    file.size_bytes = row.integer("size_bytes");
    file.media_type = row.text("media_type");
    file.name = row.text("name");
    file.agency_id = row.maybe_integer("agency_id");
    file.account_id = row.maybe_integer("account_id");
    file.created_at = row.instant("created_at");
    return file;
}

Attachment attachment_from(const sql::Row& row) {
    Attachment attachment;
    attachment.id = row.integer("id");
    attachment.dossier_id = row.integer("dossier_id");
    attachment.kind = row.text("kind");
    attachment.added_by = row.integer("added_by");
    attachment.added_at = row.instant("added_at");
    attachment.file = file_from(row);
    return attachment;
}

}  // namespace

std::int64_t add_file(sql::Transaction& tx, const File& file) {
    return tx.insert(insert_file, file.sha256, file.size_bytes, file.media_type, file.name,
                     file.agency_id, file.account_id, file.created_at);
}

std::optional<File> find_file(sql::Reader& reader, std::int64_t id) {
    const auto rows = reader.query(select_file, id);
    if (rows.size() == 0) return std::nullopt;
    return file_from(rows[0]);
}

std::int64_t add_attachment(sql::Transaction& tx, const Attachment& attachment) {
    return tx.insert(insert_attachment, attachment.dossier_id, attachment.kind, attachment.file.id,
                     attachment.added_by, attachment.added_at);
}

std::vector<Attachment> attachments(sql::Reader& reader, std::int64_t dossier_id) {
    std::vector<Attachment> out;
    const auto rows = reader.query(select_attachments, dossier_id);
    for (const sql::Row row : rows) out.push_back(attachment_from(row));
    return out;
}

std::optional<Attachment> find_attachment(sql::Reader& reader, std::int64_t id) {
    const auto rows = reader.query(select_attachment, id);
    if (rows.size() == 0) return std::nullopt;
    return attachment_from(rows[0]);
}

void remove_attachment(sql::Transaction& tx, std::int64_t id, Instant at) {
    tx.execute(mark_removed, at, id);
}

}  // namespace antin::store
