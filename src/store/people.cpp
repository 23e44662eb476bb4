#include "store/people.hpp"

#include <algorithm>
#include <sstream>
#include <utility>

#include "base/text.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement names_statement{
    "people.names", "SELECT p.id AS id, p.full_name AS full_name, p.email AS email FROM account p"};
constexpr sql::Statement count_role_statement{
    "people.count_with_role",
    "SELECT COUNT(DISTINCT p.id) AS n FROM account p JOIN role_grant g ON g.account_id = p.id"
    " WHERE g.role = $1 AND g.ended_at IS NULL AND p.state = 'active'"};
constexpr sql::Statement assigned_statement{
    "people.assigned_dossiers",
    "SELECT id FROM dossier WHERE assessor_id = $1 AND receiver_id = $2"
    " AND state IN ('accepted', 'in_progress', 'awaiting_supplement', 'withdrawal_requested')"
    " ORDER BY id"};

std::vector<std::string> words_in(const std::string& folded) {
    std::vector<std::string> out;
    std::istringstream words{folded};
    for (std::string word; words >> word;) out.push_back(word);
    return out;
}

}  // namespace

std::vector<std::int64_t> find_people(sql::Reader& db, std::string_view words) {
    // Folded here and not in the statement: both engines would need an extension for it, and the
    // people of a whole province are a few thousand short rows.
    const auto wanted = words_in(fold(words));
    std::vector<std::pair<std::string, std::int64_t>> found;
    if (wanted.empty() && !words.empty()) return {};  // signs only: nobody is called that
    for (const auto row : db.query(names_statement)) {
        std::string name = fold(row.text("full_name"));
        const std::string all = name + " " + fold(row.text("email"));
        const bool fits = std::ranges::all_of(
            wanted, [&](const std::string& word) { return all.find(word) != std::string::npos; });
        if (fits) found.emplace_back(std::move(name), row.integer("id"));
    }
    std::ranges::sort(found);
    std::vector<std::int64_t> ids;
    ids.reserve(found.size());
    for (const auto& [name, id] : found) ids.push_back(id);
    return ids;
}

std::vector<PersonRow> people_by_id(sql::Reader& db, std::span<const std::int64_t> ids) {
    std::vector<PersonRow> out;
    for (const auto id : ids) {
        if (auto account = find_account(db, id)) {
            out.push_back({std::move(*account), grants_of(db, id)});
        }
    }
    return out;
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
