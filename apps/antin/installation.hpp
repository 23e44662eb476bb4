#pragma once
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "ca/ceremony.hpp"
#include "config.hpp"
#include "first_accounts.hpp"

namespace antin::program {

struct InitOptions {
    Config config;  // data_dir and what else was given
    std::string province = "lai-chau";
    std::string ceremony_script;  // JSON text; "": the default
};

/// What `antin init` shows once.
struct InitOutcome {
    std::vector<FirstAccount> accounts;
    ca::CeremonyOutcome ceremony;
    std::string root_pin;  // kept nowhere
    std::string tls_fingerprint;
    std::size_t bodies = 0;
};

/// Makes an installation: folder, secrets, tokens, database, bodies of the province, first
/// accounts, ceremony, TLS certificate; antin.toml last. An interrupted one goes on when it is
/// called again; a finished one is refused: Conflict "init.exists".
[[nodiscard]] Result<InitOutcome> make_installation(
    const InitOptions& options, const std::function<void(std::string_view)>& progress);

}  // namespace antin::program
