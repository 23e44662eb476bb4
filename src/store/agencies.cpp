#include "store/agencies.hpp"

#include <fmt/format.h>

#include "base/text.hpp"
#include "store/agency_names.hpp"
#include "store/listing.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement insert_statement{
    "agency.insert",
    "INSERT INTO agency (code, code_provisional, name, name_folded, kind, branch, level,"
    " province_code, province_name, parent_id, address, phone, email, tax_code, budget_code,"
    " state, state_reason, is_demo, created_at)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19) RETURNING id"};
constexpr sql::Statement update_statement{
    "agency.update",
    "UPDATE agency SET code=$1, code_provisional=$2, name=$3, name_folded=$4, kind=$5, branch=$6,"
    " level=$7, province_code=$8, province_name=$9, parent_id=$10, address=$11, phone=$12,"
    " email=$13, tax_code=$14, budget_code=$15, state=$16, state_reason=$17, version=version+1"
    " WHERE id=$18 AND version=$19"};

constexpr const char* columns =
    "a.id AS id, a.code AS code, a.code_provisional AS code_provisional, a.name AS name,"
    " a.kind AS kind, a.branch AS branch, a.level AS level, a.province_code AS province_code,"
    " a.province_name AS province_name, a.parent_id AS parent_id, a.address AS address,"
    " a.phone AS phone, a.email AS email, a.tax_code AS tax_code, a.budget_code AS budget_code,"
    " a.state AS state, a.state_reason AS state_reason, a.is_demo AS is_demo,"
    " a.created_at AS created_at, a.version AS version";

Agency read_agency(const sql::Row& row) {
    Agency out;
    out.id = row.integer("id");
    out.code = row.text("code");
    out.code_provisional = row.boolean("code_provisional");
    out.name = row.text("name");
    out.kind = row.text("kind");
    out.branch = row.text("branch");
    out.level = row.text("level");
    out.province_code = row.text("province_code");
    out.province_name = row.text("province_name");
    out.parent_id = row.maybe_integer("parent_id");
    out.address = row.text("address");
    out.phone = row.text("phone");
    out.email = row.text("email");
    out.tax_code = row.text("tax_code");
    out.budget_code = row.text("budget_code");
    out.state = row.text("state");
    out.state_reason = row.text("state_reason");
    out.is_demo = row.boolean("is_demo");
    out.created_at = row.instant("created_at");
    out.version = row.integer("version");
    return out;
}

std::optional<Agency> find_where(sql::Reader& db, const char* name, const std::string& condition,
                                 std::vector<sql::Value> values) {
    const auto rows = db.query_built(
        name, fmt::format("SELECT {} FROM agency a WHERE {}", columns, condition), values);
    if (rows.empty()) return std::nullopt;
    return read_agency(rows[0]);
}

/// The pieces of a list's condition, with the values they bind in order.
struct Condition {
    std::string text =
        "a.kind NOT IN ('provider', 'provincial_desk')"
        " AND NOT (a.kind = 'superior' AND a.state = 'none')";
    std::vector<sql::Value> values;
    void add(const char* piece, sql::Value value) {
        values.push_back(std::move(value));
        text += fmt::format(fmt::runtime(piece), values.size());
    }
};

Condition condition_of(const AgencyFilter& filter) {
    Condition out;
    if (!filter.province_code.empty()) out.add(" AND a.province_code = ${}", filter.province_code);
    if (!filter.kind.empty()) out.add(" AND a.kind = ${}", filter.kind);
    if (filter.state) out.add(" AND a.state = ${}", *filter.state);
    if (!filter.with_demo) out.text += " AND a.is_demo = 0";
    if (const auto words = fold(filter.words); !words.empty()) {
        // Folding makes a space of each dot, in what was typed and in the code alike.
        out.add(" AND (a.name_folded LIKE ${0} OR replace(lower(a.code), '.', ' ') LIKE ${0})",
                "%" + words + "%");
    }
    return out;
}

}  // namespace

Result<std::int64_t> insert_agency(sql::Transaction& tx, const Agency& a) {
    if (find_agency_by_code(tx, a.code)) {
        return fail(ErrorKind::Conflict, "agency.code_taken", {}, {{"code", a.code}}, "code");
    }
    return tx.insert(insert_statement, a.code, a.code_provisional, a.name, fold(a.name), a.kind,
                     a.branch, a.level, a.province_code, a.province_name, a.parent_id, a.address,
                     a.phone, a.email, a.tax_code, a.budget_code, a.state, a.state_reason,
                     a.is_demo, a.created_at);
}

