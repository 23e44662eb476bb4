#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "sheet/headings.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/invitations.hpp"

namespace antin::app {

/// The coordinator's list: bodies of its provinces. Errors: Forbidden "access.role".
struct AgencyList {
    std::vector<store::AgencyRow> rows;
    std::int64_t total = 0;
    store::AgencyCounts counts;
};
[[nodiscard]] Result<AgencyList> list_own_agencies(Services& services, const Actor& actor,
                                                   store::AgencyFilter filter);

struct AgencyPage {
    store::Agency agency;
    std::vector<store::PersonRow> people;
    std::vector<store::Invitation> invitations;
    std::string superior;                     // name of the direct superior body, "" for none
    std::vector<std::string> superiors_used;  // names already in use in the province
};
/// One body with its people and invitations. Errors: NotFound "agency.not_found".
[[nodiscard]] Result<AgencyPage> see_agency(Services& services, const Actor& actor,
                                            std::int64_t agency_id);

/// What the coordinator may mend of a body. The code stops being provisional when it is confirmed.
struct EditAgency {
    std::int64_t agency_id = 0, version = 0;
    std::string name, code, address, phone, email, tax_code, budget_code;
    std::string superior;  // by name, "" for none; errors: those of superior_body
    bool code_confirmed = false;
};
/// Errors: NotFound; Conflict "agency.changed", "agency.code_taken"; Invalid with a field.
Status edit_agency(Services& services, const Actor& actor, const EditAgency& input);

/// A row of an imported list, with what became of it.
struct ImportedAgency {
    std::int64_t row = 0;
    std::string name, code, kind, branch, email;
    std::string outcome;  // added | updated | unchanged | wrong
    std::string key;      // text key of what is wrong
};
struct ImportedAgencies {
    std::vector<ImportedAgency> rows;
    sheet::Worksheets worksheets;
};
/// Reads XLSX or CSV with headings "Tên cơ quan", "Mã định danh", "Loại", "Khối", "Thư điện tử",
/// "Địa chỉ", "Điện thoại", "Cơ quan chủ quản" (any order; name alone is required) and adds or
/// completes bodies of the actor's province: found by code, else by name. `dry` changes nothing.
/// All rows or none: more than 1,000 are TooLarge "agencies.import_too_many" {{count}}, {{max}}.
/// Other errors: those of sheet::read and sheet::find_table.
[[nodiscard]] Result<ImportedAgencies> import_agencies(Services& services, const Actor& actor,
                                                       BytesView file, bool dry);

/// A code for a body that has none yet: below its province's own ("H35.T0001"), editable later.
/// The search begins with `first`.
[[nodiscard]] std::string next_provisional_code(sql::Reader& db, const store::Agency& desk,
                                                int first = 1);

}  // namespace antin::app
