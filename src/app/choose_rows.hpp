#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

struct ChooseRows {
    std::int64_t dossier_id = 0;
    std::vector<std::string> numbers;  // of certificates (Mẫu 04, 05) or devices (Mẫu 06)
};

/// Adds a row for each certificate or device that the draft does not have yet; the box that the
/// request was begun for is ticked. Returns how many were added. Who and errors: those of add_rows.
[[nodiscard]] Result<int> choose_rows(Services& services, const Actor& actor,
                                      const ChooseRows& input);

/// Numbers of certificates out of pasted text, whatever stands between them and inside them.
[[nodiscard]] std::vector<std::string> read_pasted_serials(std::string_view text);

}  // namespace antin::app
