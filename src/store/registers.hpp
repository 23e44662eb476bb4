#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/dossiers.hpp"

namespace antin::store {

/// Dossiers that a body accepted in a period, oldest first: the register (Mẫu 07).
struct RegisterRow {
    Dossier dossier;
    std::string agency_name;
    std::int64_t postponed = 0;
};
[[nodiscard]] std::vector<RegisterRow> register_rows(sql::Reader& reader, std::int64_t body_id,
                                                     Instant from, Instant until,
                                                     std::int64_t limit, std::int64_t offset);
[[nodiscard]] std::int64_t count_register(sql::Reader& reader, std::int64_t body_id, Instant from,
                                          Instant until);

/// The number of a dossier's control sheet (Mẫu 06), once somebody made it.
struct ControlSheetNumber {
    std::int64_t number = 0;
    std::string text;  // "3/PKS"
    Instant made_at;
};
[[nodiscard]] std::optional<ControlSheetNumber> control_sheet_number(sql::Reader& reader,
                                                                     std::int64_t dossier_id);
void add_control_sheet(sql::Transaction& tx, std::int64_t dossier_id,
                       const ControlSheetNumber& number, std::int64_t by);

}  // namespace antin::store
