#include "app/list_people.hpp"

#include "app/access.hpp"
#include "base/text.hpp"
#include "store/people.hpp"

namespace antin::app {
namespace {

bool sees_everybody(const Actor& actor) {
    return actor.has(domain::Role::SystemAdministrator) || actor.has(domain::Role::Auditor);
}

std::vector<store::Agency> bodies_of_officers(sql::Reader& db) {
    std::vector<store::Agency> out;
    if (auto provider = store::find_provider(db)) out.push_back(std::move(*provider));
    store::AgencyFilter filter;
    filter.kind = "provincial_desk";
    filter.limit = 100;
    for (auto& row : store::list_agencies(db, filter)) out.push_back(std::move(row.agency));
    return out;
}

}  // namespace

Result<std::vector<store::PersonRow>> people_of_body(Services& services, const Actor& actor,
                                                     std::int64_t agency_id) {
    const bool own =
        actor.has(domain::Role::FocalPoint, agency_id) || actor.has(domain::Role::Head, agency_id);
    if (!own && !sees_everybody(actor)) {
        return not_yours(services, actor, "agency", std::to_string(agency_id));
    }
    return services.db.read([&](sql::Reader& db) -> Result<std::vector<store::PersonRow>> {
        return store::people_of(db, agency_id);
    });
}

Result<PeoplePage> list_people(Services& services, const Actor& actor, const std::string& words,
                               std::int64_t page) {
    if (!sees_everybody(actor)) return not_your_role(services, actor, "people.list");
    return services.db.read([&](sql::Reader& db) -> Result<PeoplePage> {
        const auto cleaned = clean_text(words);
        return PeoplePage{
            store::search_people(db, cleaned, people_per_page,
                                 (std::max<std::int64_t>(page, 1) - 1) * people_per_page),
            store::count_people(db, cleaned)};
    });
}

Result<PersonPage> see_person(Services& services, const Actor& actor, std::int64_t account_id) {
    if (!sees_everybody(actor)) return not_your_role(services, actor, "people.show");
    return services.db.read([&](sql::Reader& db) -> Result<PersonPage> {
        auto account = store::find_account(db, account_id);
        if (!account) return fail(ErrorKind::NotFound, "account.not_found");
        return PersonPage{{std::move(*account), store::grants_of(db, account_id)},
                          bodies_of_officers(db)};
    });
}

Result<std::vector<store::Agency>> officer_bodies(Services& services, const Actor& actor) {
    if (!sees_everybody(actor)) return not_your_role(services, actor, "people.bodies");
    return services.db.read([&](sql::Reader& db) -> Result<std::vector<store::Agency>> {
        return bodies_of_officers(db);
    });
}

}  // namespace antin::app
