#include "store/agency_counts.hpp"

#include "base/text.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement by_state_statement{
    "agency.count_by_state",
    "SELECT a.state AS state, COUNT(*) AS n FROM agency a WHERE a.province_code = $1"
    " AND a.kind NOT IN ('provider', 'provincial_desk')"
    " AND ($2 = '' OR a.name_folded LIKE $3 OR replace(lower(a.code), '.', ' ') LIKE $3)"
    " GROUP BY a.state"};
constexpr sql::Statement to_invite_statement{
    "agency.count_to_invite",
    "SELECT COUNT(*) AS n FROM agency a WHERE a.province_code = $1 AND a.state = 'none'"
    " AND a.email <> '' AND a.kind NOT IN ('provider', 'provincial_desk')"};

}  // namespace

AgencyCounts count_province(sql::Reader& db, std::string_view province_code,
                            std::string_view words) {
    AgencyCounts out;
    const auto folded = fold(words);
    for (const auto row : db.query(by_state_statement, province_code, folded, "%" + folded + "%")) {
        out.by_state[row.text("state")] = row.integer("n");
    }
    out.to_invite = db.query(to_invite_statement, province_code)[0].integer("n");
    return out;
}

}  // namespace antin::store
