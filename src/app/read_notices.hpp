#pragma once
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/notices.hpp"

namespace antin::app {

/// A person's own notices, newest first; nobody else's are ever read here.
struct NoticePage {
    std::vector<store::Notice> notices;
    std::int64_t total = 0;
    std::int64_t unread = 0;
};
/// `number` counts from 1. Forbidden "access.role" for nobody.
inline constexpr int notices_per_page = 20;
[[nodiscard]] Result<NoticePage> read_notices(Services& services, const Actor& actor,
                                              std::int64_t number);
/// All of them count as read now.
[[nodiscard]] Status mark_notices_read(Services& services, const Actor& actor);

}  // namespace antin::app
