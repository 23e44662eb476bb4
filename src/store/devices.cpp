#include "store/devices.hpp"

#include "store/listing.hpp"

namespace antin::store {

namespace {

#define ANTIN_DEVICE_COLUMNS                                                               \
    "d.id AS id, d.serial AS serial, d.kind AS kind, d.model AS model, d.state AS state, " \
    "d.place AS place, d.agency_id AS agency_id, d.line_id AS line_id, "                   \
    "d.created_at AS created_at, d.is_demo AS is_demo, d.version AS version"

const sql::Statement insert_device{
    "device.insert",
    "INSERT INTO device (serial, kind, model, state, place, agency_id, line_id, created_at,"
    " is_demo) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (serial) DO NOTHING"
    " RETURNING id"};
const sql::Statement select_device{"device.by_id",
                                   "SELECT " ANTIN_DEVICE_COLUMNS " FROM device d WHERE d.id = $1"};
const sql::Statement select_by_serial{
    "device.by_serial", "SELECT " ANTIN_DEVICE_COLUMNS " FROM device d WHERE d.serial = $1"};
const sql::Statement update_device{
    "device.update",
    "UPDATE device SET state = $1, place = $2, agency_id = $3, line_id = $4, model = $5,"
    " version = version + 1 WHERE id = $6 AND version = $7"};
const sql::Statement insert_event{
    "device_event.insert",
    "INSERT INTO device_event (device_id, act, from_state, to_state, actor_id, actor_name,"
    " from_whom, to_whom, at, note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"};
const sql::Statement select_events{
    "device_event.of_device",
    "SELECT act, from_state, to_state, actor_id, actor_name, from_whom, to_whom, at, note"
    " FROM device_event WHERE device_id = $1 ORDER BY id"};
const sql::Statement insert_envelope{
    "pin_envelope.insert",
    "INSERT INTO pin_envelope (device_id, line_id, sealed, created_at) VALUES ($1, $2, $3, $4)"};
const sql::Statement select_envelope{
    "pin_envelope.of_line",
    "SELECT id, device_id, line_id, sealed, created_at, printed_at FROM pin_envelope"
    " WHERE line_id = $1 ORDER BY id DESC LIMIT 1"};
const sql::Statement drop_envelopes{
    "pin_envelope.drop",
    "UPDATE pin_envelope SET sealed = NULL WHERE line_id = $1 AND printed_at IS NULL"};
const sql::Statement wipe_envelope{
    "pin_envelope.printed",
    "UPDATE pin_envelope SET sealed = NULL, printed_by = $1, printed_at = $2"
    " WHERE id = $3 AND printed_at IS NULL"};

Device device_from(const sql::Row& row) {
    Device device;
    const auto kind = domain::parse<domain::Carrier>(row.text("kind"));
    const auto state = domain::parse<domain::DeviceState>(row.text("state"));
    if (!kind || !state) throw sql::Failure("unknown word in device");
    device.id = row.integer("id");
    device.serial = row.text("serial");
    device.kind = *kind;
    device.model = row.text("model");
    device.state = *state;
    device.place = row.text("place");
    device.agency_id = row.maybe_integer("agency_id");
    device.line_id = row.maybe_integer("line_id");
    device.created_at = row.instant("created_at");
    device.is_demo = row.boolean("is_demo");
    device.version = row.integer("version");
    return device;
}

/// WHERE of a filter, its values appended.
std::string where(const DeviceFilter& filter, std::vector<sql::Value>& values) {
    std::string text = " WHERE 1 = 1";
    const auto add = [&](const char* condition, sql::Value value) {
        values.push_back(std::move(value));
        text += condition + std::to_string(values.size());
    };
    if (filter.state) add(" AND d.state = $", sql::value_of(domain::to_text(*filter.state)));
    if (filter.agency_id) add(" AND d.agency_id = $", sql::value_of(*filter.agency_id));
    if (!filter.serial_begin.empty()) {
        // A range, so that the unique index is read: no serial holds the last letter of all.
        add(" AND d.serial >= $", sql::value_of(filter.serial_begin));
        add(" AND d.serial < $", sql::value_of(filter.serial_begin + "\U0010FFFF"));
    }
    return text;
}

}  // namespace

std::optional<std::int64_t> add_device(sql::Transaction& tx, const Device& device) {
    const auto rows =
        tx.query(insert_device, device.serial, domain::to_text(device.kind), device.model,
                 domain::to_text(device.state), device.place, device.agency_id, device.line_id,
                 device.created_at, static_cast<std::int64_t>(device.is_demo));
    if (rows.empty()) return std::nullopt;
    return rows[0].integer("id");
}

std::optional<Device> find_device(sql::Reader& db, std::int64_t id) {
    const auto rows = db.query(select_device, id);
    if (rows.empty()) return std::nullopt;
    return device_from(rows[0]);
}

std::optional<Device> find_device_by_serial(sql::Reader& db, std::string_view serial) {
    const auto rows = db.query(select_by_serial, serial);
    if (rows.empty()) return std::nullopt;
    return device_from(rows[0]);
}

bool save_device(sql::Transaction& tx, Device& device) {
    if (tx.execute(update_device, domain::to_text(device.state), device.place, device.agency_id,
                   device.line_id, device.model, device.id, device.version) != 1) {
        return false;
    }
    ++device.version;
    return true;
}

std::vector<DeviceRow> list_devices(sql::Reader& db, const DeviceFilter& filter) {
    std::vector<sql::Value> values;
    std::string text =
        "SELECT " ANTIN_DEVICE_COLUMNS
        ", COALESCE(a.name, '') AS agency_name, COALESCE(l.name, '') AS line_name,"
        " COALESCE(o.code, '') AS dossier_code,"
        " COALESCE(l.certificate_serial, '') AS certificate_serial FROM device d"
        " LEFT JOIN agency a ON a.id = d.agency_id LEFT JOIN dossier_line l ON l.id = d.line_id"
        " LEFT JOIN dossier o ON o.id = l.dossier_id" +
        where(filter, values);
    values.push_back(sql::value_of(filter.limit));
    text += " ORDER BY d.id DESC LIMIT $" + std::to_string(values.size());
    values.push_back(sql::value_of(filter.offset));
    text += " OFFSET $" + std::to_string(values.size());
    std::vector<DeviceRow> out;
    const auto rows = db.query_built("device.list", text, values);
    for (const sql::Row row : rows) {
        out.push_back({device_from(row), row.text("agency_name"), row.text("line_name"),
                       row.text("dossier_code"), row.text("certificate_serial")});
    }
    return out;
}

std::int64_t count_devices(sql::Reader& db, const DeviceFilter& filter) {
    std::vector<sql::Value> values;
    const auto text = bounded_count("FROM device d" + where(filter, values));
    return db.query_built("device.count", text, values)[0].integer("n");
}

void add_device_event(sql::Transaction& tx, const DeviceEvent& event) {
    tx.execute(insert_event, event.device_id, event.act, event.from_state, event.to_state,
               event.actor_id, event.actor_name, event.from_whom, event.to_whom, event.at,
               event.note);
}

std::vector<DeviceEvent> device_events(sql::Reader& db, std::int64_t device_id) {
    std::vector<DeviceEvent> out;
    const auto rows = db.query(select_events, device_id);
    for (const sql::Row row : rows) {
        out.push_back({device_id, row.text("act"), row.text("from_state"), row.text("to_state"),
                       row.maybe_integer("actor_id"), row.text("actor_name"), row.text("from_whom"),
                       row.text("to_whom"), row.instant("at"), row.text("note")});
    }
    return out;
}

void add_pin_envelope(sql::Transaction& tx, const PinEnvelope& envelope, Instant now) {
    tx.execute(insert_envelope, envelope.device_id, envelope.line_id, envelope.sealed, now);
}

std::optional<PinEnvelope> find_pin_envelope(sql::Reader& db, std::int64_t line_id) {
    const auto rows = db.query(select_envelope, line_id);
    if (rows.empty()) return std::nullopt;
    PinEnvelope envelope;
    envelope.id = rows[0].integer("id");
    envelope.device_id = rows[0].integer("device_id");
    envelope.line_id = line_id;
    if (!rows[0].is_null("sealed")) envelope.sealed = rows[0].bytes("sealed");
    envelope.created_at = rows[0].instant("created_at");
    envelope.printed_at = rows[0].maybe_instant("printed_at");
    return envelope;
}

void drop_unprinted_envelopes(sql::Transaction& tx, std::int64_t line_id) {
    tx.execute(drop_envelopes, line_id);
}

bool mark_pin_printed(sql::Transaction& tx, std::int64_t id, std::int64_t by, Instant now) {
    return tx.execute(wipe_envelope, by, now, id) == 1;
}

}  // namespace antin::store
