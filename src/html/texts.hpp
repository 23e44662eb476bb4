#pragma once
#include <string>
#include <string_view>

#include "html/template.hpp"

namespace antin::html {

/// The sentence of a key with its {{placeholders}} still in it. A key that is not there is a
/// programming error (std::logic_error); tests/tidy finds it before it lands.
[[nodiscard]] const std::string& sentence(Language language, std::string_view key);

}  // namespace antin::html
