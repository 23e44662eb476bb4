#pragma once
#include <string>
#include <string_view>

namespace antin::http {

/// Whether an answer of this media type becomes smaller by gzip (text, JSON, scripts, SVG).
[[nodiscard]] bool is_compressible(std::string_view media_type);
/// Whether the client's Accept-Encoding takes gzip ("gzip;q=0" does not).
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);
/// `level` 1 (quick, for pages) to 9 (small, for assets kept in memory).
[[nodiscard]] std::string gzip(std::string_view text, int level);

}  // namespace antin::http
