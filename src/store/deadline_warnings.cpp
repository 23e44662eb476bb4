#include "store/deadline_warnings.hpp"

namespace antin::store {
namespace {

#define ANTIN_WARNED(kind)                                                    \
    "(SELECT COUNT(*) FROM deadline_warning w WHERE w.dossier_id = d.id AND " \
    "w.allowed_minutes = COALESCE(d.allowed_minutes, 0) AND w.kind = '" kind "')"

constexpr sql::Statement select_to_warn{
    "warning.to_give",
    "SELECT " ANTIN_DOSSIER_COLUMNS ", " ANTIN_WARNED(
        "day_before") " AS day_before, " ANTIN_WARNED("most_used") " AS most_used "
    "FROM dossier d WHERE d.state IN ('accepted', 'in_progress') AND d.due_at >= $1 AND d.id > $2 "
    "AND " ANTIN_WARNED("most_used") " + " ANTIN_WARNED("day_before") " < 2 "
    "ORDER BY d.id LIMIT $3"};
constexpr sql::Statement insert_warning{
    "warning.note",
    "INSERT INTO deadline_warning (dossier_id, kind, allowed_minutes, given_at) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (dossier_id, kind, allowed_minutes) DO NOTHING"};

}  // namespace

std::vector<DossierToWarn> dossiers_to_warn(sql::Reader& reader, Instant now, std::int64_t after_id,
                                            std::int64_t limit) {
    std::vector<DossierToWarn> out;
    for (const sql::Row row : reader.query(select_to_warn, now, after_id, limit)) {
        out.push_back(
            {dossier_from(row), row.integer("day_before") > 0, row.integer("most_used") > 0});
    }
    return out;
}

bool note_warning(sql::Transaction& tx, const Dossier& dossier, domain::DeadlineWarning warning,
                  Instant at) {
    return tx.execute(insert_warning, dossier.id, domain::to_text(warning),
                      dossier.allowed_minutes.value_or(0), at) == 1;
}

}  // namespace antin::store
