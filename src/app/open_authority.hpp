#pragma once
#include <atomic>

#include "app/services.hpp"

namespace antin::app {

/// The authority, or nullptr where this process may not issue or revoke, and until its token is
/// there: it opens while requests are answered, so the field is never read or written plainly.
/// Once open it stays.
[[nodiscard]] inline ca::Authority* open_authority(Services& services) {
    return std::atomic_ref(services.authority).load(std::memory_order_acquire);
}
inline void set_authority(Services& services, ca::Authority* authority) {
    std::atomic_ref(services.authority).store(authority, std::memory_order_release);
}

}  // namespace antin::app
