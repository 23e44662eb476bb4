#include "app/actor.hpp"

#include <algorithm>
#include <utility>

namespace antin::app {

bool Actor::has(domain::Role role) const {
    return std::ranges::any_of(grants, [&](const Grant& g) { return g.role == role; });
}

bool Actor::has(domain::Role role, std::int64_t agency_id) const {
    return std::ranges::any_of(
        grants, [&](const Grant& g) { return g.role == role && g.agency_id == agency_id; });
}

std::vector<std::int64_t> Actor::bodies(domain::Role role) const {
    std::vector<std::int64_t> out;
    for (const Grant& grant : grants) {
        if (grant.role == role) out.push_back(grant.agency_id);
    }
    return out;
}

Actor Actor::system(std::string name) {
    Actor actor;
    actor.name = std::move(name);
    return actor;
}

}  // namespace antin::app
