#include "app/add_person.hpp"

#include <algorithm>

#include "app/access.hpp"
#include "app/change_password.hpp"
#include "app/email_rule.hpp"
#include "app/notify.hpp"
#include "app/open_account.hpp"
#include "base/text.hpp"
#include "domain/official_email.hpp"
#include "domain/permissions.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"

namespace antin::app {
namespace {

constexpr std::string_view first_link_days = "7";
constexpr std::size_t name_letters_max = 100, other_letters_max = 200;

Result<std::string> check_fields(sql::Reader& db, AddPerson& input) {
    input.full_name = clean_text(input.full_name);
    input.position = clean_text(input.position);
    input.phone = clean_text(input.phone);
    if (input.full_name.empty() || code_points(input.full_name) > name_letters_max) {
        return fail(ErrorKind::Invalid, "person.full_name", {}, {}, "full_name");
    }
    for (const auto& [field, value] :
         {std::pair{"position", &input.position}, std::pair{"phone", &input.phone}}) {
        if (code_points(*value) > other_letters_max) {
            return fail(ErrorKind::Invalid, "person.too_long", {}, {}, field);
        }
    }
    const auto reading = domain::read_official_email(input.email, email_rule(db));
    if (reading.verdict == domain::EmailVerdict::Malformed ||
        reading.verdict == domain::EmailVerdict::Personal) {
        return fail(ErrorKind::Invalid, "person.email", {}, {}, "email");
    }
    if (input.roles.empty()) return fail(ErrorKind::Invalid, "account.roles", {}, {}, "roles");
    return reading.address;
}

/// The new roles and those the person has already go together, and fit the body.
Status check_roles(sql::Reader& db, const AddPerson& input, const store::Agency& agency,
                   const std::optional<store::Account>& known) {
    domain::Roles all;
    for (const auto role : input.roles) {
        if (!domain::role_belongs(role, body_kind(agency.kind))) {
            return fail(ErrorKind::Refused, "account.role_elsewhere", {},
                        {{"role", std::string{domain::to_text(role)}}}, "roles");
        }
        all.add(role);
    }
    if (known) {
        for (const auto& grant : store::grants_of(db, known->id)) all.add(grant.role);
    }
    if (const auto pair = domain::incompatible_pair(all)) {
        return fail(ErrorKind::Refused, "account.roles_apart", {},
                    {{"first", std::string{domain::to_text(pair->first)}},
                     {"second", std::string{domain::to_text(pair->second)}}},
                    "roles");
    }
    return {};
}

void send_first_link(sql::Transaction& tx, const Services& services, const store::Account& account,
                     const std::string& agency_name) {
    const auto path = make_password_link(tx, services, account.id, true);
    const auto language = html::Language::Vietnamese;
    send_mail(tx, services, account.email, html::text(language, "mail.first_password.subject"),
              html::text(language, "mail.first_password.body",
                         {{"name", account.full_name},
                          {"agency", agency_name},
                          {"link", services.configuration.public_url + path},
                          {"days", std::string{first_link_days}}}),
              true);
}

Result<std::int64_t> add(sql::Transaction& tx, Services& services, const Actor& actor,
                         const AddPerson& input, const std::string& address) {
    const auto agency = store::find_agency(tx, input.agency_id);
    if (!agency) return fail(ErrorKind::NotFound, "agency.not_found");
    auto account = store::find_account_by_email(tx, address);
    if (account && (account->state == "suspended" || account->state == "closed")) {
        return fail(ErrorKind::Refused, "person.suspended", {}, {}, "email");
    }
    ANTIN_CHECK(check_roles(tx, input, *agency, account));
    const Instant now = services.clock.now();
    const bool is_new = !account;
    if (is_new) {
        account.emplace();
        account->email = address;
        account->full_name = input.full_name;
        account->position = input.position;
        account->phone = input.phone;
        account->state = "invited";
        account->is_demo = agency->is_demo;
        account->created_at = now;
        ANTIN_TRY(id, store::insert_account(tx, *account));
        account->id = id;
        send_first_link(tx, services, *account, agency->name);
    }
    const auto by = actor.account_id == 0 ? std::nullopt : std::optional{actor.account_id};
    std::string roles;
    for (const auto role : input.roles) {
        store::insert_grant(tx, account->id, role, input.agency_id, by, now);
        roles += (roles.empty() ? "\"" : ",\"") + std::string{domain::to_text(role)} + "\"";
    }
    if (!is_new) {
        notify_person(tx, services, account->id,
                      {"role_given", {{"agency", agency->name}}, "/tai-khoan", std::nullopt});
    }
    audit::append(
        tx, journal_entry(
                services, actor, "account.role_given", "account", std::to_string(account->id),
                "{\"agency\":" + std::to_string(input.agency_id) + ",\"roles\":[" + roles + "]}"));
    return account->id;
}

}  // namespace

Status may_change_role(Services& services, const Actor& actor, std::int64_t agency_id,
                       domain::Role role, RoleAct act) {
    using enum domain::Role;
    if (may_open_accounts(actor)) return {};
    if (actor.has(Head, agency_id)) {
        if (role == FocalPoint) return {};
        return not_your_role(services, actor, "account.change_role");
    }
    const auto desks = actor.bodies(ProvinceCoordinator);
    if (act == RoleAct::End && !desks.empty() && (role == Head || role == FocalPoint)) {
        const auto same_province = services.db.read([&](sql::Reader& db) -> Result<bool> {
            const auto agency = store::find_agency(db, agency_id);
            return agency && body_kind(agency->kind) == domain::Body::Agency &&
                   std::ranges::any_of(desks, [&](std::int64_t desk_id) {
                       const auto desk = store::find_agency(db, desk_id);
                       return desk && !desk->province_code.empty() &&
                              desk->province_code == agency->province_code;
                   });
        });
        if (!same_province) return fail(same_province.error());
        if (*same_province) return {};
    }
    if (actor.has(FocalPoint, agency_id)) {
        return not_your_role(services, actor, "account.change_role");
    }
    return not_yours(services, actor, "agency", std::to_string(agency_id));
}

Result<std::int64_t> add_person(Services& services, const Actor& actor, const AddPerson& given) {
    auto input = given;
    for (const auto role : input.roles) {
        ANTIN_CHECK(may_change_role(services, actor, input.agency_id, role, RoleAct::Give));
    }
    return services.db.transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        ANTIN_TRY(address, check_fields(tx, input));
        return add(tx, services, actor, input, address);
    });
}

Status invite_person_again(Services& services, const Actor& actor, std::int64_t account_id,
                           std::int64_t agency_id) {
    ANTIN_CHECK(
        may_change_role(services, actor, agency_id, domain::Role::FocalPoint, RoleAct::Give));
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto account = store::find_account(tx, account_id);
        const auto agency = store::find_agency(tx, agency_id);
        const auto grants =
            account ? store::grants_of(tx, account_id) : std::vector<store::GrantRow>{};
        const bool here = std::ranges::any_of(
            grants, [&](const store::GrantRow& grant) { return grant.agency_id == agency_id; });
        if (!agency || !here) return fail(ErrorKind::NotFound, "account.not_found");
        if (account->state != "invited") return fail(ErrorKind::Refused, "person.active");
        send_first_link(tx, services, *account, agency->name);
        audit::append(tx, journal_entry(services, actor, "account.invited_again", "account",
                                        std::to_string(account_id)));
        return {};
    });
}

}  // namespace antin::app
