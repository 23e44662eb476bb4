#pragma once
#include <memory>

#include "app/services.hpp"
#include "config.hpp"
#include "jobs/runner.hpp"

namespace antin::program {

/// The jobs of this installation, not yet started: mails (where there is a server for them),
/// papers, checkpoints of the audit trail, cleaning up. Invalid and Unavailable of the mail
/// password file.
[[nodiscard]] Result<std::unique_ptr<jobs::Runner>> make_background(const Config& config,
                                                                    app::Services& services);

/// Writes the checkpoints that are due, or all there is (before a backup, at the end of a run).
[[nodiscard]] Status write_audit_checkpoints(const Config& config, app::Services& services,
                                             bool at_once);

}  // namespace antin::program
