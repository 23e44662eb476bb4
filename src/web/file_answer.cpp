#include "web/file_answer.hpp"

#include <string>

namespace antin::web {
namespace {

constexpr std::string_view pdf = "application/pdf";

}  // namespace

bool can_be_shown(std::string_view media_type) {
    return media_type == pdf || media_type == "image/png" || media_type == "image/jpeg";
}

void describe_file(http::Response& response, std::string_view media_type, std::string_view name,
                   bool show) {
    response.set("Cache-Control", "private, no-store");
    response.set("X-Content-Type-Options", "nosniff");
    http::as_attachment(response, name);
    if (!show || !can_be_shown(media_type)) return;
    std::string& disposition = response.headers.back().second;
    disposition.replace(0, std::string_view{"attachment"}.size(), "inline");
    // Nothing in a file may load or run. A viewer of PDF puts itself into a page of its own with an
    // object, and some of them refuse to start in a sandbox.
    response.set("Content-Security-Policy",
                 media_type == pdf ? "default-src 'none'; object-src 'self'; frame-ancestors 'self'"
                                   : "default-src 'none'; sandbox; frame-ancestors 'self'");
    response.set("X-Frame-Options", "SAMEORIGIN");
}

}  // namespace antin::web
