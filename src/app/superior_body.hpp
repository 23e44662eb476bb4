#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "store/agencies.hpp"

namespace antin::app {

/// The body of that name above `agency` ("cơ quan chủ quản"); none for "". A name that the province
/// does not know yet becomes a superior body with a provisional code below the desk's own.
/// Errors: Invalid "agencies.superior_long", "agencies.superior_below", field "superior".
[[nodiscard]] Result<std::optional<std::int64_t>> superior_body(sql::Transaction& tx,
                                                                const store::Agency& desk,
                                                                const store::Agency& agency,
                                                                std::string_view name, Instant now);

}  // namespace antin::app
