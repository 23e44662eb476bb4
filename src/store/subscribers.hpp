#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/dossiers.hpp"

namespace antin::store {

/// Whoever holds certificates, as one managing agency knows it.
struct Subscriber {
    std::int64_t id = 0;
    domain::SubscriberKind kind = domain::SubscriberKind::Individual;
    std::int64_t agency_id = 0;
    std::string name;
    std::string subject_key;
    std::string email;
    FieldValues values;  // by field key, as the newest certificate knows them
    bool is_demo = false;
    Instant created_at{}, updated_at{};
    std::int64_t version = 1;
};

[[nodiscard]] std::optional<Subscriber> find_subscriber(sql::Reader& db, std::int64_t id);
/// One row per kind, key and managing agency.
[[nodiscard]] std::optional<Subscriber> find_subscriber_by_key(sql::Reader& db,
                                                               domain::SubscriberKind kind,
                                                               std::string_view subject_key,
                                                               std::int64_t agency_id);
/// Adds it, or writes name, email and values over the one that has its kind, key and agency.
/// Returns the id.
std::int64_t put_subscriber(sql::Transaction& tx, const Subscriber& subscriber);

}  // namespace antin::store
