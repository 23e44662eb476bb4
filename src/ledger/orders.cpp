#include "ledger/orders.hpp"

namespace antin::ledger {
namespace {

constexpr sql::Statement select_order{
    "ca_order.find",
    "SELECT order_id, issuer, profile, locality, organisation, units, common_name, email,"
    " domain_name, validity_days, on_hold, proposer_id, proposer_name, approver_id, approver_name,"
    " approved_at, COALESCE(replaced_by, '') AS replaced_by, not_after FROM ca_order"
    " WHERE order_id = $1"};
constexpr sql::Statement insert_order_statement{
    "ca_order.insert",
    "INSERT INTO ca_order (order_id, issuer, profile, locality, organisation, units, common_name,"
    " email, domain_name, validity_days, on_hold, proposer_id, proposer_name, approver_id,"
    " approver_name, approved_at, not_after)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)"};
constexpr sql::Statement replace_statement{
    "ca_order.replace",
    "UPDATE ca_order SET replaced_by = $2 WHERE order_id = $1 AND replaced_by IS NULL"};
constexpr sql::Statement insert_serial_statement{
    "ca_serial.insert",
    "INSERT INTO ca_serial (serial, issuer, purpose, order_id, subject_key, body, state, given_at)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT DO NOTHING"};
constexpr sql::Statement select_serial{
    "ca_serial.find",
    "SELECT serial, issuer, purpose, order_id, subject_key, body, state, given_at FROM ca_serial"
    " WHERE serial = $1"};
constexpr sql::Statement select_serial_of_order{
    "ca_serial.of_order",
    "SELECT serial, issuer, purpose, order_id, subject_key, body, state, given_at FROM ca_serial"
    " WHERE order_id = $1 AND state <> 'abandoned'"};
constexpr sql::Statement select_open{
    "ca_serial.open",
    "SELECT serial, issuer, purpose, order_id, subject_key, body, state, given_at FROM ca_serial"
    " WHERE state = 'open' AND purpose = 'subscriber' AND given_at < $1 ORDER BY given_at LIMIT "
    "$2"};
constexpr sql::Statement count_open{
    "ca_serial.count_open",
    "SELECT COUNT(*) AS total FROM ca_serial WHERE state = 'open' AND purpose = 'subscriber'"};
constexpr sql::Statement end_statement{
    "ca_serial.end",
    "UPDATE ca_serial SET state = $2, ended_at = $3, body = NULL WHERE serial = $1"};

std::string joined(const std::vector<std::string>& lines) {
    std::string out;
    for (const auto& line : lines) {
        if (!out.empty()) out += '\n';
        out += line;
    }
    return out;
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        out.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

Serial serial_of(const sql::Row& row) {
    Serial out;
    out.serial = row.text("serial");
    out.issuer = row.text("issuer");
    out.purpose = row.text("purpose");
    out.order_id = row.text("order_id");
    out.subject_key = row.text("subject_key");
    if (!row.is_null("body")) out.body = row.bytes("body");
    out.state = row.text("state");
    out.given_at = row.instant("given_at");
    return out;
}

std::optional<Serial> one_serial(const sql::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return serial_of(rows[0]);
}

}  // namespace

std::optional<Order> find_order(sql::Reader& reader, std::string_view order_id) {
    const auto rows = reader.query(select_order, order_id);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    Order out;
    out.order_id = row.text("order_id");
    out.issuer = row.text("issuer");
    out.profile = row.text("profile");
    out.locality = row.text("locality");
    out.organisation = row.text("organisation");
    out.units = split(row.text("units"));
    out.common_name = row.text("common_name");
    out.email = row.text("email");
    out.domain_name = row.text("domain_name");
    out.validity_days = row.integer("validity_days");
    out.not_after = row.maybe_instant("not_after");
    out.on_hold = row.boolean("on_hold");
    out.proposer_id = row.integer("proposer_id");
    out.proposer_name = row.text("proposer_name");
    out.approver_id = row.integer("approver_id");
    out.approver_name = row.text("approver_name");
    out.approved_at = row.instant("approved_at");
    out.replaced_by = row.text("replaced_by");
    return out;
}

void insert_order(sql::Transaction& tx, const Order& order) {
    tx.execute(insert_order_statement, order.order_id, order.issuer, order.profile, order.locality,
               order.organisation, joined(order.units), order.common_name, order.email,
               order.domain_name, order.validity_days, order.on_hold, order.proposer_id,
               order.proposer_name, order.approver_id, order.approver_name, order.approved_at,
               order.not_after);
}

bool mark_order_replaced(sql::Transaction& tx, std::string_view order_id,
                         std::string_view by_order_id) {
    return tx.execute(replace_statement, order_id, by_order_id) == 1;
}

bool insert_serial(sql::Transaction& tx, const Serial& serial) {
    std::optional<std::string> order_id;
    if (!serial.order_id.empty()) order_id = serial.order_id;
    std::optional<Bytes> body;
    if (!serial.body.empty()) body = serial.body;
    return tx.execute(insert_serial_statement, serial.serial, serial.issuer, serial.purpose,
                      order_id, serial.subject_key, body, serial.state, serial.given_at) == 1;
}

std::optional<Serial> find_serial(sql::Reader& reader, std::string_view serial) {
    return one_serial(reader.query(select_serial, serial));
}

std::optional<Serial> find_serial_of_order(sql::Reader& reader, std::string_view order_id) {
    return one_serial(reader.query(select_serial_of_order, order_id));
}

std::vector<Serial> list_open_serials(sql::Reader& reader, Instant before, std::int64_t count_max) {
    std::vector<Serial> out;
    const auto rows = reader.query(select_open, before, count_max);
    for (const auto row : rows) out.push_back(serial_of(row));
    return out;
}

std::int64_t count_open_serials(sql::Reader& reader) {
    return reader.query(count_open)[0].integer("total");
}

void end_serial(sql::Transaction& tx, std::string_view serial, std::string_view state,
                Instant now) {
    tx.execute(end_statement, serial, state, now);
}

}  // namespace antin::ledger
