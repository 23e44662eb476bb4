#pragma once
#include <optional>
#include <string_view>

#include "store/agencies.hpp"

namespace antin::store {

/// The body of that name within a province, whatever its case and diacritics; the oldest when there
/// are more.
[[nodiscard]] std::optional<Agency> find_agency_by_name(sql::Reader& db,
                                                        std::string_view province_code,
                                                        std::string_view name);

}  // namespace antin::store
