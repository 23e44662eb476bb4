#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "domain/role.hpp"

namespace antin::app {

/// One role at one body.
struct Grant {
    domain::Role role;
    std::int64_t agency_id;
};

/// Who acts. Loaded afresh from the database for every request: a role that ended a minute ago is
/// not here. Use cases ask it; pages ask it only to hide buttons.
struct Actor {
    std::int64_t account_id = 0;  // 0: nobody signed in, or the system itself
    std::string name;             // as it stands in history and audit
    std::string remote_address;
    std::vector<Grant> grants;
    std::optional<Instant> second_factor_at;  // when given in this session
    bool is_demo = false;

    [[nodiscard]] bool has(domain::Role role) const;
    [[nodiscard]] bool has(domain::Role role, std::int64_t agency_id) const;
    /// The bodies at which the actor holds `role`.
    [[nodiscard]] std::vector<std::int64_t> bodies(domain::Role role) const;

    /// The jobs runner and the command line act as this; the audit trail shows `name`.
    [[nodiscard]] static Actor system(std::string name);
};

}  // namespace antin::app
