#pragma once
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

/// Every step of the schema in the order of application: journal, CA, portal. A step's version is
/// 1000 × its part (1 audit, 2 ledger, 3 store) + the number its file name begins with.
[[nodiscard]] std::vector<sql::Migration> migrations();

}  // namespace antin::store
