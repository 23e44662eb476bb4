#pragma once
#include <string>
#include <vector>

#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "forms/paper_library.hpp"

namespace antin::app {

/// All layouts of papers, with their sources. Anybody.
[[nodiscard]] std::vector<forms::PaperAbout> list_papers(const Services& services);

/// A request form with empty fields, to look at or to fill in by hand ("mau-01" to
/// "mau-06"). Errors: NotFound "paper.unknown".
[[nodiscard]] Result<Bytes> draw_blank_form(Services& services, std::string_view name);

}  // namespace antin::app
