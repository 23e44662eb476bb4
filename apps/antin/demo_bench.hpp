#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "demo_agent.hpp"
#include "demo_person.hpp"

namespace antin::program {

/// Plays the script of the bench's page (web-assets/src/js/token.js) for these rows: blank devices
/// enter the stock; each row takes one, the device is wiped, makes the key, the certificate is
/// issued, written, read back and tried; then the PIN envelopes are printed. Gives the
/// certificates, DER, in the order of the rows.
[[nodiscard]] Result<std::vector<std::string>> personalise(DemoPerson& officer, DemoAgent& agent,
                                                           const std::vector<std::int64_t>& lines);

/// Hands the devices over and has the agency confirm (Mẫu 07), each in their own page.
Status hand_over_and_confirm(DemoPerson& officer, DemoPerson& head, std::int64_t dossier_id);

}  // namespace antin::program
