#include "store/handovers.hpp"

namespace antin::store {

namespace {

#define ANTIN_HANDOVER_COLUMNS                                                            \
    "h.id AS id, h.dossier_id AS dossier_id, h.method AS method,"                         \
    " h.recipient_name AS recipient_name, h.recipient_position AS recipient_position,"    \
    " h.handed_by AS handed_by, p.full_name AS handed_by_name, h.handed_at AS handed_at," \
    " h.confirmed_by AS confirmed_by, h.confirmed_at AS confirmed_at, h.note AS note,"    \
    " h.version AS version"
#define ANTIN_HANDOVER \
    "SELECT " ANTIN_HANDOVER_COLUMNS " FROM handover h JOIN account p ON p.id = h.handed_by"

const sql::Statement insert_handover{
    "handover.insert",
    "INSERT INTO handover (dossier_id, method, recipient_name, recipient_position, handed_by,"
    " handed_at, note, submit_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"};
const sql::Statement insert_line{
    "handover_line.insert",
    "INSERT INTO handover_line (handover_id, line_id, device_id) VALUES ($1, $2, $3)"};
const sql::Statement select_handover{"handover.by_id", ANTIN_HANDOVER " WHERE h.id = $1"};
const sql::Statement select_by_key{"handover.by_submit_key",
                                   ANTIN_HANDOVER " WHERE h.submit_key = $1"};
const sql::Statement select_lines{
    "handover_line.of_handover",
    "SELECT x.line_id AS line_id, l.number AS number, x.device_id AS device_id, l.name AS name,"
    " COALESCE(v.serial, '') AS device_serial, COALESCE(v.kind, l.carrier) AS device_kind,"
    " COALESCE(l.certificate_serial, '') AS certificate_serial, x.confirmed_at AS confirmed_at"
    " FROM handover_line x JOIN dossier_line l ON l.id = x.line_id"
    " LEFT JOIN device v ON v.id = x.device_id WHERE x.handover_id = $1 ORDER BY l.number"};
const sql::Statement select_of_dossier{"handover.of_dossier",
                                       ANTIN_HANDOVER " WHERE h.dossier_id = $1 ORDER BY h.id"};
const sql::Statement select_open{
    "handover.open", ANTIN_HANDOVER
    " JOIN dossier d ON d.id = h.dossier_id WHERE d.agency_id = $1 AND h.confirmed_at IS NULL"
    " ORDER BY h.id"};
const sql::Statement select_desk{
    "handover.desk",
    "SELECT " ANTIN_HANDOVER_COLUMNS
    ", COALESCE(d.code, '') AS dossier_code, a.name AS agency_name,"
    " (SELECT COUNT(*) FROM handover_line x WHERE x.handover_id = h.id) AS lines,"
    " (SELECT COUNT(*) FROM handover_line x JOIN dossier_line l ON l.id = x.line_id"
    " WHERE x.handover_id = h.id AND l.carrier = 'central') AS accounts"
    " FROM handover h JOIN account p ON p.id = h.handed_by JOIN dossier d ON d.id = h.dossier_id"
    " JOIN agency a ON a.id = d.agency_id"
    " ORDER BY CASE WHEN h.confirmed_at IS NULL THEN 0 ELSE 1 END, h.id DESC LIMIT $1"};
const sql::Statement confirm{
    "handover.confirm",
    "UPDATE handover SET confirmed_by = $1, confirmed_at = $2, version = version + 1"
    " WHERE id = $3 AND confirmed_at IS NULL"};
const sql::Statement confirm_lines{
    "handover_line.confirm", "UPDATE handover_line SET confirmed_at = $1 WHERE handover_id = $2"};
const sql::Statement select_ready{
    "handover.ready_dossiers",
    "SELECT d.id AS id, COALESCE(d.code, '') AS code, a.name AS agency_name, d.due_at AS due_at,"
    " COUNT(*) AS n, COUNT(CASE WHEN l.carrier = 'central' THEN 1 END) AS accounts"
    " FROM dossier_line l JOIN dossier d ON d.id = l.dossier_id"
    " JOIN agency a ON a.id = d.agency_id JOIN personalisation p ON p.line_id = l.id"
    " WHERE l.state = 'issued' AND p.checked_at IS NOT NULL"
    " GROUP BY d.id, d.code, a.name, d.due_at ORDER BY d.id LIMIT $1"};
const sql::Statement select_ready_lines{
    "handover.ready_lines",
    "SELECT l.id AS id FROM dossier_line l JOIN personalisation p ON p.line_id = l.id"
    " WHERE l.dossier_id = $1 AND l.state = 'issued' AND p.checked_at IS NOT NULL"
    " ORDER BY l.number"};
Handover handover_from(const sql::Row& row) {
    Handover handover;
    handover.id = row.integer("id");
    handover.dossier_id = row.integer("dossier_id");
    handover.method = row.text("method");
    handover.recipient_name = row.text("recipient_name");
    handover.recipient_position = row.text("recipient_position");
    handover.handed_by = row.integer("handed_by");
    handover.handed_by_name = row.text("handed_by_name");
    handover.handed_at = row.instant("handed_at");
    handover.confirmed_by = row.maybe_integer("confirmed_by");
    handover.confirmed_at = row.maybe_instant("confirmed_at");
    handover.note = row.text("note");
    handover.version = row.integer("version");
    return handover;
}

std::vector<Handover> every(const sql::Rows& rows) {
    std::vector<Handover> out;
    for (const sql::Row row : rows) out.push_back(handover_from(row));
    return out;
}

}  // namespace

std::int64_t add_handover(sql::Transaction& tx, const Handover& handover,
                          std::string_view submit_key) {
    const auto key = submit_key.empty() ? sql::Value{nullptr} : sql::value_of(submit_key);
    return tx.insert(insert_handover, handover.dossier_id, handover.method, handover.recipient_name,
                     handover.recipient_position, handover.handed_by, handover.handed_at,
                     handover.note, key);
}

void add_handover_line(sql::Transaction& tx, std::int64_t handover_id, std::int64_t line_id,
                       std::optional<std::int64_t> device_id) {
    tx.execute(insert_line, handover_id, line_id, device_id);
}

std::optional<Handover> find_handover(sql::Reader& db, std::int64_t id) {
    const auto rows = db.query(select_handover, id);
    if (rows.empty()) return std::nullopt;
    return handover_from(rows[0]);
}

std::optional<Handover> find_handover_by_submit_key(sql::Reader& db, std::string_view key) {
    if (key.empty()) return std::nullopt;
    const auto rows = db.query(select_by_key, key);
    if (rows.empty()) return std::nullopt;
    return handover_from(rows[0]);
}

std::vector<HandoverLine> handover_lines(sql::Reader& db, std::int64_t handover_id) {
    std::vector<HandoverLine> out;
    const auto rows = db.query(select_lines, handover_id);
    for (const sql::Row row : rows) {
        out.push_back({row.integer("line_id"), row.integer("number"),
                       row.maybe_integer("device_id"), row.text("name"), row.text("device_serial"),
                       row.text("device_kind"), row.text("certificate_serial"),
                       row.maybe_instant("confirmed_at")});
    }
    return out;
}

std::vector<Handover> handovers_of_dossier(sql::Reader& db, std::int64_t dossier_id) {
    return every(db.query(select_of_dossier, dossier_id));
}

std::vector<Handover> open_handovers(sql::Reader& db, std::int64_t agency_id) {
    return every(db.query(select_open, agency_id));
}

std::vector<DeskHandover> desk_handovers(sql::Reader& db, std::int64_t limit) {
    std::vector<DeskHandover> out;
    const auto rows = db.query(select_desk, limit);
    for (const sql::Row row : rows) {
        out.push_back({handover_from(row), row.text("dossier_code"), row.text("agency_name"),
                       row.integer("lines"), row.integer("accounts")});
    }
    return out;
}

bool confirm_handover(sql::Transaction& tx, std::int64_t id, std::int64_t by, Instant now) {
    if (tx.execute(confirm, by, now, id) != 1) return false;
    tx.execute(confirm_lines, now, id);
    return true;
}

std::vector<ReadyDossier> dossiers_to_hand_over(sql::Reader& db, std::int64_t limit) {
    std::vector<ReadyDossier> out;
    const auto rows = db.query(select_ready, limit);
    for (const sql::Row row : rows) {
        out.push_back({row.integer("id"), row.integer("n"), row.integer("accounts"),
                       row.text("code"), row.text("agency_name"), row.maybe_instant("due_at")});
    }
    return out;
}

std::vector<std::int64_t> lines_to_hand_over(sql::Reader& db, std::int64_t dossier_id) {
    std::vector<std::int64_t> ids;
    const auto rows = db.query(select_ready_lines, dossier_id);
    for (const sql::Row row : rows) ids.push_back(row.integer("id"));
    return ids;
}

}  // namespace antin::store
