#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace antin::web {

/// A sentence for {{> sentence}}: its parts in order, those that are codes of dossiers marked, so
/// that a code is never broken at its hyphens.
[[nodiscard]] nlohmann::json with_whole_codes(std::string_view sentence);

}  // namespace antin::web
