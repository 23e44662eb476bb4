#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "ca/ceremony.hpp"
#include "config.hpp"
#include "sql/sql.hpp"

namespace antin::ca {
class Authority;
}

namespace antin::program {

/// Root (its PIN is shown once), issuing CAs and responders, by the default script or `script`
/// (JSON text). Goes on where an interrupted one stopped.
[[nodiscard]] Result<ca::CeremonyOutcome> run_ceremony(const Config& config, sql::Database& db,
                                                       const Clock& clock,
                                                       const std::string& script,
                                                       std::string& root_pin);

/// The authority of this installation, not yet started.
[[nodiscard]] Result<std::unique_ptr<ca::Authority>> open_authority(const Config& config,
                                                                    sql::Database& db,
                                                                    const Clock& clock);

}  // namespace antin::program
