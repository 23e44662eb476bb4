#pragma once
#include <string_view>

#include "http/message.hpp"

namespace antin::web {

/// What every answer of the portal carries; headers that are set already stay as they are.
/// `extra_connect` is one more origin that scripts may connect to ("" for none).
void add_security_headers(http::Response& response, const http::Request& request,
                          std::string_view extra_connect);

}  // namespace antin::web
