#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "forms/processing_papers.hpp"
#include "store/dossiers.hpp"
#include "store/registers.hpp"

namespace antin::app {

/// Who handed the dossier to whom, when, with which result (TT 03/2025/TT-VPCP, Mẫu 06): read from
/// the history, so nobody fills it in and nobody forgets it.
struct ControlSheetView {
    store::Dossier dossier;
    std::string agency_name;
    std::optional<store::ControlSheetNumber> number;  // nothing until the sheet is made
    std::vector<forms::ControlStep> steps;
};
/// For officers of the receiving body and the auditor. NotFound "dossier.not_found" for others;
/// Refused "control_sheet.no_code" before acceptance.
[[nodiscard]] Result<ControlSheetView> read_control_sheet(Services& services, const Actor& actor,
                                                          std::int64_t dossier_id);

/// Takes the next number of the body's book "PKS" for the dossier; the second time it keeps the
/// first number.
[[nodiscard]] Result<store::ControlSheetNumber> make_control_sheet(Services& services,
                                                                   const Actor& actor,
                                                                   std::int64_t dossier_id);

/// The sheet as it stands now. Refused "control_sheet.no_number" before it was made.
struct ControlSheetFile {
    std::string file_name;
    Bytes bytes;
};
[[nodiscard]] Result<ControlSheetFile> draw_control_sheet(Services& services, const Actor& actor,
                                                          std::int64_t dossier_id);

}  // namespace antin::app
