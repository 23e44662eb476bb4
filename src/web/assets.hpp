#pragma once
#include "http/message.hpp"

namespace antin::web {

/// Serves "/tai-nguyen/<digest>/<name>" (asset_url of web/components.hpp) from the embedded
/// assets: kept for ever under its digest, without caching under another (a page of the release
/// before).
[[nodiscard]] http::Response serve_asset(const http::Request& request);

}  // namespace antin::web
