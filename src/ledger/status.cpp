#include "ledger/status.hpp"

#include <algorithm>

namespace antin::ledger {
namespace {

constexpr sql::Statement insert_event{
    "ca_status_event.insert",
    "INSERT INTO ca_status_event (serial, issuer, is_new, at) VALUES ($1,$2,$3,$4)"};
constexpr sql::Statement delete_signed{"ca_ocsp.delete", "DELETE FROM ca_ocsp WHERE serial = $1"};
constexpr sql::Statement select_events{
    "ca_status_event.after",
    "SELECT id, serial, issuer, is_new FROM ca_status_event WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr sql::Statement select_last_event{
    "ca_status_event.last", "SELECT COALESCE(MAX(id), 0) AS id FROM ca_status_event"};
constexpr sql::Statement select_signed{
    "ca_ocsp.find",
    "SELECT serial, hash, data, signature, responder_id, this_update, next_update FROM ca_ocsp"
    " WHERE serial = $1 AND hash = $2"};
constexpr sql::Statement upsert_signed{
    "ca_ocsp.put",
    "INSERT INTO ca_ocsp (serial, hash, data, signature, responder_id, this_update, next_update)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (serial, hash) DO UPDATE SET"
    " data = excluded.data, signature = excluded.signature,"
    " responder_id = excluded.responder_id, this_update = excluded.this_update,"
    " next_update = excluded.next_update"};
constexpr sql::Statement select_unsigned{
    "ca_ocsp.missing",
    "SELECT c.serial AS serial FROM ca_certificate c LEFT JOIN ca_ocsp o"
    " ON o.serial = c.serial AND o.hash = 'sha1'"
    " WHERE c.serial > $1 AND c.not_after > $3 AND (o.serial IS NULL OR o.this_update < $2)"
    " ORDER BY c.serial LIMIT $4"};
constexpr sql::Statement select_crl{
    "ca_crl.last_published",
    "SELECT issuer, number, this_update, next_update, entries, published_at FROM ca_crl"
    " WHERE issuer = $1 AND published_at IS NOT NULL ORDER BY number DESC LIMIT 1"};
constexpr sql::Statement select_last_number{
    "ca_crl.last_number",
    "SELECT COALESCE(MAX(number), 0) AS number FROM ca_crl WHERE issuer = $1"};
constexpr sql::Statement insert_crl{
    "ca_crl.insert",
    "INSERT INTO ca_crl (issuer, number, this_update, next_update) VALUES ($1,$2,$3,$4)"};
constexpr sql::Statement finish_crl_statement{
    "ca_crl.finish",
    "UPDATE ca_crl SET entries = $3, published_at = $4 WHERE issuer = $1 AND number = $2"};
constexpr sql::Statement select_fence{
    "ca_fence.standing",
    "SELECT reason FROM ca_fence WHERE lifted_at IS NULL ORDER BY id DESC LIMIT 1"};
constexpr sql::Statement insert_fence{"ca_fence.insert",
                                      "INSERT INTO ca_fence (reason, raised_at) VALUES ($1,$2)"};
constexpr sql::Statement lift_fence_statement{
    "ca_fence.lift",
    "UPDATE ca_fence SET lifted_at = $1, first_id = $2, first_name = $3, second_id = $4,"
    " second_name = $5, evidence = $6 WHERE lifted_at IS NULL"};

}  // namespace

void append_status_event(sql::Transaction& tx, std::string_view serial, std::string_view issuer,
                         bool is_new, Instant now) {
    tx.execute(insert_event, serial, issuer, is_new, now);
    if (!is_new) tx.execute(delete_signed, serial);
}

std::vector<StatusEvent> list_status_events(sql::Reader& reader, std::int64_t after,
                                            std::int64_t count_max) {
    std::vector<StatusEvent> out;
    const auto rows = reader.query(select_events, after, count_max);
    for (const auto row : rows) {
        out.push_back(
            {row.integer("id"), row.text("serial"), row.text("issuer"), row.boolean("is_new")});
    }
    return out;
}

std::int64_t last_status_event(sql::Reader& reader) {
    return reader.query(select_last_event)[0].integer("id");
}

std::optional<SignedStatus> find_signed_status(sql::Reader& reader, std::string_view serial,
                                               std::string_view hash) {
    const auto rows = reader.query(select_signed, serial, hash);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return SignedStatus{row.text("serial"),          row.text("hash"),
                        row.bytes("data"),           row.bytes("signature"),
                        row.integer("responder_id"), row.instant("this_update"),
                        row.instant("next_update")};
}

void put_signed_status(sql::Transaction& tx, const SignedStatus& s) {
    tx.execute(upsert_signed, s.serial, s.hash, s.data, s.signature, s.responder_id, s.this_update,
               s.next_update);
}

std::vector<std::string> list_unsigned(sql::Reader& reader, std::string_view after,
                                       Instant signed_before, Instant now, std::int64_t count_max) {
    std::vector<std::string> out;
    const auto rows = reader.query(select_unsigned, after, signed_before, now, count_max);
    for (const auto row : rows) out.push_back(row.text("serial"));
    return out;
}

std::optional<Crl> find_crl(sql::Reader& reader, std::string_view issuer) {
    const auto rows = reader.query(select_crl, issuer);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return Crl{row.text("issuer"),         row.integer("number"),
               row.instant("this_update"), row.instant("next_update"),
               row.integer("entries"),     row.maybe_instant("published_at")};
}

std::int64_t last_crl_number(sql::Reader& reader, std::string_view issuer) {
    return reader.query(select_last_number, issuer)[0].integer("number");
}

std::int64_t start_crl(sql::Transaction& tx, std::string_view issuer, Instant this_update,
                       Instant next_update, std::int64_t number_min) {
    const std::int64_t number = std::max(last_crl_number(tx, issuer) + 1, number_min);
    tx.execute(insert_crl, issuer, number, this_update, next_update);
    return number;
}

void finish_crl(sql::Transaction& tx, std::string_view issuer, std::int64_t number,
                std::int64_t entries, Instant now) {
    tx.execute(finish_crl_statement, issuer, number, entries, now);
}

std::optional<std::string> find_fence(sql::Reader& reader) {
    const auto rows = reader.query(select_fence);
    if (rows.empty()) return std::nullopt;
    return rows[0].text("reason");
}

void raise_fence(sql::Transaction& tx, std::string_view reason, Instant now) {
    tx.execute(insert_fence, reason, now);
}

void lift_fence(sql::Transaction& tx, const FenceLifting& l, Instant now) {
    tx.execute(lift_fence_statement, now, l.first_id, l.first_name, l.second_id, l.second_name,
               l.evidence);
}

}  // namespace antin::ledger
