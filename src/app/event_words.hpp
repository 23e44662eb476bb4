#pragma once
#include <string>

#include "html/template.hpp"
#include "store/dossier_events.hpp"

namespace antin::app {

/// "Trần Thu Thẩm yêu cầu bổ sung lần 1, 3 điểm": one step of a dossier as people read it, on
/// pages and on the control sheet.
[[nodiscard]] std::string event_words(html::Language language, const store::DossierEvent& event);

}  // namespace antin::app
