#pragma once
#include <cstddef>
#include <string>

#include "base/bytes.hpp"

namespace antin {

/// Bytes from the kernel's CSPRNG (getrandom); ends the process if the kernel has none.
[[nodiscard]] Bytes random_bytes(std::size_t count);
/// A secret for links and cookies: base64url of `bytes` random bytes.
[[nodiscard]] std::string random_token(std::size_t bytes = 24);
/// Letters and digits without look-alikes (no 0 O 1 I L), for what people type.
[[nodiscard]] std::string random_readable(std::size_t length);

}  // namespace antin
