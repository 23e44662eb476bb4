#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "sql/sql.hpp"

namespace antin::store {

/// Of the bodies of a province that `words` finds ("" for all, without diacritics).
struct AgencyCounts {
    std::map<std::string, std::int64_t> by_state;
    std::int64_t to_invite = 0;  // not invited yet, with an address to write to; whatever the words
};
[[nodiscard]] AgencyCounts count_province(sql::Reader& db, std::string_view province_code,
                                          std::string_view words);

}  // namespace antin::store
