#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "sql/sql.hpp"

/// What publishers follow and leave: status events, pre-signed OCSP answers, CRLs, the fence.
namespace antin::ledger {

/// Writes the event and takes the pre-signed answers of the serial away.
void append_status_event(sql::Transaction& tx, std::string_view serial, std::string_view issuer,
                         bool is_new, Instant now);
struct StatusEvent {
    std::int64_t id;
    std::string serial, issuer;
    bool is_new;
};
[[nodiscard]] std::vector<StatusEvent> list_status_events(sql::Reader& reader, std::int64_t after,
                                                          std::int64_t count_max);
[[nodiscard]] std::int64_t last_status_event(sql::Reader& reader);

struct SignedStatus {
    std::string serial;
    std::string hash;  // "sha1", "sha256"
    Bytes data, signature;
    std::int64_t responder_id = 0;
    Instant this_update{}, next_update{};
};
[[nodiscard]] std::optional<SignedStatus> find_signed_status(sql::Reader& reader,
                                                             std::string_view serial,
                                                             std::string_view hash);
void put_signed_status(sql::Transaction& tx, const SignedStatus& status);
/// Serials in serial order above `after` whose SHA-1 answer is missing or was signed before
/// `signed_before`; expired certificates are left alone.
[[nodiscard]] std::vector<std::string> list_unsigned(sql::Reader& reader, std::string_view after,
                                                     Instant signed_before, Instant now,
                                                     std::int64_t count_max);

struct Crl {
    std::string issuer;
    std::int64_t number = 0;
    Instant this_update{}, next_update{};
    std::int64_t entries = 0;
    std::optional<Instant> published_at;
};
/// The last published one.
[[nodiscard]] std::optional<Crl> find_crl(sql::Reader& reader, std::string_view issuer);
/// Spends the next number, at least `number_min`.
[[nodiscard]] std::int64_t start_crl(sql::Transaction& tx, std::string_view issuer,
                                     Instant this_update, Instant next_update,
                                     std::int64_t number_min = 1);
void finish_crl(sql::Transaction& tx, std::string_view issuer, std::int64_t number,
                std::int64_t entries, Instant now);
/// The highest number spent, 0 when none.
[[nodiscard]] std::int64_t last_crl_number(sql::Reader& reader, std::string_view issuer);

/// The reason of the fence that stands, or nothing.
[[nodiscard]] std::optional<std::string> find_fence(sql::Reader& reader);
void raise_fence(sql::Transaction& tx, std::string_view reason, Instant now);
struct FenceLifting {
    std::int64_t first_id = 0, second_id = 0;
    std::string first_name, second_name, evidence;
};
void lift_fence(sql::Transaction& tx, const FenceLifting& lifting, Instant now);

}  // namespace antin::ledger
