#include "app/make_demo.hpp"

#include <fmt/format.h>

#include "app/access.hpp"
#include "app/change_role.hpp"
#include "app/open_account.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "store/agencies.hpp"
#include "store/demo.hpp"
#include "store/superiors.hpp"

namespace antin::app {
namespace {

constexpr auto demo_province = "12";

Result<store::Agency> add_agency(Services& services, const Actor& actor, const std::string& mark) {
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Agency> {
        const auto desk = store::find_provincial_desk(tx, demo_province);
        store::Agency agency;
        agency.code = "H35.X" + to_upper(mark);
        agency.name = "Ủy ban nhân dân xã Thử Nghiệm " + to_upper(mark);
        agency.kind = "peoples_committee";
        agency.branch = std::string{domain::to_text(domain::Branch::State)};
        agency.level = "commune";
        agency.province_code = desk ? desk->province_code : demo_province;
        agency.province_name = desk ? desk->province_name : "Lai Châu";
        agency.address = "Bản Thử, xã Thử Nghiệm, tỉnh Lai Châu";
        agency.phone = "0213 000 0000";
        agency.email = "ubnd.thu" + to_lower(mark) + "@laichau.gov.vn";
        agency.state = std::string{domain::to_text(domain::AgencyState::Approved)};
        agency.is_demo = true;
        agency.created_at = services.clock.now();
        agency.parent_id = store::usual_superior(tx, agency.province_code, agency.kind);
        ANTIN_TRY(id, store::insert_agency(tx, agency));
        agency.id = id;
        audit::append(
            tx, journal_entry(services, actor, "demo.agency_made", "agency", std::to_string(id)));
        return agency;
    });
}

Result<DemoAccount> add_person(Services& services, const Actor& actor, const std::string& mark,
                               const char* short_name, const char* full_name, const char* position,
                               std::int64_t body, domain::Role role) {
    OpenAccount input;
    input.email = fmt::format("{}.{}@laichau.gov.vn", short_name, to_lower(mark));
    input.full_name = full_name;
    input.position = position;
    input.agency_id = body;
    input.roles = {role};
    input.is_demo = true;
    ANTIN_TRY(opened, open_account(services, actor, input));
    return DemoAccount{input.email, input.full_name, opened.one_time_password};
}

}  // namespace

Result<DemoCast> make_demo_cast(Services& services, bool allow_real) {
    using enum domain::Role;
    const Actor actor = Actor::system("antin demo");
    ANTIN_TRY(provider, services.db.read([&](sql::Reader& db) -> Result<store::Agency> {
        if (!allow_real && store::has_real_dossiers(db)) {
            return fail(ErrorKind::Refused, "demo.real_dossiers");
        }
        const auto body = store::find_provider(db);
        if (!body) return fail(ErrorKind::NotFound, "agency.not_found", "provider");
        return *body;
    }));
    const std::string mark = random_readable(6);
    ANTIN_TRY(agency, add_agency(services, actor, mark));
    DemoCast cast;
    cast.agency_id = agency.id;
    cast.agency_name = agency.name;
    cast.agency_code = agency.code;
    const auto person = [&](DemoAccount& into, const char* short_name, const char* full_name,
                            const char* position, std::int64_t body, domain::Role role) -> Status {
        ANTIN_TRY(made,
                  add_person(services, actor, mark, short_name, full_name, position, body, role));
        into = std::move(made);
        return {};
    };
    ANTIN_CHECK(person(cast.clerk, "vanthu", "Lò Thị Thử", "Văn thư", agency.id, FocalPoint));
    ANTIN_CHECK(person(cast.head, "chutich", "Giàng A Thử", "Chủ tịch", agency.id, Head));
    ANTIN_CHECK(person(cast.intake, "tiepnhan", "Trần Thử Hà", "Cán bộ tiếp nhận", provider.id,
                       IntakeOfficer));
    ANTIN_CHECK(person(cast.assessor, "thamdinh", "Hoàng Thử Nam", "Cán bộ thẩm định", provider.id,
                       Assessor));
    ANTIN_CHECK(person(cast.approver, "pheduyet", "Vũ Thử Châu", "Lãnh đạo phê duyệt", provider.id,
                       Approver));
    ANTIN_CHECK(person(cast.registration, "capphat", "Phạm Thử Trang", "Cán bộ cấp phát",
                       provider.id, RegistrationOfficer));
    return cast;
}

Status end_demo_cast(Services& services, const DemoCast& cast) {
    const Actor actor = Actor::system("antin demo");
    for (const DemoAccount* one : {&cast.clerk, &cast.head, &cast.intake, &cast.assessor,
                                   &cast.approver, &cast.registration}) {
        ANTIN_CHECK(set_account_state(services, actor, one->email, "suspended"));
    }
    return {};
}

}  // namespace antin::app
