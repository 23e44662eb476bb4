#include "store/dossier_events.hpp"

namespace antin::store {
namespace {

const sql::Statement insert_event{
    "dossier_event.insert",
    "INSERT INTO dossier_event (dossier_id, line_number, act, from_state, to_state, actor_id,"
    " actor_name, at, data, is_public, is_internal)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id"};
const sql::Statement select_events{
    "dossier_event.of_dossier",
    "SELECT id, dossier_id, line_number, act, from_state, to_state, actor_id, actor_name, at,"
    " data, is_public, is_internal FROM dossier_event WHERE dossier_id = $1 ORDER BY id"};

}  // namespace

std::int64_t add_dossier_event(sql::Transaction& tx, const DossierEvent& e) {
    return tx.insert(insert_event, e.dossier_id, e.line_number, e.act, e.from_state, e.to_state,
                     e.actor_id, e.actor_name, e.at, e.data, e.is_public, e.is_internal);
}

std::vector<DossierEvent> dossier_events(sql::Reader& reader, std::int64_t dossier_id,
                                         EventAudience audience) {
    std::vector<DossierEvent> out;
    const auto rows = reader.query(select_events, dossier_id);
    for (const sql::Row row : rows) {
        DossierEvent event;
        event.is_public = row.boolean("is_public");
        event.is_internal = row.boolean("is_internal");
        if (audience == EventAudience::Agency && event.is_internal) continue;
        if (audience == EventAudience::Public && !event.is_public) continue;
        event.id = row.integer("id");
        event.dossier_id = row.integer("dossier_id");
        event.line_number = row.maybe_integer("line_number");
        event.act = row.text("act");
        event.from_state = row.text("from_state");
        event.to_state = row.text("to_state");
        event.actor_id = row.maybe_integer("actor_id");
        event.actor_name = row.text("actor_name");
        event.at = row.instant("at");
        event.data = row.text("data");
        out.push_back(std::move(event));
    }
    return out;
}

}  // namespace antin::store
