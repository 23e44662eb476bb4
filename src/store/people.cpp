#include "store/people.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement search_statement{
    "people.search",
    "SELECT p.id AS id FROM account p WHERE $1 = '' OR p.email LIKE $2 OR p.full_name LIKE $2"
    " ORDER BY p.full_name, p.id LIMIT $3 OFFSET $4",
    "SELECT p.id AS id FROM account p WHERE $1 = '' OR p.email ILIKE $2 OR p.full_name ILIKE $2"
    " ORDER BY p.full_name, p.id LIMIT $3 OFFSET $4"};
constexpr sql::Statement count_statement{
    "people.count",
    "SELECT COUNT(*) AS n FROM account p WHERE $1 = '' OR p.email LIKE $2 OR p.full_name LIKE $2",
    "SELECT COUNT(*) AS n FROM account p WHERE $1 = '' OR p.email ILIKE $2"
    " OR p.full_name ILIKE $2"};
constexpr sql::Statement count_role_statement{
    "people.count_with_role",
    "SELECT COUNT(DISTINCT p.id) AS n FROM account p JOIN role_grant g ON g.account_id = p.id"
    " WHERE g.role = $1 AND g.ended_at IS NULL AND p.state = 'active'"};
constexpr sql::Statement assigned_statement{
    "people.assigned_dossiers",
    "SELECT id FROM dossier WHERE assessor_id = $1 AND receiver_id = $2"
    " AND state IN ('accepted', 'in_progress', 'awaiting_supplement', 'withdrawal_requested')"
    " ORDER BY id"};

std::string pattern(std::string_view words) {
    return "%" + std::string{words} + "%";
}

}  // namespace

std::vector<PersonRow> search_people(sql::Reader& db, std::string_view words, std::int64_t limit,
                                     std::int64_t offset) {
    std::vector<PersonRow> out;
    for (const auto row : db.query(search_statement, words, pattern(words), limit, offset)) {
        const auto id = row.integer("id");
        if (auto account = find_account(db, id)) {
            out.push_back({std::move(*account), grants_of(db, id)});
        }
    }
    return out;
}

std::int64_t count_people(sql::Reader& db, std::string_view words) {
    return db.query(count_statement, words, pattern(words))[0].integer("n");
}

std::int64_t count_with_role(sql::Reader& db, domain::Role role) {
    return db.query(count_role_statement, std::string{domain::to_text(role)})[0].integer("n");
}

std::vector<std::int64_t> assigned_dossiers(sql::Reader& db, std::int64_t account_id,
                                            std::int64_t receiver_id) {
    std::vector<std::int64_t> out;
    for (const auto row : db.query(assigned_statement, account_id, receiver_id)) {
        out.push_back(row.integer("id"));
    }
    return out;
}

}  // namespace antin::store
