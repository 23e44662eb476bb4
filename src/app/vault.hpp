#pragma once
#include <string_view>

#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace antin::app {

/// Seals a secret for the database with the installation's vault key (AES-256-GCM, a fresh nonce
/// each time). `purpose` binds it to its place ("pin/17"): opened for another one it fails.
[[nodiscard]] Bytes seal(const Services& services, std::string_view purpose,
                         std::string_view secret);
/// Errors: Internal "vault.cannot_open" (another key, another purpose, changed bytes).
[[nodiscard]] Result<std::string> unseal(const Services& services, std::string_view purpose,
                                         BytesView sealed);

}  // namespace antin::app
