#include "app/superior_body.hpp"

#include <algorithm>

#include "app/edit_agency.hpp"
#include "base/text.hpp"
#include "domain/vocabulary.hpp"
#include "store/superiors.hpp"

namespace antin::app {
namespace {

constexpr std::size_t name_letters_max = 64;  // it stands in certificates as O (X.520)

}  // namespace

Result<std::optional<std::int64_t>> superior_body(sql::Transaction& tx, const store::Agency& desk,
                                                  const store::Agency& agency,
                                                  std::string_view typed, Instant now) {
    const auto name = clean_text(typed);
    if (name.empty()) return std::nullopt;
    if (code_points(name) > name_letters_max) {
        return fail(ErrorKind::Invalid, "agencies.superior_long", {}, {}, "superior");
    }
    const auto below = fail(ErrorKind::Invalid, "agencies.superior_below", {}, {}, "superior");
    if (fold(name) == fold(agency.name)) return below;
    if (const auto known = store::find_superior_by_name(tx, desk.province_code, name)) {
        const auto above = store::superiors_of(tx, *known);
        const bool circle =
            agency.id != 0 &&
            (known->id == agency.id ||
             std::ranges::any_of(above, [&](const auto& one) { return one.id == agency.id; }));
        if (circle) return below;
        return known->id;
    }
    store::Agency body;
    body.name = name;
    body.code = next_provisional_code(tx, desk);
    body.kind = store::superior_kind;
    body.branch = agency.branch;
    body.level = "province";
    body.province_code = desk.province_code;
    body.province_name = desk.province_name;
    body.state = domain::to_text(domain::AgencyState::None);
    body.created_at = now;
    ANTIN_TRY(id, store::insert_agency(tx, body));
    return id;
}

}  // namespace antin::app
