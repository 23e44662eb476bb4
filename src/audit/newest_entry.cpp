#include "audit/newest_entry.hpp"

namespace antin::audit {
namespace {

constexpr sql::Statement newest{"audit_entry.newest_at",
                                "SELECT at FROM audit_entry ORDER BY seq DESC LIMIT 1"};

}  // namespace

std::optional<Instant> newest_entry_at(sql::Reader& db) {
    const auto rows = db.query(newest);
    if (rows.empty()) return std::nullopt;
    return rows[0].instant("at");
}

}  // namespace antin::audit
