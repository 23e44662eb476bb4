#pragma once
#include <optional>
#include <string>

#include "base/time.hpp"
#include "domain/request_rules.hpp"
#include "sql/sql.hpp"

namespace antin::app {

/// For whom and when a row of Mẫu 04–06 is judged.
struct RequestScope {
    std::int64_t agency_id = 0;   // that files; 0: a sheet without an agency, everything is "ours"
    std::int64_t dossier_id = 0;  // its own requests are no conflict
    std::optional<Instant> sent_at;  // requests sent later do not stand in its way
    std::string rules_date;          // ISO day of the rules; "" for today's
    Instant now{};
};

/// The conditions of the requests as the rules of the day have them.
[[nodiscard]] domain::RequestRules request_rules(sql::Reader& db, std::string_view day);
/// What is known of a certificate by its number, in any notation; of a device by its number.
[[nodiscard]] std::optional<domain::KnownTarget> find_target(sql::Reader& db,
                                                             std::string_view serial,
                                                             const RequestScope& scope);
[[nodiscard]] std::optional<domain::KnownDevice> find_known_device(sql::Reader& db,
                                                                   std::string_view serial,
                                                                   const RequestScope& scope);

}  // namespace antin::app
