#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

struct HandOver {
    std::int64_t dossier_id = 0;
    std::vector<std::int64_t> line_ids;  // ready rows of that dossier
    std::string method;                  // direct | post | online
    std::string recipient_name, recipient_position, note;
    std::string submit_key;  // the form's one-time key: the same form twice acts once
};

/// The registration officer gives ready devices to the agency: record with who, when and device
/// numbers, paper, notice. With the last fulfilled row the dossier is returned (10). Certificates
/// stay on hold until the agency confirms, where the setting says so. Returns the handover's id.
/// Errors: Invalid "handover.no_recipient" (field), "handover.method", "handover.no_lines";
/// Refused "handover.line_not_ready" (by name of the row).
[[nodiscard]] Result<std::int64_t> hand_over(Services& services, const Actor& actor,
                                             const HandOver& input);

/// The agency confirms that its people hold their devices (NĐ 68/2024/NĐ-CP, Mẫu 07): the
/// certificates are in force at once. Confirming again changes nothing.
/// Errors: NotFound "handover.not_found" for another agency's.
[[nodiscard]] Status confirm_handover(Services& services, const Actor& actor,
                                      std::int64_t handover_id);

}  // namespace antin::app
