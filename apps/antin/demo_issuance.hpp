#pragma once
#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "offline.hpp"

namespace antin::program {

struct DemoIssuance {
    std::filesystem::path out;
    std::uint16_t port = 8443, http_port = 8081;
    bool allow_real = false;
};

/// Plays the main job against a running server, through the real pages' forms: an invented agency
/// files for one person, officers accept, examine and approve, the registration officer makes the
/// key on a software token and hands it over, the agency confirms. Leaves receipt.pdf,
/// certificate.pem, chain.pem and dossier.json in `out`.
/// Errors: Refused "demo.real_dossiers", "demo.page" (which page said what); Unavailable
/// "demo.agent", "http.client_failed" (no server there).
Status play_issuance(Offline& installation, const DemoIssuance& options);

}  // namespace antin::program
