#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/vocabulary.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// A thing that holds a subscriber's key: USB token, SIM, or an account in the server's own token.
struct Device {
    std::int64_t id = 0;
    std::string serial;  // printed on it; for central accounts the account's name
    domain::Carrier kind = domain::Carrier::PkiToken;
    std::string model;
    domain::DeviceState state = domain::DeviceState::InStock;
    std::string place;
    std::optional<std::int64_t> agency_id, line_id;
    Instant created_at{};
    bool is_demo = false;
    std::int64_t version = 1;
};

/// The new id, or nothing when a device of this serial is there already.
[[nodiscard]] std::optional<std::int64_t> add_device(sql::Transaction& tx, const Device& device);
[[nodiscard]] std::optional<Device> find_device(sql::Reader& db, std::int64_t id);
[[nodiscard]] std::optional<Device> find_device_by_serial(sql::Reader& db, std::string_view serial);
/// False: somebody else was faster, nothing is written.
[[nodiscard]] bool save_device(sql::Transaction& tx, Device& device);

struct DeviceFilter {
    std::optional<domain::DeviceState> state;
    std::optional<std::int64_t> agency_id;
    std::string serial_begin;  // "" for all
    std::int64_t limit = 50, offset = 0;
};
/// A device as lists show it: with whose it is.
struct DeviceRow {
    Device device;
    std::string agency_name, line_name, dossier_code, certificate_serial;
};
/// Newest first.
[[nodiscard]] std::vector<DeviceRow> list_devices(sql::Reader& db, const DeviceFilter& filter);
/// At most counted_max + 1 (listing.hpp).
[[nodiscard]] std::int64_t count_devices(sql::Reader& db, const DeviceFilter& filter);

/// One step in a device's life; never changed.
struct DeviceEvent {
    std::int64_t device_id = 0;
    std::string act;  // text key "device_event.<act>"
    std::string from_state, to_state;
    std::optional<std::int64_t> actor_id;
    std::string actor_name, from_whom, to_whom;
    Instant at{};
    std::string note;
};
void add_device_event(sql::Transaction& tx, const DeviceEvent& event);
[[nodiscard]] std::vector<DeviceEvent> device_events(sql::Reader& db, std::int64_t device_id);

/// A PIN that waits, sealed, for its envelope.
struct PinEnvelope {
    std::int64_t id = 0, device_id = 0, line_id = 0;
    Bytes sealed;  // empty once printed
    Instant created_at{};
    std::optional<Instant> printed_at;
};
void add_pin_envelope(sql::Transaction& tx, const PinEnvelope& envelope, Instant now);
/// The newest of a row.
[[nodiscard]] std::optional<PinEnvelope> find_pin_envelope(sql::Reader& db, std::int64_t line_id);
/// A PIN that was never printed and will not be: its bytes go, its record stays.
void drop_unprinted_envelopes(sql::Transaction& tx, std::int64_t line_id);
/// Wipes the sealed PIN; false when it was printed already.
[[nodiscard]] bool mark_pin_printed(sql::Transaction& tx, std::int64_t id, std::int64_t by,
                                    Instant now);

}  // namespace antin::store
