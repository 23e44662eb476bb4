#include "ledger/issuers.hpp"

namespace antin::ledger {
namespace {

constexpr sql::Statement select_ceremony{
    "ca_ceremony.find",
    "SELECT script, status_url, started_at, finished_at FROM ca_ceremony WHERE id = 1"};
constexpr sql::Statement insert_ceremony{
    "ca_ceremony.insert",
    "INSERT INTO ca_ceremony (id, script, status_url, started_at) VALUES (1, $1, $2, $3)"};
constexpr sql::Statement update_ceremony{"ca_ceremony.finish",
                                         "UPDATE ca_ceremony SET finished_at = $1 WHERE id = 1"};
constexpr sql::Statement select_issuers{
    "ca_issuer.list",
    "SELECT name, sort, common_name, key_label, key_kind, serial, der, not_after, created_at"
    " FROM ca_issuer ORDER BY CASE sort WHEN 'root' THEN 0 ELSE 1 END, name"};
constexpr sql::Statement insert_issuer_statement{
    "ca_issuer.insert",
    "INSERT INTO ca_issuer (name, sort, common_name, key_label, key_kind, serial, der, not_after,"
    " created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)"};
constexpr sql::Statement select_newest_responder{
    "ca_responder.newest",
    "SELECT id, issuer, key_label, key_kind, serial, der, not_after, created_at FROM ca_responder"
    " WHERE issuer = $1 ORDER BY id DESC LIMIT 1"};
constexpr sql::Statement select_responder{
    "ca_responder.find",
    "SELECT id, issuer, key_label, key_kind, serial, der, not_after, created_at FROM ca_responder"
    " WHERE id = $1"};
constexpr sql::Statement insert_responder_statement{
    "ca_responder.insert",
    "INSERT INTO ca_responder (issuer, key_label, key_kind, serial, der, not_after, created_at)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7)"};

std::optional<Responder> responder_of(const sql::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return Responder{row.integer("id"),        row.text("issuer"),       row.text("key_label"),
                     row.text("key_kind"),     row.text("serial"),       row.bytes("der"),
                     row.instant("not_after"), row.instant("created_at")};
}

}  // namespace

std::optional<Ceremony> find_ceremony(sql::Reader& reader) {
    const auto rows = reader.query(select_ceremony);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return Ceremony{row.text("script"), row.text("status_url"), row.instant("started_at"),
                    row.maybe_instant("finished_at")};
}

void start_ceremony(sql::Transaction& tx, const Ceremony& ceremony) {
    tx.execute(insert_ceremony, ceremony.script, ceremony.status_url, ceremony.started_at);
}

void finish_ceremony(sql::Transaction& tx, Instant now) {
    tx.execute(update_ceremony, now);
}

std::vector<Issuer> list_issuers(sql::Reader& reader) {
    std::vector<Issuer> out;
    const auto rows = reader.query(select_issuers);
    for (const auto row : rows) {
        out.push_back({row.text("name"), row.text("sort"), row.text("common_name"),
                       row.text("key_label"), row.text("key_kind"), row.text("serial"),
                       row.bytes("der"), row.instant("not_after"), row.instant("created_at")});
    }
    return out;
}

void insert_issuer(sql::Transaction& tx, const Issuer& issuer) {
    tx.execute(insert_issuer_statement, issuer.name, issuer.sort, issuer.common_name,
               issuer.key_label, issuer.key_kind, issuer.serial, issuer.der, issuer.not_after,
               issuer.created_at);
}

std::optional<Responder> find_responder(sql::Reader& reader, std::string_view issuer) {
    return responder_of(reader.query(select_newest_responder, issuer));
}

std::optional<Responder> find_responder(sql::Reader& reader, std::int64_t id) {
    return responder_of(reader.query(select_responder, id));
}

void insert_responder(sql::Transaction& tx, const Responder& responder) {
    tx.execute(insert_responder_statement, responder.issuer, responder.key_label,
               responder.key_kind, responder.serial, responder.der, responder.not_after,
               responder.created_at);
}

}  // namespace antin::ledger
