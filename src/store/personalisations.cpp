#include "store/personalisations.hpp"

namespace antin::store {

namespace {

#define ANTIN_WORK_COLUMNS                                                                     \
    "p.line_id AS w_line_id, p.device_id AS w_device_id, p.officer_id AS w_officer_id, "       \
    "p.challenge AS w_challenge, p.certificate_request AS w_request, "                         \
    "p.started_at AS w_started_at, p.prepared_at AS w_prepared_at, p.key_at AS w_key_at, "     \
    "p.issued_at AS w_issued_at, p.written_at AS w_written_at, p.checked_at AS w_checked_at, " \
    "p.printed_at AS w_printed_at"

#define ANTIN_BENCH                                                                            \
    "SELECT " ANTIN_LINE_COLUMNS ", " ANTIN_WORK_COLUMNS                                       \
    ", COALESCE(d.code, '') AS dossier_code, a.name AS agency_name, d.agency_id AS agency_id," \
    " d.due_at AS due_at, COALESCE(o.full_name, '') AS officer_name,"                          \
    " COALESCE(v.serial, '') AS device_serial FROM dossier_line l"                             \
    " JOIN dossier d ON d.id = l.dossier_id JOIN agency a ON a.id = d.agency_id"               \
    " LEFT JOIN personalisation p ON p.line_id = l.id LEFT JOIN account o ON o.id = l.work_by" \
    " LEFT JOIN device v ON v.id = p.device_id"

const sql::Statement select_work{"personalisation.of_line",
                                 "SELECT " ANTIN_WORK_COLUMNS
                                 " FROM personalisation p WHERE p.line_id = $1"};
const sql::Statement put_work{
    "personalisation.put",
    "INSERT INTO personalisation (line_id, device_id, officer_id, challenge, certificate_request,"
    " started_at, prepared_at, key_at, issued_at, written_at, checked_at, printed_at)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
    " ON CONFLICT (line_id) DO UPDATE SET device_id = excluded.device_id,"
    " officer_id = excluded.officer_id, challenge = excluded.challenge,"
    " certificate_request = excluded.certificate_request, started_at = excluded.started_at,"
    " prepared_at = excluded.prepared_at, key_at = excluded.key_at,"
    " issued_at = excluded.issued_at, written_at = excluded.written_at,"
    " checked_at = excluded.checked_at, printed_at = excluded.printed_at"};
const sql::Statement delete_work{"personalisation.delete",
                                 "DELETE FROM personalisation WHERE line_id = $1"};
const sql::Statement delete_envelope{
    "pin_envelope.delete", "DELETE FROM pin_envelope WHERE line_id = $1 AND printed_at IS NULL"};
const sql::Statement select_bench{
    "personalisation.bench", ANTIN_BENCH
    " WHERE l.state IN ('approved', 'key_ready', 'issued') AND p.printed_at IS NULL"
    " AND d.procedure IN ('issuance', 'renewal', 'amendment')"
    " AND d.state IN ('in_progress', 'decided')"
    " AND ($1 = '' OR l.carrier = $2)"
    " ORDER BY CASE WHEN d.due_at IS NULL THEN 1 ELSE 0 END, d.due_at, d.id, l.number LIMIT $3"};
const sql::Statement select_to_issue{
    "personalisation.to_issue",
    "SELECT l.id AS id FROM dossier_line l JOIN personalisation p ON p.line_id = l.id"
    " WHERE l.state = 'key_ready' AND p.key_at IS NOT NULL AND p.issued_at IS NULL"
    " ORDER BY l.id LIMIT $1"};
const sql::Statement select_to_print{
    "personalisation.to_print", ANTIN_BENCH
    " WHERE p.checked_at IS NOT NULL AND p.printed_at IS NULL AND l.state = 'issued'"
    " AND l.carrier = $1 ORDER BY p.checked_at, l.id LIMIT $2"};
const sql::Statement select_begun{
    "personalisation.begun",
    "SELECT l.id AS id FROM dossier_line l JOIN personalisation p ON p.line_id = l.id"
    " WHERE l.state IN ('approved', 'key_ready', 'issued') AND p.checked_at IS NULL"
    " AND (l.carrier = 'central' OR (l.carrier = 'sim_pki' AND p.key_at IS NOT NULL))"
    " AND COALESCE(l.work_at, 0) < $1 ORDER BY l.id LIMIT $2"};
const sql::Statement select_ready{
    "personalisation.ready", ANTIN_BENCH
    " WHERE p.printed_at IS NOT NULL AND l.state = 'issued' AND l.carrier = $1"
    " ORDER BY p.printed_at, l.id LIMIT $2"};
const sql::Statement select_bench_row{"personalisation.bench_row", ANTIN_BENCH " WHERE l.id = $1"};
const sql::Statement count_unready{
    "personalisation.count_unready",
    "SELECT COUNT(*) AS n FROM dossier_line l LEFT JOIN personalisation p ON p.line_id = l.id"
    " WHERE l.dossier_id = $1 AND l.state = 'issued' AND p.checked_at IS NULL"};

Personalisation work_from(const sql::Row& row) {
    Personalisation work;
    work.line_id = row.integer("w_line_id");
    work.device_id = row.integer("w_device_id");
    work.officer_id = row.integer("w_officer_id");
    work.challenge = row.text("w_challenge");
    if (!row.is_null("w_request")) work.certificate_request = row.bytes("w_request");
    work.started_at = row.instant("w_started_at");
    work.prepared_at = row.maybe_instant("w_prepared_at");
    work.key_at = row.maybe_instant("w_key_at");
    work.issued_at = row.maybe_instant("w_issued_at");
    work.written_at = row.maybe_instant("w_written_at");
    work.checked_at = row.maybe_instant("w_checked_at");
    work.printed_at = row.maybe_instant("w_printed_at");
    return work;
}

std::vector<BenchRow> bench_rows(const sql::Rows& rows) {
    std::vector<BenchRow> out;
    out.reserve(rows.size());
    for (const sql::Row row : rows) {
        BenchRow one;
        one.line = line_from(row);
        one.dossier_code = row.text("dossier_code");
        one.agency_name = row.text("agency_name");
        one.agency_id = row.integer("agency_id");
        one.officer_name = row.text("officer_name");
        one.device_serial = row.text("device_serial");
        one.due_at = row.maybe_instant("due_at");
        if (!row.is_null("w_line_id")) one.work = work_from(row);
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace

int Personalisation::step() const {
    if (!prepared_at) return 1;
    if (!key_at) return 2;
    if (!issued_at) return 3;
    if (!written_at) return 4;
    if (!checked_at) return 5;
    return printed_at ? 7 : 6;
}

std::optional<Personalisation> find_personalisation(sql::Reader& db, std::int64_t line_id) {
    const auto rows = db.query(select_work, line_id);
    if (rows.empty()) return std::nullopt;
    return work_from(rows[0]);
}

void put_personalisation(sql::Transaction& tx, const Personalisation& work) {
    const auto request = work.certificate_request.empty() ? sql::Value{nullptr}
                                                          : sql::Value{work.certificate_request};
    tx.execute(put_work, work.line_id, work.device_id, work.officer_id, work.challenge, request,
               work.started_at, work.prepared_at, work.key_at, work.issued_at, work.written_at,
               work.checked_at, work.printed_at);
}

void remove_personalisation(sql::Transaction& tx, std::int64_t line_id) {
    tx.execute(delete_work, line_id);
    tx.execute(delete_envelope, line_id);
}

std::vector<BenchRow> bench_queue(sql::Reader& db, std::optional<domain::Carrier> carrier,
                                  std::int64_t limit) {
    const std::string word{carrier ? domain::to_text(*carrier) : std::string_view{}};
    return bench_rows(db.query(select_bench, word, word, limit));
}

std::vector<std::int64_t> lines_to_issue(sql::Reader& db, std::int64_t limit) {
    std::vector<std::int64_t> ids;
    const auto rows = db.query(select_to_issue, limit);
    for (const sql::Row row : rows) ids.push_back(row.integer("id"));
    return ids;
}

std::vector<std::int64_t> lines_begun_without_token(sql::Reader& db, Instant before,
                                                    std::int64_t limit) {
    std::vector<std::int64_t> ids;
    const auto rows = db.query(select_begun, before, limit);
    for (const sql::Row row : rows) ids.push_back(row.integer("id"));
    return ids;
}

std::vector<BenchRow> envelopes_to_print(sql::Reader& db, domain::Carrier carrier,
                                         std::int64_t limit) {
    return bench_rows(db.query(select_to_print, domain::to_text(carrier), limit));
}

std::vector<BenchRow> rows_to_hand_over(sql::Reader& db, domain::Carrier carrier,
                                        std::int64_t limit) {
    return bench_rows(db.query(select_ready, domain::to_text(carrier), limit));
}

std::optional<BenchRow> find_bench_row(sql::Reader& db, std::int64_t line_id) {
    auto rows = bench_rows(db.query(select_bench_row, line_id));
    if (rows.empty()) return std::nullopt;
    return std::move(rows.front());
}

std::int64_t count_unready_lines(sql::Reader& db, std::int64_t dossier_id) {
    return db.query(count_unready, dossier_id)[0].integer("n");
}

}  // namespace antin::store
