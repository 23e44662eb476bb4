#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "domain/vocabulary.hpp"
#include "sql/sql.hpp"

namespace antin::store {

struct Account {
    std::int64_t id = 0;
    std::string email;  // lower case; the sign-in name
    std::string full_name, position, phone, personal_id;
    std::string password_hash;
    bool password_temporary = false;
    std::optional<Instant> password_expires_at;
    std::string state;  // invited | active | suspended | closed
    std::string totp_secret;
    std::optional<Instant> totp_confirmed_at;
    std::int64_t totp_last_step = 0;
    std::string language = "vi";
    bool is_demo = false;
    Instant created_at;
    std::optional<Instant> last_sign_in_at;
    std::int64_t version = 1;
};

/// The new id; an address that somebody has: Conflict "account.email_taken".
[[nodiscard]] Result<std::int64_t> insert_account(sql::Transaction& tx, const Account& account);
/// Writes all fields if the version is still the stored one: else Conflict "account.changed".
[[nodiscard]] Status update_account(sql::Transaction& tx, const Account& account);
[[nodiscard]] std::optional<Account> find_account(sql::Reader& db, std::int64_t id);
[[nodiscard]] std::optional<Account> find_account_by_email(sql::Reader& db, std::string_view email);

struct GrantRow {
    std::int64_t id = 0;
    std::int64_t account_id = 0;
    domain::Role role{};
    std::int64_t agency_id = 0;
    std::string agency_name;
    Instant granted_at;
    std::optional<Instant> ended_at;
};
/// Roles in force now: not ended, and not at a suspended or closed agency.
[[nodiscard]] std::vector<GrantRow> grants_of(sql::Reader& db, std::int64_t account_id);
/// Nothing happens when the person already has it.
void insert_grant(sql::Transaction& tx, std::int64_t account_id, domain::Role role,
                  std::int64_t agency_id, std::optional<std::int64_t> by, Instant at);
/// False when there was no such role in force.
bool end_grant(sql::Transaction& tx, std::int64_t account_id, domain::Role role,
               std::int64_t agency_id, std::optional<std::int64_t> by, Instant at);

struct PersonRow {
    Account account;
    std::vector<GrantRow> grants;  // at the body asked for, or all
};
/// People with a role in force at the body, by name.
[[nodiscard]] std::vector<PersonRow> people_of(sql::Reader& db, std::int64_t agency_id);
/// Active people with `role` at the body: whom notices go to, who may be assigned.
[[nodiscard]] std::vector<Account> people_with_role(sql::Reader& db, domain::Role role,
                                                    std::int64_t agency_id);

void insert_recovery_code(sql::Transaction& tx, std::int64_t account_id, std::string_view hash);
void delete_recovery_codes(sql::Transaction& tx, std::int64_t account_id);
/// True once per code.
bool use_recovery_code(sql::Transaction& tx, std::int64_t account_id, std::string_view hash,
                       Instant at);
[[nodiscard]] std::int64_t count_recovery_codes(sql::Reader& db, std::int64_t account_id);

}  // namespace antin::store
