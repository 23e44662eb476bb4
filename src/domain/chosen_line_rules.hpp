#pragma once
// Inside domain/ only: the rules of Mẫu 04, 05 and 06, called by check_lines.
#include <string>
#include <unordered_map>

#include "domain/line_rules.hpp"

namespace antin::domain {

/// Serials and device numbers seen so far, with the row that has them.
using ChosenDoubles = std::unordered_map<std::string, std::string>;

/// A cell "serial/phone" of Mẫu 04 (SIM PKI) taken apart before it is read.
[[nodiscard]] FieldValues split_serial_cell(FieldValues typed);

/// Judges one row whose fields are read: what it asks of a certificate or device that is there.
/// Fills in what is known and was not typed. Source: NĐ 68/2024 Điều 12–20, 22.
void check_chosen_line(const DossierToCheck& dossier, const std::string& row,
                       const RuleSettings& settings, const OutsideFacts& outside,
                       ChosenDoubles& doubles, LineFindings& findings);

}  // namespace antin::domain
