#include "store/accounts.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement insert_statement{
    "account.insert",
    "INSERT INTO account (email, full_name, position, phone, personal_id, password_hash,"
    " password_temporary, password_expires_at, state, totp_secret, totp_confirmed_at,"
    " totp_last_step, language, is_demo, created_at, search_text)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16) RETURNING id"};
constexpr sql::Statement update_statement{
    "account.update",
    "UPDATE account SET email=$1, full_name=$2, position=$3, phone=$4, personal_id=$5,"
    " password_hash=$6, password_temporary=$7, password_expires_at=$8, state=$9, totp_secret=$10,"
    " totp_confirmed_at=$11, totp_last_step=$12, language=$13, last_sign_in_at=$14,"
    " search_text=$15, version=version+1 WHERE id=$16 AND version=$17"};
constexpr sql::Statement grants_statement{
    "role_grant.of_account",
    "SELECT g.id AS id, g.account_id AS account_id, g.role AS role, g.agency_id AS agency_id,"
    " a.name AS agency_name, g.granted_at AS granted_at, g.ended_at AS ended_at"
    " FROM role_grant g JOIN agency a ON a.id = g.agency_id"
    " WHERE g.account_id = $1 AND g.ended_at IS NULL"
    " AND a.state NOT IN ('suspended', 'closed') ORDER BY g.id"};
constexpr sql::Statement insert_grant_statement{
    "role_grant.insert",
    "INSERT INTO role_grant (account_id, role, agency_id, granted_by, granted_at)"
    " VALUES ($1,$2,$3,$4,$5) ON CONFLICT DO NOTHING"};
constexpr sql::Statement end_grant_statement{
    "role_grant.end",
    "UPDATE role_grant SET ended_by=$1, ended_at=$2"
    " WHERE account_id=$3 AND role=$4 AND agency_id=$5 AND ended_at IS NULL"};
constexpr sql::Statement insert_code_statement{
    "recovery_code.insert", "INSERT INTO recovery_code (account_id, code_hash) VALUES ($1,$2)"};
constexpr sql::Statement delete_codes_statement{"recovery_code.delete",
                                                "DELETE FROM recovery_code WHERE account_id=$1"};
constexpr sql::Statement use_code_statement{
    "recovery_code.use",
    "UPDATE recovery_code SET used_at=$1 WHERE account_id=$2 AND code_hash=$3 AND used_at IS NULL"};
constexpr sql::Statement count_codes_statement{
    "recovery_code.count",
    "SELECT COUNT(*) AS n FROM recovery_code WHERE account_id=$1 AND used_at IS NULL"};

constexpr const char* columns =
    "p.id AS id, p.email AS email, p.full_name AS full_name, p.position AS position,"
    " p.phone AS phone, p.personal_id AS personal_id, p.password_hash AS password_hash,"
    " p.password_temporary AS password_temporary, p.password_expires_at AS password_expires_at,"
    " p.state AS state, p.totp_secret AS totp_secret, p.totp_confirmed_at AS totp_confirmed_at,"
    " p.totp_last_step AS totp_last_step, p.language AS language, p.is_demo AS is_demo,"
    " p.created_at AS created_at, p.last_sign_in_at AS last_sign_in_at, p.version AS version";

Account read_account(const sql::Row& row) {
    Account out;
    out.id = row.integer("id");
    out.email = row.text("email");
    out.full_name = row.text("full_name");
    out.position = row.text("position");
    out.phone = row.text("phone");
    out.personal_id = row.text("personal_id");
    out.password_hash = row.text("password_hash");
    out.password_temporary = row.boolean("password_temporary");
    out.password_expires_at = row.maybe_instant("password_expires_at");
    out.state = row.text("state");
    out.totp_secret = row.text("totp_secret");
    out.totp_confirmed_at = row.maybe_instant("totp_confirmed_at");
    out.totp_last_step = row.integer("totp_last_step");
    out.language = row.text("language");
    out.is_demo = row.boolean("is_demo");
    out.created_at = row.instant("created_at");
    out.last_sign_in_at = row.maybe_instant("last_sign_in_at");
    out.version = row.integer("version");
    return out;
}

std::vector<Account> select(sql::Reader& db, const char* name, const std::string& rest,
                            std::vector<sql::Value> values) {
    std::vector<Account> out;
    const auto text = fmt::format("SELECT {} FROM account p {}", columns, rest);
    for (const auto row : db.query_built(name, text, values)) out.push_back(read_account(row));
    return out;
}

std::string search_text(const Account& account) {
    return fold(account.full_name + " " + account.email);
}

