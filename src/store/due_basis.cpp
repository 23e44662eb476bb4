#include "store/due_basis.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement keep_statement{
    "due_basis.keep",
    "INSERT INTO due_basis (dossier_id, from_at, minutes) VALUES ($1, $2, $3)"
    " ON CONFLICT (dossier_id) DO UPDATE SET from_at = excluded.from_at,"
    " minutes = excluded.minutes"};
constexpr sql::Statement find_statement{
    "due_basis.find", "SELECT from_at, minutes FROM due_basis WHERE dossier_id = $1"};
// Versions are written "2026.1" or "2026.1+2027.0".
constexpr sql::Statement by_year_statement{
    "dossier.due_by_year",
    "SELECT d.id AS id FROM dossier d LEFT JOIN due_basis b ON b.dossier_id = d.id"
    " WHERE d.due_at IS NOT NULL AND d.decided_at IS NULL AND d.procedure <> 'revocation'"
    " AND d.calendar_version LIKE '%' || $1 || '.%'"
    " AND (b.dossier_id IS NULL OR b.minutes IS NOT NULL) ORDER BY d.id"};

}  // namespace

void keep_due_basis(sql::Transaction& tx, std::int64_t dossier_id, const DueBasis& basis) {
    tx.execute(keep_statement, dossier_id, basis.from_at, basis.minutes);
}

std::optional<DueBasis> find_due_basis(sql::Reader& reader, std::int64_t dossier_id) {
    const auto rows = reader.query(find_statement, dossier_id);
    if (rows.empty()) return std::nullopt;
    return DueBasis{rows[0].instant("from_at"), rows[0].maybe_integer("minutes")};
}

std::vector<std::int64_t> dossiers_due_by_year(sql::Reader& reader, int year) {
    std::vector<std::int64_t> out;
    for (const sql::Row row : reader.query(by_year_statement, std::to_string(year))) {
        out.push_back(row.integer("id"));
    }
    return out;
}

}  // namespace antin::store
