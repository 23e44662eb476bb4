#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/agencies.hpp"

namespace antin::store {

/// The kind of a body that is on record only because it stands above others (Tỉnh ủy, UBND tỉnh).
/// While nobody has invited it, lists and counts of agencies leave it out.
inline constexpr std::string_view superior_kind = "superior";

/// The bodies above `agency`, the direct one first; no more than four.
[[nodiscard]] std::vector<Agency> superiors_of(sql::Reader& db, const Agency& agency);

/// Who may stand above a body of the province, by name: an agency, the desk or a superior body.
[[nodiscard]] std::optional<Agency> find_superior_by_name(sql::Reader& db,
                                                          std::string_view province_code,
                                                          std::string_view name);

/// Names of those that stand above others in the province now, the most frequent first.
[[nodiscard]] std::vector<std::string> superior_names(sql::Reader& db,
                                                      std::string_view province_code);

/// Who stands above most bodies of this kind in the communes of the province.
[[nodiscard]] std::optional<std::int64_t> usual_superior(sql::Reader& db,
                                                         std::string_view province_code,
                                                         std::string_view kind);

}  // namespace antin::store