std::optional<Account> first(std::vector<Account> found) {
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

}  // namespace

Result<std::int64_t> insert_account(sql::Transaction& tx, const Account& a) {
    const auto email = to_lower(a.email);
    if (find_account_by_email(tx, email)) {
        return fail(ErrorKind::Conflict, "account.email_taken", {}, {{"email", email}}, "email");
    }
    return tx.insert(insert_statement, email, a.full_name, a.position, a.phone, a.personal_id,
                     a.password_hash, a.password_temporary, a.password_expires_at, a.state,
                     a.totp_secret, a.totp_confirmed_at, a.totp_last_step, a.language, a.is_demo,
                     a.created_at, search_text(a));
}

Status update_account(sql::Transaction& tx, const Account& a) {
    const auto changed =
        tx.execute(update_statement, to_lower(a.email), a.full_name, a.position, a.phone,
                   a.personal_id, a.password_hash, a.password_temporary, a.password_expires_at,
                   a.state, a.totp_secret, a.totp_confirmed_at, a.totp_last_step, a.language,
                   a.last_sign_in_at, search_text(a), a.id, a.version);
    if (changed == 0) return fail(ErrorKind::Conflict, "account.changed");
    return {};
}

std::optional<Account> find_account(sql::Reader& db, std::int64_t id) {
    return first(select(db, "account.by_id", "WHERE p.id = $1", {id}));
}

std::optional<Account> find_account_by_email(sql::Reader& db, std::string_view email) {
    return first(select(db, "account.by_email", "WHERE p.email = $1", {to_lower(email)}));
}

std::vector<GrantRow> grants_of(sql::Reader& db, std::int64_t account_id) {
    std::vector<GrantRow> out;
    for (const auto row : db.query(grants_statement, account_id)) {
        const auto role = domain::parse<domain::Role>(row.text("role"));
        if (!role) continue;  // a role of a newer version: grants nothing here
        out.push_back({row.integer("id"), row.integer("account_id"), *role,
                       row.integer("agency_id"), row.text("agency_name"), row.instant("granted_at"),
                       row.maybe_instant("ended_at")});
    }
    return out;
}

void insert_grant(sql::Transaction& tx, std::int64_t account_id, domain::Role role,
                  std::int64_t agency_id, std::optional<std::int64_t> by, Instant at) {
    tx.execute(insert_grant_statement, account_id, domain::to_text(role), agency_id, by, at);
}

bool end_grant(sql::Transaction& tx, std::int64_t account_id, domain::Role role,
               std::int64_t agency_id, std::optional<std::int64_t> by, Instant at) {
    return tx.execute(end_grant_statement, by, at, account_id, domain::to_text(role), agency_id) >
           0;
}

std::vector<PersonRow> people_of(sql::Reader& db, std::int64_t agency_id) {
    std::vector<PersonRow> out;
    auto accounts = select(db, "account.of_agency",
                           "WHERE EXISTS (SELECT 1 FROM role_grant g WHERE g.account_id = p.id"
                           " AND g.agency_id = $1 AND g.ended_at IS NULL)"
                           " ORDER BY p.full_name, p.id",
                           {agency_id});
    for (auto& account : accounts) {
        auto grants = grants_of(db, account.id);
        std::erase_if(grants, [&](const GrantRow& g) { return g.agency_id != agency_id; });
        out.push_back({std::move(account), std::move(grants)});
    }
    return out;
}

std::vector<Account> people_with_role(sql::Reader& db, domain::Role role, std::int64_t agency_id) {
    return select(db, "account.with_role",
                  "JOIN role_grant g ON g.account_id = p.id WHERE g.role = $1 AND g.agency_id = $2"
                  " AND g.ended_at IS NULL AND p.state = 'active' ORDER BY p.full_name, p.id",
                  {std::string{domain::to_text(role)}, agency_id});
}

void insert_recovery_code(sql::Transaction& tx, std::int64_t account_id, std::string_view hash) {
    tx.execute(insert_code_statement, account_id, hash);
}

void delete_recovery_codes(sql::Transaction& tx, std::int64_t account_id) {
    tx.execute(delete_codes_statement, account_id);
}

bool use_recovery_code(sql::Transaction& tx, std::int64_t account_id, std::string_view hash,
                       Instant at) {
    return tx.execute(use_code_statement, at, account_id, hash) > 0;
}

std::int64_t count_recovery_codes(sql::Reader& db, std::int64_t account_id) {
    return db.query(count_codes_statement, account_id)[0].integer("n");
}

}  // namespace antin::store
