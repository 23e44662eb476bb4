#pragma once
#include <string>

#include "domain/line_rules.hpp"
#include "html/template.hpp"
#include "sheet/headings.hpp"

namespace antin::web {

/// The sentence of a defect or warning, plain text (escape it in HTML).
[[nodiscard]] std::string finding_text(const domain::Finding& finding, html::Language language);
/// "Số định danh cá nhân"; the key itself for a field without a label.
[[nodiscard]] std::string field_label(std::string_view key, html::Language language);

/// Which worksheet was read and which were not, where the sender might have meant another one; ""
/// when there was no choice.
[[nodiscard]] std::string worksheet_words(const sheet::Worksheets& worksheets,
                                          html::Language language);

}  // namespace antin::web