Status update_agency(sql::Transaction& tx, const Agency& a) {
    const auto same_code = find_agency_by_code(tx, a.code);
    if (same_code && same_code->id != a.id) {
        return fail(ErrorKind::Conflict, "agency.code_taken", {}, {{"code", a.code}}, "code");
    }
    const auto changed = tx.execute(
        update_statement, a.code, a.code_provisional, a.name, fold(a.name), a.kind, a.branch,
        a.level, a.province_code, a.province_name, a.parent_id, a.address, a.phone, a.email,
        a.tax_code, a.budget_code, a.state, a.state_reason, a.id, a.version);
    if (changed == 0) return fail(ErrorKind::Conflict, "agency.changed");
    return {};
}

std::optional<Agency> find_agency(sql::Reader& db, std::int64_t id) {
    return find_where(db, "agency.by_id", "a.id = $1", {id});
}

std::optional<Agency> find_agency_by_code(sql::Reader& db, std::string_view code) {
    return find_where(db, "agency.by_code", "a.code = $1", {std::string{code}});
}

std::optional<Agency> find_agency_by_name(sql::Reader& db, std::string_view province_code,
                                          std::string_view name) {
    return find_where(db, "agency.by_name",
                      "a.name_folded = $1 AND a.province_code = $2"
                      " AND a.kind NOT IN ('provider', 'provincial_desk') ORDER BY a.id LIMIT 1",
                      {fold(name), std::string{province_code}});
}

std::optional<Agency> find_provider(sql::Reader& db) {
    return find_where(db, "agency.provider", "a.kind = 'provider' ORDER BY a.id LIMIT 1", {});
}

std::optional<Agency> find_provincial_desk(sql::Reader& db, std::string_view province_code) {
    return find_where(db, "agency.provincial_desk",
                      "a.kind = 'provincial_desk' AND a.province_code = $1 ORDER BY a.id LIMIT 1",
                      {std::string{province_code}});
}

std::optional<Agency> first_provincial_desk(sql::Reader& db) {
    return find_where(db, "agency.first_provincial_desk",
                      "a.kind = 'provincial_desk' ORDER BY a.id LIMIT 1", {});
}

std::vector<AgencyRow> list_agencies(sql::Reader& db, const AgencyFilter& filter) {
    auto condition = condition_of(filter);
    const auto bound = condition.values.size();
    const auto text = fmt::format(
        "SELECT {},"
        " (SELECT COUNT(DISTINCT g.account_id) FROM role_grant g JOIN account p ON p.id ="
        "  g.account_id WHERE g.agency_id = a.id AND g.ended_at IS NULL AND p.state = 'active')"
        "  AS accounts,"
        " (SELECT COUNT(*) FROM (SELECT 1 FROM dossier d WHERE d.agency_id = a.id"
        "  AND d.submitted_at IS NOT NULL LIMIT 1001) counted) AS dossiers,"
        " (SELECT MIN(i.invited_at) FROM invitation i WHERE i.agency_id = a.id) AS invited_at,"
        " (SELECT MIN(i.accepted_at) FROM invitation i WHERE i.agency_id = a.id) AS activated_at,"
        " (SELECT MIN(d.submitted_at) FROM dossier d WHERE d.agency_id = a.id) AS first_dossier_at"
        " FROM agency a WHERE {} ORDER BY CASE a.kind WHEN 'party_committee' THEN 0"
        " WHEN 'party_board' THEN 1 ELSE 2 END, a.name_folded, a.id LIMIT ${} OFFSET ${}",
        columns, condition.text, bound + 1, bound + 2);
    condition.values.emplace_back(filter.limit);
    condition.values.emplace_back(filter.offset);
    std::vector<AgencyRow> out;
    for (const auto row : db.query_built("agency.list", text, condition.values)) {
        out.push_back({read_agency(row), row.integer("accounts"), row.integer("dossiers"),
                       row.maybe_instant("invited_at"), row.maybe_instant("activated_at"),
                       row.maybe_instant("first_dossier_at")});
    }
    return out;
}

std::int64_t count_agencies(sql::Reader& db, const AgencyFilter& filter) {
    const auto condition = condition_of(filter);
    return db
        .query_built("agency.count", bounded_count("FROM agency a WHERE " + condition.text),
                     condition.values)[0]
        .integer("n");
}

AgencyCounts count_province(sql::Reader& db, std::string_view province_code,
                            std::string_view words) {
    AgencyFilter filter;
    filter.province_code = province_code;
    filter.words = words;
    const auto found = condition_of(filter);
    AgencyCounts out;
    const auto by_state = db.query_built(
        "agency.count_by_state",
        fmt::format(
            "SELECT a.state AS state, COUNT(*) AS n FROM agency a WHERE {} GROUP BY a.state",
            found.text),
        found.values);
    for (const auto row : by_state) out.by_state[row.text("state")] = row.integer("n");
    filter.words.clear();
    filter.state = "none";
    const auto unasked = condition_of(filter);
    out.to_invite =
        db.query_built("agency.count_to_invite",
                       "SELECT COUNT(*) AS n FROM agency a WHERE a.email <> '' AND " + unasked.text,
                       unasked.values)[0]
            .integer("n");
    return out;
}

}  // namespace antin::store
