#pragma once
#include <string>
#include <string_view>

#include "http/message.hpp"

namespace antin::web {

/// What a page of ours may load. `extra_connect` as below; `shows_files` lets the page show kept
/// files of ours in a frame of the browser's own viewer.
[[nodiscard]] std::string page_policy(std::string_view extra_connect, bool shows_files);

/// What every answer of the portal carries; headers that are set already stay as they are.
/// `extra_connect` is one more origin that scripts may connect to ("" for none).
void add_security_headers(http::Response& response, const http::Request& request,
                          std::string_view extra_connect);

}  // namespace antin::web
