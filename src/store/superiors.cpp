#include "store/superiors.hpp"

#include "base/text.hpp"

namespace antin::store {
namespace {

constexpr std::size_t levels_max = 4;  // ends a circle too, which no use case makes

constexpr sql::Statement by_name_statement{
    "superior.by_name",
    "SELECT id FROM agency WHERE name_folded = $1 AND province_code = $2 AND kind <> 'provider'"
    " ORDER BY CASE kind WHEN 'superior' THEN 0 ELSE 1 END, id LIMIT 1"};
constexpr sql::Statement names_statement{
    "superior.names",
    "SELECT p.name AS name, COUNT(*) AS n FROM agency a JOIN agency p ON p.id = a.parent_id"
    " WHERE a.province_code = $1 GROUP BY p.id, p.name ORDER BY n DESC, p.name LIMIT 6"};
constexpr sql::Statement usual_statement{
    "superior.usual",
    "SELECT parent_id, COUNT(*) AS n FROM agency WHERE province_code = $1 AND kind = $2"
    " AND level = 'commune' AND parent_id IS NOT NULL"
    " GROUP BY parent_id ORDER BY n DESC, parent_id LIMIT 1"};

}  // namespace

std::vector<Agency> superiors_of(sql::Reader& db, const Agency& agency) {
    std::vector<Agency> out;
    auto next = agency.parent_id;
    while (next && out.size() < levels_max) {
        auto above = find_agency(db, *next);
        if (!above) break;
        next = above->parent_id;
        out.push_back(std::move(*above));
    }
    return out;
}

std::optional<Agency> find_superior_by_name(sql::Reader& db, std::string_view province_code,
                                            std::string_view name) {
    const auto rows = db.query(by_name_statement, fold(name), std::string{province_code});
    return rows.empty() ? std::nullopt : find_agency(db, rows[0].integer("id"));
}

std::vector<std::string> superior_names(sql::Reader& db, std::string_view province_code) {
    std::vector<std::string> out;
    for (const auto row : db.query(names_statement, std::string{province_code})) {
        out.push_back(row.text("name"));
    }
    return out;
}

std::optional<std::int64_t> usual_superior(sql::Reader& db, std::string_view province_code,
                                           std::string_view kind) {
    const auto rows = db.query(usual_statement, std::string{province_code}, std::string{kind});
    return rows.empty() ? std::nullopt : rows[0].maybe_integer("parent_id");
}

}  // namespace antin::store
