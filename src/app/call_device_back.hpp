#pragma once
#include <string>
#include <string_view>

#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

/// A certificate has ended: the device that held its key is due back (NĐ 68/2024 Điều 20), unless
/// another certificate on it lives, or it is an account of the server. True when it was called
/// back now. Inside the caller's transaction, after the certificate changed.
[[nodiscard]] Result<bool> call_device_back(sql::Transaction& tx, Services& services,
                                            std::string_view serial, const std::string& from_whom);

}  // namespace antin::app
