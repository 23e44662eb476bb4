#include "store/proposals.hpp"

namespace antin::store {
namespace {

#define ANTIN_PROPOSAL_COLUMNS                                                               \
    "p.id AS id, p.dossier_id AS dossier_id, p.kind AS kind, p.state AS state, "             \
    "p.reason AS reason, p.promised_at AS promised_at, p.new_due_at AS new_due_at, "         \
    "p.proposed_by AS proposed_by, a.full_name AS proposed_by_name, "                        \
    "p.proposed_at AS proposed_at, p.decided_by AS decided_by, p.decided_at AS decided_at, " \
    "p.decision_reason AS decision_reason FROM dossier_proposal p LEFT JOIN account a ON "   \
    "a.id = p.proposed_by "

constexpr sql::Statement insert_proposal{
    "proposal.insert",
    "INSERT INTO dossier_proposal (dossier_id, kind, state, reason, promised_at, new_due_at, "
    "proposed_by, proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id"};
constexpr sql::Statement select_by_id{"proposal.by_id",
                                      "SELECT " ANTIN_PROPOSAL_COLUMNS "WHERE p.id = $1"};
constexpr sql::Statement select_waiting{
    "proposal.waiting", "SELECT " ANTIN_PROPOSAL_COLUMNS
                        "WHERE p.dossier_id = $1 AND p.state IN ('draft', 'open') ORDER BY p.id"};
constexpr sql::Statement select_agreed{
    "proposal.agreed",
    "SELECT COUNT(*) AS n FROM dossier_proposal WHERE dossier_id = $1 AND kind = $2 AND "
    "state = 'agreed'"};
constexpr sql::Statement update_draft{
    "proposal.open_draft",
    "UPDATE dossier_proposal SET state = 'open', reason = $2, new_due_at = $3, proposed_by = $4, "
    "proposed_at = $5 WHERE id = $1 AND state = 'draft'"};
constexpr sql::Statement update_end{
    "proposal.end",
    "UPDATE dossier_proposal SET state = $2, decided_by = $3, decided_at = $4, "
    "decision_reason = $5 WHERE id = $1 AND state IN ('draft', 'open')"};
constexpr sql::Statement update_drop{
    "proposal.drop",
    "UPDATE dossier_proposal SET state = 'dropped', decided_at = $3 WHERE dossier_id = $1 AND "
    "kind = $2 AND state IN ('draft', 'open')"};

DossierProposal proposal_from(const sql::Row& row) {
    DossierProposal proposal;
    proposal.id = row.integer("id");
    proposal.dossier_id = row.integer("dossier_id");
    proposal.kind = row.text("kind");
    proposal.state = row.text("state");
    proposal.reason = row.text("reason");
    proposal.promised_at = row.maybe_instant("promised_at");
    proposal.new_due_at = row.maybe_instant("new_due_at");
    proposal.proposed_by = row.maybe_integer("proposed_by");
    proposal.proposed_by_name = row.maybe_text("proposed_by_name").value_or("");
    proposal.proposed_at = row.instant("proposed_at");
    proposal.decided_by = row.maybe_integer("decided_by");
    proposal.decided_at = row.maybe_instant("decided_at");
    proposal.decision_reason = row.text("decision_reason");
    return proposal;
}

}  // namespace

std::int64_t add_proposal(sql::Transaction& tx, const DossierProposal& proposal) {
    return tx.insert(insert_proposal, proposal.dossier_id, proposal.kind, proposal.state,
                     proposal.reason, proposal.promised_at, proposal.new_due_at,
                     proposal.proposed_by, proposal.proposed_at);
}

std::optional<DossierProposal> find_proposal(sql::Reader& reader, std::int64_t id) {
    const auto rows = reader.query(select_by_id, id);
    if (rows.empty()) return std::nullopt;
    return proposal_from(rows[0]);
}

std::vector<DossierProposal> waiting_proposals(sql::Reader& reader, std::int64_t dossier_id) {
    std::vector<DossierProposal> out;
    for (const sql::Row row : reader.query(select_waiting, dossier_id)) {
        out.push_back(proposal_from(row));
    }
    return out;
}

std::int64_t count_agreed(sql::Reader& reader, std::int64_t dossier_id, std::string_view kind) {
    return reader.query(select_agreed, dossier_id, kind)[0].integer("n");
}

bool open_draft(sql::Transaction& tx, const DossierProposal& proposal) {
    return tx.execute(update_draft, proposal.id, proposal.reason, proposal.new_due_at,
                      proposal.proposed_by, proposal.proposed_at) == 1;
}

bool end_proposal(sql::Transaction& tx, std::int64_t id, std::string_view state,
                  std::optional<std::int64_t> by, Instant at, std::string_view reason) {
    return tx.execute(update_end, id, state, by, at, reason) == 1;
}

std::int64_t drop_proposals(sql::Transaction& tx, std::int64_t dossier_id, std::string_view kind,
                            Instant at) {
    return tx.execute(update_drop, dossier_id, kind, at);
}

}  // namespace antin::store
