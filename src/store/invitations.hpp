#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

/// An invitation to open the first account (or the next head's) of an agency. The code stands in
/// mail, letter and QR; only its SHA-256 (hex) is stored.
struct Invitation {
    std::int64_t id = 0;
    std::int64_t agency_id = 0;
    std::string batch;  // invited together, "" for one alone
    std::string email, full_name;
    std::string role;  // focal_point | head | both
    std::string code_hash;
    std::int64_t invited_by = 0;
    Instant invited_at, expires_at;
    std::optional<Instant> accepted_at, withdrawn_at;
    std::optional<std::int64_t> account_id;
};
std::int64_t insert_invitation(sql::Transaction& tx, const Invitation& invitation);
void set_invitation_code(sql::Transaction& tx, std::int64_t id, std::string_view code_hash);
[[nodiscard]] std::optional<Invitation> find_invitation(sql::Reader& db, std::int64_t id);
/// In any state; whether it can still be used is the use case's question.
[[nodiscard]] std::optional<Invitation> find_invitation_by_code(sql::Reader& db,
                                                                std::string_view code_hash);
/// Of one agency, newest first.
[[nodiscard]] std::vector<Invitation> invitations_of(sql::Reader& db, std::int64_t agency_id);
[[nodiscard]] std::vector<Invitation> invitations_of_batch(sql::Reader& db, std::string_view batch);
/// Those of a province that can still be used at `now`, by name of the agency.
[[nodiscard]] std::vector<Invitation> open_invitations(sql::Reader& db,
                                                       std::string_view province_code, Instant now,
                                                       std::int64_t limit);
/// False when it was accepted or withdrawn in between.
bool accept_invitation(sql::Transaction& tx, std::int64_t id, std::int64_t account_id, Instant at);
bool withdraw_invitation(sql::Transaction& tx, std::int64_t id, Instant at);

/// An agency that was not invited and registers itself.
struct Registration {
    std::int64_t id = 0;
    std::optional<std::int64_t> agency_id;
    std::string province_code;
    std::string data;  // JSON, what was typed
    std::optional<std::int64_t> proof_file_id;
    std::string state;  // registered | approved | returned
    std::string reasons;
    std::string follow_hash;  // of the link by which the agency follows and mends it
    Instant created_at;
    std::optional<std::int64_t> decided_by;
    std::optional<Instant> decided_at;
    std::int64_t version = 1;
};
std::int64_t insert_registration(sql::Transaction& tx, const Registration& registration);
/// False when somebody else was faster.
bool update_registration(sql::Transaction& tx, const Registration& registration);
[[nodiscard]] std::optional<Registration> find_registration(sql::Reader& db, std::int64_t id);
[[nodiscard]] std::optional<Registration> find_registration_by_link(sql::Reader& db,
                                                                    std::string_view follow_hash);
/// Of a province in one state, oldest first.
[[nodiscard]] std::vector<Registration> list_registrations(sql::Reader& db,
                                                           std::string_view province_code,
                                                           std::string_view state);

}  // namespace antin::store
