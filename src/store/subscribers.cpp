#include "store/subscribers.hpp"

#include "base/text.hpp"

namespace antin::store {
namespace {

#define ANTIN_SUBSCRIBER                                                               \
    "SELECT s.id AS id, s.kind AS kind, s.agency_id AS agency_id, s.name AS name,"     \
    " s.subject_key AS subject_key, s.email AS email, s.field_values AS field_values," \
    " s.is_demo AS is_demo, s.created_at AS created_at, s.updated_at AS updated_at,"   \
    " s.version AS version FROM subscriber s"

const sql::Statement select_by_id{"subscriber.by_id", ANTIN_SUBSCRIBER " WHERE s.id = $1"};
const sql::Statement select_by_key{"subscriber.by_key", ANTIN_SUBSCRIBER
                                   " WHERE s.subject_key = $1 AND s.kind = $2"
                                   " AND s.agency_id = $3"};
const sql::Statement insert_subscriber{
    "subscriber.insert",
    "INSERT INTO subscriber (kind, agency_id, name, name_folded, subject_key, email, field_values,"
    " is_demo, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)"
    " RETURNING id"};
const sql::Statement update_subscriber{
    "subscriber.update",
    "UPDATE subscriber SET name = $1, name_folded = $2, email = $3, field_values = $4,"
    " updated_at = $5, version = version + 1 WHERE id = $6"};

std::optional<Subscriber> first(const sql::Rows& rows) {
    if (rows.size() == 0) return std::nullopt;
    const sql::Row row = rows[0];
    Subscriber out;
    const auto kind = domain::parse<domain::SubscriberKind>(row.text("kind"));
    if (!kind) throw sql::Failure("unknown word in subscriber");
    out.id = row.integer("id");
    out.kind = *kind;
    out.agency_id = row.integer("agency_id");
    out.name = row.text("name");
    out.subject_key = row.text("subject_key");
    out.email = row.text("email");
    out.values = field_values_from_json(row.text("field_values"));
    out.is_demo = row.boolean("is_demo");
    out.created_at = row.instant("created_at");
    out.updated_at = row.instant("updated_at");
    out.version = row.integer("version");
    return out;
}

}  // namespace

std::optional<Subscriber> find_subscriber(sql::Reader& db, std::int64_t id) {
    return first(db.query(select_by_id, id));
}

std::optional<Subscriber> find_subscriber_by_key(sql::Reader& db, domain::SubscriberKind kind,
                                                 std::string_view subject_key,
                                                 std::int64_t agency_id) {
    return first(db.query(select_by_key, subject_key, domain::to_text(kind), agency_id));
}

std::int64_t put_subscriber(sql::Transaction& tx, const Subscriber& s) {
    const auto known = find_subscriber_by_key(tx, s.kind, s.subject_key, s.agency_id);
    if (known) {
        tx.execute(update_subscriber, s.name, fold(s.name), s.email, to_json(s.values),
                   s.updated_at, known->id);
        return known->id;
    }
    return tx.insert(insert_subscriber, domain::to_text(s.kind), s.agency_id, s.name, fold(s.name),
                     s.subject_key, s.email, to_json(s.values), s.is_demo, s.updated_at);
}

}  // namespace antin::store
