#include "app/activate_account.hpp"

#include "app/access.hpp"
#include "app/invite_agency.hpp"
#include "app/load_session.hpp"
#include "app/password.hpp"
#include "app/tries.hpp"
#include "base/text.hpp"
#include "store/accounts.hpp"
#include "store/invitations.hpp"

namespace antin::app {
namespace {

Result<store::Invitation> usable(sql::Reader& db, const Services& services,
                                 std::string_view typed_code) {
    const auto invitation =
        store::find_invitation_by_code(db, secret_hash(plain_invitation_code(typed_code)));
    if (!invitation) return fail(ErrorKind::NotFound, "invitation.unknown_code", {}, {}, "code");
    if (invitation->accepted_at) return fail(ErrorKind::Refused, "invitation.used");
    if (invitation->withdrawn_at) return fail(ErrorKind::Refused, "invitation.withdrawn");
    if (invitation->expires_at <= services.clock.now()) {
        return fail(ErrorKind::Refused, "invitation.expired");
    }
    return *invitation;
}

Status check(const ActivateAccount& input, const InvitationView& view) {
    if (view.account_exists) return {};
    if (clean_text(input.full_name).empty()) {
        return fail(ErrorKind::Invalid, "activation.name_missing", {}, {}, "full_name");
    }
    return check_new_password(view.email, input.password, input.password_again);
}

/// The address has an account: only who knows its password adds a role to it.
Status check_own(Services& services, const std::string& email, const std::string& password) {
    bool locked = false;
    ANTIN_TRY(hash, services.db.transact([&](sql::Transaction& tx) -> Result<std::string> {
        const auto account = store::find_account_by_email(tx, email);
        if (!account) return std::string{};
        const auto key = tries::own_password_key(account->id);
        locked = store::count_try(tx, key, tries::own_password, services.clock.now()).has_value();
        return account->password_hash;
    }));
    if (locked) return fail(ErrorKind::TooMany, "password.tries");
    if (verify_password(hash, password)) return {};
    return fail(ErrorKind::Invalid, "activation.own_password", {}, {}, "password");
}

void grant(sql::Transaction& tx, const store::Invitation& invitation, std::int64_t account,
           Instant now) {
    using enum domain::Role;
    if (invitation.role != "head") {
        store::insert_grant(tx, account, FocalPoint, invitation.agency_id, invitation.invited_by,
                            now);
    }
    if (invitation.role != "focal_point") {
        store::insert_grant(tx, account, Head, invitation.agency_id, invitation.invited_by, now);
    }
}

/// An invited agency is approved by its first account.
Status approve_agency(sql::Transaction& tx, std::int64_t agency_id) {
    auto agency = store::find_agency(tx, agency_id);
    if (!agency || agency->state != domain::to_text(domain::AgencyState::Invited)) return {};
    agency->state = domain::to_text(domain::AgencyState::Approved);
    return store::update_agency(tx, *agency);
}

}  // namespace

Result<InvitationView> look_up_invitation(Services& services, std::string_view remote_address,
                                          std::string_view typed_code) {
    const auto look = [&](sql::Reader& db) -> Result<InvitationView> {
        ANTIN_TRY(invitation, usable(db, services, typed_code));
        const auto agency = store::find_agency(db, invitation.agency_id);
        if (!agency) return fail(ErrorKind::Internal, "invitation.no_agency");
        return InvitationView{
            invitation.id,    agency->name,
            invitation.email, invitation.full_name,
            invitation.role,  store::find_account_by_email(db, invitation.email).has_value()};
    };
    return tries::guarded_look_up(services, "activation", remote_address, look);
}

Result<std::int64_t> activate_account(Services& services, const ActivateAccount& input) {
    ANTIN_TRY(view, look_up_invitation(services, input.remote_address, input.code));
    ANTIN_CHECK(check(input, view));
    // Hashing takes 20 ms of a core: before the transaction, not inside it.
    const auto hash = view.account_exists ? std::string{} : hash_password(input.password);
    if (view.account_exists) ANTIN_CHECK(check_own(services, view.email, input.password));
    return services.db.transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        ANTIN_TRY(invitation, usable(tx, services, input.code));
        const auto now = services.clock.now();
        std::int64_t id = 0;
        if (const auto existing = store::find_account_by_email(tx, invitation.email)) {
            id = existing->id;
            store::forget_tries(tx, tries::own_password_key(id));
        } else {
            store::Account account;
            account.email = invitation.email;
            account.full_name = clean_text(input.full_name);
            account.position = clean_text(input.position);
            account.phone = clean_text(input.phone);
            account.password_hash = hash;
            account.state = "active";
            account.created_at = now;
            ANTIN_TRY(made, store::insert_account(tx, account));
            id = made;
        }
        if (!store::accept_invitation(tx, invitation.id, id, now)) {
            return fail(ErrorKind::Refused, "invitation.used");
        }
        grant(tx, invitation, id, now);
        ANTIN_CHECK(approve_agency(tx, invitation.agency_id));
        Actor person = Actor::system(clean_text(input.full_name));
        person.account_id = id;
        audit::append(tx, journal_entry(services, person, "account.activated", "agency",
                                        std::to_string(invitation.agency_id)));
        return id;
    });
}

}  // namespace antin::app
