#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "sql/sql.hpp"

/// Orders (what two people approved) and serials (what is about to be signed).
namespace antin::ledger {

struct Order {
    std::string order_id, issuer, profile;
    std::string locality, organisation;
    std::vector<std::string> units;
    std::string common_name, email, domain_name;
    std::int64_t validity_days = 0;
    std::optional<Instant> not_after;  // wins over the days
    bool on_hold = true;
    std::int64_t proposer_id = 0, approver_id = 0;
    std::string proposer_name, approver_name;
    Instant approved_at{};
    std::string replaced_by;  // "": this one counts
};
[[nodiscard]] std::optional<Order> find_order(sql::Reader& reader, std::string_view order_id);
void insert_order(sql::Transaction& tx, const Order& order);
/// False when it was replaced before: nothing changed.
[[nodiscard]] bool mark_order_replaced(sql::Transaction& tx, std::string_view order_id,
                                       std::string_view by_order_id);

/// A serial and what was meant with it.
struct Serial {
    std::string serial, issuer;
    std::string purpose;   // root | issuing | responder | subscriber | restored
    std::string order_id;  // "" for the authority's own
    std::string subject_key;
    Bytes body;         // empty once the certificate holds it
    std::string state;  // open | done | abandoned
    Instant given_at{};
};
/// False when the serial, or an intent of the same order, is on record already: nothing changed.
[[nodiscard]] bool insert_serial(sql::Transaction& tx, const Serial& serial);
[[nodiscard]] std::optional<Serial> find_serial(sql::Reader& reader, std::string_view serial);
/// The serial of an order that is open or done.
[[nodiscard]] std::optional<Serial> find_serial_of_order(sql::Reader& reader,
                                                         std::string_view order_id);
/// Open intents of subscribers given before `before`, oldest first.
[[nodiscard]] std::vector<Serial> list_open_serials(sql::Reader& reader, Instant before,
                                                    std::int64_t count_max);
[[nodiscard]] std::int64_t count_open_serials(sql::Reader& reader);
/// `state`: done or abandoned. The body goes; the serial stays spent for ever.
void end_serial(sql::Transaction& tx, std::string_view serial, std::string_view state, Instant now);

}  // namespace antin::ledger
