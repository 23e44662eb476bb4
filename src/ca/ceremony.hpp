#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ca/key_store.hpp"
#include "pki/signer.hpp"
#include "sql/sql.hpp"

namespace antin::ca {

/// The script of the ceremony: data/profiles/ceremony.json, or the file an organisation gives.
struct CeremonyScript {
    struct Authority {
        std::string name;  // "root", "state", "party": file names of CRL and AIA, the issuer's key
        std::string common_name;
        pki::KeyKind key = pki::KeyKind::Rsa3072;
        int validity_days = 7300;
    };
    std::string country = "VN";
    std::string organisation;
    Authority root;
    std::vector<Authority> issuing;
    pki::KeyKind responder_key = pki::KeyKind::Rsa2048;
    int responder_days = 180;
    int root_crl_days = 365;
};

/// Reads and checks a script (JSON). Errors: Invalid "ca.script_wrong" naming the field.
[[nodiscard]] Result<CeremonyScript> read_ceremony(std::string_view json);
/// data/profiles/ceremony.json in the binary.
[[nodiscard]] Result<CeremonyScript> default_ceremony();
[[nodiscard]] std::string write_ceremony(const CeremonyScript& script);

struct CeremonyOutcome {
    struct Made {
        std::string name, common_name, serial, fingerprint_sha256;
    };
    std::vector<Made> certificates;
    Instant root_crl_next_update{};  // remind the administrators well before it
};

/// Makes the keys, the root, the issuing CAs, their OCSP responders and the first CRLs, and records
/// it all. `root_keys` is used here and when the root signs its next CRL, never by a running
/// server. A ceremony cut off in the middle goes on where it stopped; a finished one is refused.
/// Errors: Conflict "ca.ceremony_done"; Unavailable "token.…".
[[nodiscard]] Result<CeremonyOutcome> hold_ceremony(sql::Database& db, const Clock& clock,
                                                    KeyStore& root_keys, KeyStore& issuing_keys,
                                                    const CeremonyScript& script,
                                                    std::string_view status_url,
                                                    const std::filesystem::path& public_dir);

/// A new root CRL (yearly, or after the root revoked an issuing CA); opens the root's keys.
[[nodiscard]] Result<Instant> renew_root_crl(sql::Database& db, const Clock& clock,
                                             KeyStore& root_keys,
                                             const std::filesystem::path& public_dir);

}  // namespace antin::ca
