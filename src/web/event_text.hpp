#pragma once
#include <string>

#include "store/dossier_events.hpp"
#include "web/frame.hpp"

namespace antin::web {

/// "Tòng Văn Tiếp tiếp nhận, mã G11.07-261207-0041": a step in the life of a dossier, its
/// placeholders filled in from what was recorded with it.
[[nodiscard]] std::string event_text(const PageContext& context, const store::DossierEvent& event);

/// "Lý do: …" where the step was taken for a reason, "" else.
[[nodiscard]] std::string event_reason(const PageContext& context,
                                       const store::DossierEvent& event);

}  // namespace antin::web
