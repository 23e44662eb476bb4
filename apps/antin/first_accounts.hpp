#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/vocabulary.hpp"
#include "sql/sql.hpp"

namespace antin::program {

/// An account that `antin init` (or `antin user add`) made, with the password for one sign-in.
struct FirstAccount {
    std::string email, full_name, password;
    std::vector<domain::Role> roles;
    std::string agency_name;
};

/// DIR/first-accounts.txt (0600): one line an account, until each has chosen a password of its own.
[[nodiscard]] Status write_first_accounts(const std::filesystem::path& data_dir,
                                          const std::vector<FirstAccount>& accounts);
[[nodiscard]] std::vector<FirstAccount> read_first_accounts(const std::filesystem::path& data_dir);
/// Takes out those whose one-time password was used (or has ended), removes the file after the
/// last. Called while the portal serves.
Status tidy_first_accounts(const std::filesystem::path& data_dir, sql::Database& db,
                           const Clock& clock);

}  // namespace antin::program
