#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql.hpp"
#include "store/accounts.hpp"

namespace antin::store {

/// People by the beginnings of words of name and address, without diacritics ("" for all), by name,
/// with all their roles.
[[nodiscard]] std::vector<PersonRow> search_people(sql::Reader& db, std::string_view words,
                                                   std::int64_t limit, std::int64_t offset);
/// At most counted_max + 1 (listing.hpp).
[[nodiscard]] std::int64_t count_people(sql::Reader& db, std::string_view words);
/// How many active people hold a role anywhere.
[[nodiscard]] std::int64_t count_with_role(sql::Reader& db, domain::Role role);

/// Dossiers at `receiver_id` that wait for this examiner: what returns to the queue when they move.
[[nodiscard]] std::vector<std::int64_t> assigned_dossiers(sql::Reader& db, std::int64_t account_id,
                                                          std::int64_t receiver_id);

}  // namespace antin::store
