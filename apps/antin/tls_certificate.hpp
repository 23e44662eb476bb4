#pragma once
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace antin::program {

/// Makes the portal's own TLS certificate where both files are missing: P-256, 2 years, names
/// localhost, 127.0.0.1, ::1 and `host` (of public_url). The key file gets mode 0600.
/// An expired one of our own making is made anew. Unavailable "tls.cannot_write".
[[nodiscard]] Status ensure_tls_certificate(const std::filesystem::path& certificate_file,
                                            const std::filesystem::path& key_file,
                                            const std::string& host, const Clock& clock);

/// SHA-256 of the first certificate in a PEM file, as browsers show it ("AB:CD:…").
[[nodiscard]] Result<std::string> tls_fingerprint(const std::filesystem::path& certificate_file);

}  // namespace antin::program
