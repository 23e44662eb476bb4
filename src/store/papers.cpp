#include "store/papers.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement paper_insert{
    "paper_insert",
    "INSERT INTO paper (dossier_id, kind, number, number_text, data, created_at) "
    "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id"};
constexpr sql::Statement paper_by_id{
    "paper_by_id",
    "SELECT id, dossier_id, kind, number, number_text, file_id, data, created_at, made_at "
    "FROM paper WHERE id = $1"};
constexpr sql::Statement paper_by_dossier{
    "paper_by_dossier",
    "SELECT id, dossier_id, kind, number, number_text, file_id, data, created_at, made_at "
    "FROM paper WHERE dossier_id = $1 ORDER BY id"};
constexpr sql::Statement paper_set_file{
    "paper_set_file",
    "UPDATE paper SET file_id = $2, made_at = $3 WHERE id = $1 AND file_id IS NULL"};

Paper paper_from(const sql::Row& row) {
    Paper paper;
    paper.id = row.integer("id");
    paper.dossier_id = row.maybe_integer("dossier_id");
    paper.kind = row.text("kind");
    paper.number = row.maybe_integer("number");
    paper.number_text = row.text("number_text");
    paper.file_id = row.maybe_integer("file_id");
    paper.data = row.text("data");
    paper.created_at = row.instant("created_at");
    paper.made_at = row.maybe_instant("made_at");
    return paper;
}

}  // namespace

std::int64_t add_paper(sql::Transaction& tx, const Paper& paper) {
    return tx.insert(paper_insert, paper.dossier_id, paper.kind, paper.number, paper.number_text,
                     paper.data, paper.created_at);
}

std::optional<Paper> find_paper(sql::Reader& reader, std::int64_t id) {
    const auto rows = reader.query(paper_by_id, id);
    if (rows.empty()) return std::nullopt;
    return paper_from(rows[0]);
}

std::vector<Paper> papers_of(sql::Reader& reader, std::int64_t dossier_id) {
    std::vector<Paper> papers;
    for (const auto row : reader.query(paper_by_dossier, dossier_id)) {
        papers.push_back(paper_from(row));
    }
    return papers;
}

bool paper_made(sql::Transaction& tx, std::int64_t id, std::int64_t file_id, Instant at) {
    return tx.execute(paper_set_file, id, file_id, at) == 1;
}

}  // namespace antin::store
