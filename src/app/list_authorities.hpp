#pragma once
#include <optional>
#include <string>
#include <vector>

#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

/// A certification authority as the repository page shows it.
struct PublishedAuthority {
    std::string name;  // "root", "state", "party": file names under /aia/ and /crl/
    std::string common_name;
    Instant not_after{};
    std::string sha256;  // of the certificate, colons between bytes; "" when not at hand
    std::optional<Instant> crl_next_update;
};

/// Root first. Anybody. Empty where this process has no authority.
[[nodiscard]] std::vector<PublishedAuthority> list_authorities(Services& services);

}  // namespace antin::app
