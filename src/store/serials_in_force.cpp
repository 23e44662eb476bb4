#include "store/serials_in_force.hpp"

namespace antin::store {
namespace {

const sql::Statement in_force_of_dossier{
    "dossier_line.in_force_of_dossier",
    "SELECT DISTINCT o.id AS id, o.subject_key AS subject_key,"
    " o.certificate_serial AS certificate_serial"
    " FROM dossier_line l JOIN dossier_line o ON o.subject_key = l.subject_key"
    " WHERE l.dossier_id = $1 AND l.subject_key <> ''"
    " AND o.state IN ('issued', 'handed_over', 'in_force') AND o.certificate_serial IS NOT NULL"
    " ORDER BY o.id DESC"};

}  // namespace

std::vector<SerialInForce> serials_in_force_of_dossier(sql::Reader& reader,
                                                       std::int64_t dossier_id) {
    std::vector<SerialInForce> out;
    const auto rows = reader.query(in_force_of_dossier, dossier_id);
    for (const sql::Row row : rows) {
        out.push_back({row.text("subject_key"), row.text("certificate_serial")});
    }
    return out;
}

}  // namespace antin::store
