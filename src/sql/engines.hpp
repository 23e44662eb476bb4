#pragma once
#include <memory>

#include "sql/sql.hpp"

namespace antin::sql {

// One per engine; both throw Failure when the database cannot be opened.
[[nodiscard]] std::unique_ptr<Database> open_sqlite(const Settings& settings);
[[nodiscard]] std::unique_ptr<Database> open_postgresql(const Settings& settings);

/// Marks this thread as inside a transaction (or read) of `database`; `nested` says that it was
/// there already, which would wait for itself.
class NestingGuard {
  public:
    enum class Kind { Transaction, Read };
    NestingGuard(const Database& database, Kind kind);
    ~NestingGuard();
    NestingGuard(const NestingGuard&) = delete;
    NestingGuard& operator=(const NestingGuard&) = delete;
    const bool nested;
};

}  // namespace antin::sql
