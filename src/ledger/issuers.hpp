#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "sql/sql.hpp"

/// The authority's own certificates and its ceremony.
namespace antin::ledger {

struct Ceremony {
    std::string script, status_url;
    Instant started_at{};
    std::optional<Instant> finished_at;
};
[[nodiscard]] std::optional<Ceremony> find_ceremony(sql::Reader& reader);
void start_ceremony(sql::Transaction& tx, const Ceremony& ceremony);
void finish_ceremony(sql::Transaction& tx, Instant now);

struct Issuer {
    std::string name;  // "root", "state", "party"
    std::string sort;  // "root", "issuing"
    std::string common_name, key_label, key_kind, serial;
    Bytes der;
    Instant not_after{}, created_at{};
};
/// The root first, then by name.
[[nodiscard]] std::vector<Issuer> list_issuers(sql::Reader& reader);
void insert_issuer(sql::Transaction& tx, const Issuer& issuer);

struct Responder {
    std::int64_t id = 0;
    std::string issuer, key_label, key_kind, serial;
    Bytes der;
    Instant not_after{}, created_at{};
};
/// The newest of the issuer.
[[nodiscard]] std::optional<Responder> find_responder(sql::Reader& reader, std::string_view issuer);
[[nodiscard]] std::optional<Responder> find_responder(sql::Reader& reader, std::int64_t id);
void insert_responder(sql::Transaction& tx, const Responder& responder);

}  // namespace antin::ledger
