#include "authority_setup.hpp"

#include "ca/authority.hpp"
#include "files.hpp"
#include "keys.hpp"

namespace antin::program {

Result<ca::CeremonyOutcome> run_ceremony(const Config& config, sql::Database& db,
                                         const Clock& clock, const std::string& script,
                                         std::string& root_pin) {
    ANTIN_TRY(plan, script.empty() ? ca::default_ceremony() : ca::read_ceremony(script));
    ANTIN_TRY(root_token, make_root_token(config, root_pin));
    ANTIN_TRY(issuing_token, open_issuing_token(config));
    const auto root_keys = ca::keys_in(root_token);
    const auto issuing_keys = ca::keys_in(issuing_token);
    return ca::hold_ceremony(db, clock, *root_keys, *issuing_keys, plan,
                             config.effective_status_url(), config.data_dir / "public");
}

Result<std::unique_ptr<ca::Authority>> open_authority(const Config& config, sql::Database& db,
                                                      const Clock& clock) {
    ca::AuthoritySettings settings;
    settings.status_url = config.effective_status_url();
    settings.public_dir = config.data_dir / "public";
    settings.signing_threads = static_cast<int>(config.signing_threads);
    return ca::Authority::open(db, clock,
                               ca::keys_in([config] { return open_issuing_token(config); }),
                               std::move(settings));
}

}  // namespace antin::program
