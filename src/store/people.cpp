#include "store/people.hpp"

#include <fmt/format.h>

#include "store/listing.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement count_role_statement{
    "people.count_with_role",
    "SELECT COUNT(DISTINCT p.id) AS n FROM account p JOIN role_grant g ON g.account_id = p.id"
    " WHERE g.role = $1 AND g.ended_at IS NULL AND p.state = 'active'"};
constexpr sql::Statement assigned_statement{
    "people.assigned_dossiers",
    "SELECT id FROM dossier WHERE assessor_id = $1 AND receiver_id = $2"
    " AND state IN ('accepted', 'in_progress', 'awaiting_supplement', 'withdrawal_requested')"
    " ORDER BY id"};

/// "FROM … WHERE …" with the value of its one parameter, none where nothing is looked for.
struct Found {
    std::string from_where;
    std::vector<sql::Value> values;
};
Found found_by(sql::Reader& db, std::string_view typed) {
    const auto words = search_words(typed);
    if (words.empty()) {  // signs only: nobody is called that
        return {typed.empty() ? "FROM account p WHERE 1 = 1" : "FROM account p WHERE 1 = 0", {}};
    }
    const auto search = word_search(db.engine(), "account", "p", words, 1);
    return {"FROM " + search.from + " WHERE " + search.condition, {search.value}};
}

}  // namespace

std::vector<PersonRow> search_people(sql::Reader& db, std::string_view words, std::int64_t limit,
                                     std::int64_t offset) {
    auto found = found_by(db, words);
    const auto bound = found.values.size();
    found.values.emplace_back(limit);
    found.values.emplace_back(offset);
    const auto text =
        fmt::format("SELECT p.id AS id {} ORDER BY p.full_name, p.id LIMIT ${} OFFSET ${}",
                    found.from_where, bound + 1, bound + 2);
    std::vector<PersonRow> out;
    for (const auto row : db.query_built("people.search", text, found.values)) {
        const auto id = row.integer("id");
        if (auto account = find_account(db, id)) {
            out.push_back({std::move(*account), grants_of(db, id)});
        }
    }
    return out;
}

std::int64_t count_people(sql::Reader& db, std::string_view words) {
    const auto found = found_by(db, words);
    return db.query_built("people.count", bounded_count(found.from_where), found.values)[0].integer(
        "n");
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
