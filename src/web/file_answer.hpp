#pragma once
#include <string_view>

#include "http/message.hpp"

namespace antin::web {

/// What a browser shows without running anything of the file: PDF, PNG, JPEG. The type is the one
/// that was judged by content when the file was kept.
[[nodiscard]] bool can_be_shown(std::string_view media_type);

/// Headers of a kept file. With `show`, and only for what can be shown, the page beside which it
/// stands may frame it; anything else is a download.
void describe_file(http::Response& response, std::string_view media_type, std::string_view name,
                   bool show);

}  // namespace antin::web
