#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sql/sql.hpp"
#include "store/accounts.hpp"

namespace antin::store {

/// People whose name or address holds every word of `words` ("" for all), whatever the case and
/// the diacritics; by name as a reader of Vietnamese looks for it ("Đ" beside "D").
[[nodiscard]] std::vector<std::int64_t> find_people(sql::Reader& db, std::string_view words);
/// With all their roles, in the order given.
[[nodiscard]] std::vector<PersonRow> people_by_id(sql::Reader& db,
                                                  std::span<const std::int64_t> ids);
/// How many active people hold a role anywhere.
[[nodiscard]] std::int64_t count_with_role(sql::Reader& db, domain::Role role);

/// Dossiers at `receiver_id` that wait for this examiner: what returns to the queue when they move.
[[nodiscard]] std::vector<std::int64_t> assigned_dossiers(sql::Reader& db, std::int64_t account_id,
                                                          std::int64_t receiver_id);

}  // namespace antin::store
