#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// A body of the political system: an agency, the province's desk, or the provider.
struct Agency {
    std::int64_t id = 0;
    std::string code;
    bool code_provisional = true;
    std::string name;
    std::string kind;    // provider | provincial_desk | party_committee | peoples_council | …
    std::string branch;  // domain::Branch by name
    std::string level;   // central | province | commune
    std::string province_code, province_name;
    std::optional<std::int64_t> parent_id;
    std::string address, phone, email, tax_code, budget_code;
    std::string state = "none";  // domain::AgencyState by name
    std::string state_reason;
    bool is_demo = false;
    Instant created_at;
    std::int64_t version = 1;
};

/// The new id. A code that another body has: Conflict "agency.code_taken".
[[nodiscard]] Result<std::int64_t> insert_agency(sql::Transaction& tx, const Agency& agency);
/// Writes all fields if `agency.version` is still the stored one, and raises it: else Conflict
/// "agency.changed".
[[nodiscard]] Status update_agency(sql::Transaction& tx, const Agency& agency);
[[nodiscard]] std::optional<Agency> find_agency(sql::Reader& db, std::int64_t id);
[[nodiscard]] std::optional<Agency> find_agency_by_code(sql::Reader& db, std::string_view code);
/// The provider's body; it exists from `antin init` on.
[[nodiscard]] std::optional<Agency> find_provider(sql::Reader& db);
/// The coordinating desk (Sở KH&CN) of a province.
[[nodiscard]] std::optional<Agency> find_provincial_desk(sql::Reader& db,
                                                         std::string_view province_code);

/// The desk of the one province that an installation usually serves; the first when there are more.
[[nodiscard]] std::optional<Agency> first_provincial_desk(sql::Reader& db);

struct AgencyFilter {
    std::string province_code;  // "" for all
    std::string words;          // searched without diacritics in name and code
    std::string kind;           // "" for all
    std::optional<std::string> state;
    bool with_demo = true;
    std::int64_t limit = 50, offset = 0;
};
struct AgencyRow {
    Agency agency;
    std::int64_t accounts = 0;  // active people
    std::int64_t dossiers = 0;  // filed
    std::optional<Instant> invited_at, activated_at, first_dossier_at;
};
/// Party committees first, as the letter names them, then by name.
[[nodiscard]] std::vector<AgencyRow> list_agencies(sql::Reader& db, const AgencyFilter& filter);
[[nodiscard]] std::int64_t count_agencies(sql::Reader& db, const AgencyFilter& filter);

/// Of the bodies of a province that `words` finds ("" for all, without diacritics).
struct AgencyCounts {
    std::map<std::string, std::int64_t> by_state;
    std::int64_t to_invite = 0;  // not invited yet, with an address to write to; whatever the words
};
[[nodiscard]] AgencyCounts count_province(sql::Reader& db, std::string_view province_code,
                                          std::string_view words);

}  // namespace antin::store
