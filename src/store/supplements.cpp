#include "store/supplements.hpp"

#include <nlohmann/json.hpp>

namespace antin::store {
namespace {

#define ANTIN_SUPPLEMENT_COLUMNS                                                \
    "id, dossier_id, number, state, items, asked_by, asked_at, answer_due_at, " \
    "before_acceptance, answered_by, answered_at, answer_note"

constexpr sql::Statement insert_request{
    "supplement.insert",
    "INSERT INTO supplement_request (dossier_id, number, state, items, asked_by, asked_at, "
    "answer_due_at, before_acceptance) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"};
constexpr sql::Statement select_of_dossier{
    "supplement.of_dossier", "SELECT " ANTIN_SUPPLEMENT_COLUMNS
                             " FROM supplement_request WHERE dossier_id = $1 ORDER BY number"};
constexpr sql::Statement select_open{
    "supplement.open", "SELECT " ANTIN_SUPPLEMENT_COLUMNS
                       " FROM supplement_request WHERE dossier_id = $1 AND state = 'open' "
                       "ORDER BY number DESC"};
constexpr sql::Statement select_overdue{
    "supplement.overdue",
    // While the agency's wish to withdraw is undecided nothing expires: declining leads back here.
    "SELECT " ANTIN_SUPPLEMENT_COLUMNS
    " FROM supplement_request WHERE state = 'open' AND answer_due_at < $1 AND dossier_id IN "
    "(SELECT d.id FROM dossier d WHERE d.state IN ('submitted', 'in_progress', "
    "'awaiting_supplement')) ORDER BY answer_due_at LIMIT $2"};
constexpr sql::Statement update_closed{
    "supplement.close",
    "UPDATE supplement_request SET state = $2, answered_by = $3, answered_at = $4, "
    "answer_note = $5 WHERE id = $1 AND state = 'open'"};

std::string items_json(const std::vector<SupplementItem>& items) {
    auto list = nlohmann::json::array();
    for (const SupplementItem& item : items) {
        list.push_back({{"line", item.line}, {"field", item.field}, {"sentence", item.sentence}});
    }
    return list.dump();
}

SupplementRequest request_from(const sql::Row& row) {
    SupplementRequest request;
    request.id = row.integer("id");
    request.dossier_id = row.integer("dossier_id");
    request.number = row.integer("number");
    request.state = row.text("state");
    const auto items = nlohmann::json::parse(row.text("items"), nullptr, false);
    if (items.is_array()) {
        for (const auto& item : items) {
            request.items.push_back({item.value("line", std::int64_t{0}), item.value("field", ""),
                                     item.value("sentence", "")});
        }
    }
    request.asked_by = row.integer("asked_by");
    request.asked_at = row.instant("asked_at");
    request.answer_due_at = row.instant("answer_due_at");
    request.before_acceptance = row.boolean("before_acceptance");
    request.answered_by = row.maybe_integer("answered_by");
    request.answered_at = row.maybe_instant("answered_at");
    request.answer_note = row.text("answer_note");
    return request;
}

std::vector<SupplementRequest> all_from(const sql::Rows& rows) {
    std::vector<SupplementRequest> requests;
    for (const sql::Row row : rows) requests.push_back(request_from(row));
    return requests;
}

}  // namespace

std::int64_t add_supplement(sql::Transaction& tx, const SupplementRequest& request) {
    return tx.insert(insert_request, request.dossier_id, request.number, request.state,
                     items_json(request.items), request.asked_by, request.asked_at,
                     request.answer_due_at, request.before_acceptance);
}

std::vector<SupplementRequest> supplements_of(sql::Reader& reader, std::int64_t dossier_id) {
    return all_from(reader.query(select_of_dossier, dossier_id));
}

std::optional<SupplementRequest> open_supplement(sql::Reader& reader, std::int64_t dossier_id) {
    auto requests = all_from(reader.query(select_open, dossier_id));
    if (requests.empty()) return std::nullopt;
    return std::move(requests.front());
}

bool close_supplement(sql::Transaction& tx, std::int64_t id, std::string_view state,
                      std::optional<std::int64_t> by, Instant at, std::string_view note) {
    return tx.execute(update_closed, id, state, by, at, note) == 1;
}

std::vector<SupplementRequest> overdue_supplements(sql::Reader& reader, Instant now,
                                                   std::int64_t limit) {
    return all_from(reader.query(select_overdue, now, limit));
}

}  // namespace antin::store
