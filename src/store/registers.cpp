#include "store/registers.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement select_rows{
    "register.rows",
    "SELECT " ANTIN_DOSSIER_COLUMNS
    ", a.name AS agency_name, (SELECT COUNT(*) FROM dossier_proposal p WHERE "
    "p.dossier_id = d.id AND p.kind = 'postponement' AND p.state = 'agreed') AS postponed "
    "FROM dossier d JOIN agency a ON a.id = d.agency_id WHERE d.receiver_id = $1 AND "
    "d.accepted_at >= $2 AND d.accepted_at < $3 ORDER BY d.accepted_at, d.id LIMIT $4 OFFSET $5"};
constexpr sql::Statement count_rows{
    "register.count",
    "SELECT COUNT(*) AS n FROM dossier d WHERE d.receiver_id = $1 AND d.accepted_at >= $2 AND "
    "d.accepted_at < $3"};
constexpr sql::Statement select_sheet{
    "control_sheet.of_dossier",
    "SELECT number, number_text, made_at FROM control_sheet WHERE dossier_id = $1"};
constexpr sql::Statement insert_sheet{
    "control_sheet.insert",
    "INSERT INTO control_sheet (dossier_id, number, number_text, made_by, made_at) "
    "VALUES ($1, $2, $3, $4, $5)"};

}  // namespace

std::vector<RegisterRow> register_rows(sql::Reader& reader, std::int64_t body_id, Instant from,
                                       Instant until, std::int64_t limit, std::int64_t offset) {
    std::vector<RegisterRow> out;
    for (const sql::Row row : reader.query(select_rows, body_id, from, until, limit, offset)) {
        out.push_back({dossier_from(row), row.text("agency_name"), row.integer("postponed")});
    }
    return out;
}

std::int64_t count_register(sql::Reader& reader, std::int64_t body_id, Instant from,
                            Instant until) {
    return reader.query(count_rows, body_id, from, until)[0].integer("n");
}

std::optional<ControlSheetNumber> control_sheet_number(sql::Reader& reader,
                                                       std::int64_t dossier_id) {
    const auto rows = reader.query(select_sheet, dossier_id);
    if (rows.empty()) return std::nullopt;
    return ControlSheetNumber{rows[0].integer("number"), rows[0].text("number_text"),
                              rows[0].instant("made_at")};
}

void add_control_sheet(sql::Transaction& tx, std::int64_t dossier_id,
                       const ControlSheetNumber& number, std::int64_t by) {
    tx.execute(insert_sheet, dossier_id, number.number, number.text, by, number.made_at);
}

}  // namespace antin::store
