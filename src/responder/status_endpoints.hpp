#pragma once
#include <optional>

#include "ca/status.hpp"
#include "http/message.hpp"

namespace antin::responder {

/// The public status services on the plain port: GET and POST /ocsp, GET /ocsp/<base64>,
/// GET /crl/<name>.crl, GET /aia/<name>.crt. Nothing for any other path, so that the caller's
/// router goes on. Call it before the router: base64 may hold slashes.
[[nodiscard]] std::optional<http::Response> answer_status(ca::StatusService& service,
                                                          const http::Request& request);

/// For http::ServerSettings::quick on the plain port: an OCSP request whose answer is in memory is
/// answered on the I/O thread; anything else gets nothing and goes to a worker.
[[nodiscard]] std::optional<http::Response> quick_status(ca::StatusService& service,
                                                         const http::Request& request);

}  // namespace antin::responder
