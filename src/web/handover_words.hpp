#pragma once
#include <cstdint>
#include <string>

#include "store/handovers.hpp"
#include "web/frame.hpp"

namespace antin::web {

/// "3 thiết bị", "2 tài khoản ký số tập trung", or both: of `all` rows `accounts` are centralised.
[[nodiscard]] std::string handover_words(const PageContext& context, std::int64_t all,
                                         std::int64_t accounts);
/// How many of the rows are centralised accounts: nobody holds a device of them.
[[nodiscard]] std::int64_t count_accounts(const std::vector<store::HandoverLine>& lines);

}  // namespace antin::web
