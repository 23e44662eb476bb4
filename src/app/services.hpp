#pragma once
#include <filesystem>
#include <string>

#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::ca {
class Authority;
}

namespace antin::forms {
class PaperLibrary;
}

namespace antin::app {

/// What is fixed while the process runs. What an administrator may change in the portal is read
/// through store/settings.hpp and store/rules.hpp instead.
struct Configuration {
    std::filesystem::path data_dir;
    std::string public_url = "https://127.0.0.1:8443";  // links in mails and papers
    std::string status_url =
        "http://127.0.0.1:8081";  // OCSP, CRL and AIA addresses in certificates
    std::string token_agent_url = "ws://127.0.0.1:8765";  // where the page finds antin-token
    std::string mail_sender = "khong-tra-loi@antin.invalid";
};

/// Everything a use case may reach. One object, made by apps/antin/program.cpp (or a test), passed
/// by reference; holds no state of its own.
struct Services {
    sql::Database& db;
    const Clock& clock;
    const Configuration& configuration;
    ca::Authority* authority = nullptr;  // nullptr where this process may not issue or revoke
    const forms::PaperLibrary* papers =
        nullptr;            // layouts of all papers; nullptr: none can be drawn
    std::string vault_key;  // 32 bytes: seals PINs and TOTP secrets at rest
};

}  // namespace antin::app
