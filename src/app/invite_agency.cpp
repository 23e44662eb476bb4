#include "app/invite_agency.hpp"

#include <fmt/format.h>
#include <openssl/hmac.h>

#include "app/access.hpp"
#include "app/email_rule.hpp"
#include "app/load_session.hpp"
#include "app/notify.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "domain/agency_workflow.hpp"
#include "domain/official_email.hpp"
#include "forms/invitation_letter.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/settings.hpp"

namespace antin::app {
namespace {

constexpr std::size_t batch_max = 2000;
constexpr auto invitation_life = std::chrono::days{60};

Status check_input(sql::Reader& db, const InviteAgency& input) {
    if (input.role != "focal_point" && input.role != "head" && input.role != "both") {
        return fail(ErrorKind::Invalid, "invitation.role", {}, {}, "role");
    }
    const auto email = domain::read_official_email(input.email, email_rule(db));
    switch (email.verdict) {
        case domain::EmailVerdict::Official:
            break;
        case domain::EmailVerdict::Malformed:
            return fail(ErrorKind::Invalid, "invitation.email_malformed", {}, {}, "email");
        case domain::EmailVerdict::Personal:
            return fail(ErrorKind::Invalid, "invitation.email_personal", {},
                        {{"domain", email.domain}}, "email");
        case domain::EmailVerdict::NotOnTheList:
            return fail(ErrorKind::Invalid, "invitation.email_unknown", {},
                        {{"domain", email.domain}}, "email");
    }
    if (code_points(input.full_name) > 100) {
        return fail(ErrorKind::Invalid, "invitation.name_too_long", {}, {}, "full_name");
    }
    return {};
}

Result<store::Agency> own_agency(sql::Reader& db, const Actor& actor, std::int64_t agency_id) {
    auto agency = store::find_agency(db, agency_id);
    if (!agency || !coordinating_desk(db, actor, agency->province_code)) {
        return fail(ErrorKind::NotFound, "agency.not_found");
    }
    return std::move(*agency);
}

/// A refusal because it is not the actor's goes on the journal; the rest travels as it is.
template <class T>
Result<T> recorded(Services& services, const Actor& actor, Result<T> result, std::int64_t agency) {
    if (!result && result.error().code == "agency.not_found") {
        return not_yours(services, actor, "agency", std::to_string(agency));
    }
    return result;
}

}  // namespace

std::optional<store::Agency> coordinating_desk(sql::Reader& db, const Actor& actor,
                                               std::string_view province_code) {
    for (const auto body : actor.bodies(domain::Role::ProvinceCoordinator)) {
        const auto desk = store::find_agency(db, body);
        if (desk && desk->province_code == province_code) return desk;
    }
    return std::nullopt;
}

Bytes derived_secret(const Services& services, std::string_view purpose) {
    const auto message = "antin/" + std::string{purpose};
    Bytes digest(EVP_MAX_MD_SIZE);
    unsigned int size = 0;
    HMAC(EVP_sha256(), services.vault_key.data(), static_cast<int>(services.vault_key.size()),
         reinterpret_cast<const unsigned char*>(message.data()), message.size(), digest.data(),
         &size);
    digest.resize(size);
    return digest;
}

std::string plain_invitation_code(std::string_view typed) {
    std::string out;
    for (const char c : to_upper(clean_text(typed))) {
        if (c != ' ' && c != '-') out += c;
    }
    return out;
}

std::string invitation_code(const Services& services, std::int64_t invitation_id) {
    static constexpr std::string_view alphabet = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    const Bytes digest = derived_secret(services, fmt::format("invitation/{}", invitation_id));
    std::string out;
    for (unsigned i = 0; i < 12; ++i) {  // 12 of 31 letters: 59 bits
        if (i == 4 || i == 8) out += '-';
        const unsigned pair = static_cast<unsigned>(digest[2 * i]) << 8U | digest[2 * i + 1];
        out += alphabet[pair % alphabet.size()];
    }
    return out;
}

Result<Invited> invite_in(sql::Transaction& tx, const Services& services, const Actor& actor,
                          const InviteAgency& input, store::Agency agency, std::string_view batch) {
    ANTIN_CHECK(check_input(tx, input));
    const auto state = domain::parse<domain::AgencyState>(agency.state);
    const bool approved = state == domain::AgencyState::Approved;  // the next head, another clerk
    const auto decision =
        domain::decide(domain::AgencyFacts{.state = state.value_or(domain::AgencyState::Closed)},
                       domain::AgencyAction::Invite, domain::Role::ProvinceCoordinator);
    const auto* follows = std::get_if<domain::Transition<domain::AgencyState>>(&decision);
    if (!approved && follows == nullptr) {
        return fail(ErrorKind::Refused, "invitation.agency_closed", {}, {{"agency", agency.name}});
    }
    const auto now = services.clock.now();
    store::Invitation invitation;
    invitation.agency_id = agency.id;
    invitation.batch = batch;
    invitation.email = to_lower(clean_text(input.email));
    invitation.full_name = clean_text(input.full_name);
    invitation.role = input.role;
    invitation.code_hash = random_token();  // its place is taken by the real one just below
    invitation.invited_by = actor.account_id;
    invitation.invited_at = now;
    invitation.expires_at = now + invitation_life;
    const auto id = store::insert_invitation(tx, invitation);
    const auto code = invitation_code(services, id);
    store::set_invitation_code(tx, id, secret_hash(plain_invitation_code(code)));
    if (!approved && follows->to != state) {
        agency.state = domain::to_text(follows->to);
        ANTIN_CHECK(store::update_agency(tx, agency));
    }
    const auto link =
        services.configuration.public_url + "/kich-hoat?ma=" + plain_invitation_code(code);
    const std::vector<std::pair<std::string, std::string>> args{
        {"agency", agency.name},
        {"link", link},
        {"code", code},
        {"until", to_vietnamese(local_date(invitation.expires_at))},
        {"contact", store::setting_text(tx, "contact_line")}};
    const auto language = html::Language::Vietnamese;  // nobody's choice is known yet
    send_mail(tx, services, invitation.email, html::text(language, "invitation.mail_subject", args),
              html::text(language, "invitation.mail_body", args), true);
    audit::append(
        tx, journal_entry(services, actor, "agency.invited", "agency", std::to_string(agency.id),
                          fmt::format(R"({{"invitation":{}}})", id)));
    return Invited{id, agency.name};
}

Result<Invited> invite_agency(Services& services, const Actor& actor, const InviteAgency& input) {
    if (!actor.has(domain::Role::ProvinceCoordinator)) {
        return not_your_role(services, actor, "agency.invite");
    }
    auto result = services.db.transact([&](sql::Transaction& tx) -> Result<Invited> {
        ANTIN_TRY(agency, own_agency(tx, actor, input.agency_id));
        return invite_in(tx, services, actor, input, std::move(agency), "");
    });
    return recorded(services, actor, std::move(result), input.agency_id);
}

Result<std::vector<InviteOutcome>> invite_agencies(Services& services, const Actor& actor,
                                                   const std::vector<InviteAgency>& inputs) {
    if (!actor.has(domain::Role::ProvinceCoordinator)) {
        return not_your_role(services, actor, "agency.invite");
    }
    if (inputs.size() > batch_max) {
        return fail(ErrorKind::TooLarge, "invitation.too_many", {},
                    {{"count", std::to_string(inputs.size())}});
    }
    const auto batch = random_token(9);
    return services.db.transact([&](sql::Transaction& tx) -> Result<std::vector<InviteOutcome>> {
        std::vector<InviteOutcome> out;
        for (const auto& input : inputs) {
            InviteOutcome outcome{input, std::nullopt, std::nullopt};
            auto agency = own_agency(tx, actor, input.agency_id);
            auto done = agency ? invite_in(tx, services, actor, input, *agency, batch)
                               : Result<Invited>{fail(agency.error())};
            if (done)
                outcome.done = *done;
            else
                outcome.error = done.error();
            out.push_back(std::move(outcome));
        }
        return out;
    });
}

Status withdraw_invitation(Services& services, const Actor& actor, std::int64_t invitation_id) {
    auto result = services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto invitation = store::find_invitation(tx, invitation_id);
        if (!invitation) return fail(ErrorKind::NotFound, "agency.not_found");
        ANTIN_TRY(agency, own_agency(tx, actor, invitation->agency_id));
        if (!store::withdraw_invitation(tx, invitation_id, services.clock.now())) {
            return fail(ErrorKind::Conflict, "invitation.used");
        }
        audit::append(tx, journal_entry(services, actor, "agency.invitation_withdrawn", "agency",
                                        std::to_string(agency.id)));
        return {};
    });
    return recorded(services, actor, std::move(result), invitation_id);
}

Result<std::vector<std::int64_t>> open_invitations(Services& services, const Actor& actor) {
    const auto desks = actor.bodies(domain::Role::ProvinceCoordinator);
    if (desks.empty()) return not_your_role(services, actor, "agency.letters");
    return services.db.read([&](sql::Reader& db) -> Result<std::vector<std::int64_t>> {
        std::vector<std::int64_t> out;
        for (const auto body : desks) {
            const auto desk = store::find_agency(db, body);
            if (!desk) continue;
            for (const auto& one :
                 store::open_invitations(db, desk->province_code, services.clock.now(),
                                         static_cast<std::int64_t>(batch_max))) {
                out.push_back(one.id);
            }
        }
        return out;
    });
}

Result<Bytes> print_invitation_letters(Services& services, const Actor& actor,
                                       const std::vector<std::int64_t>& invitations) {
    if (services.papers == nullptr) return fail(ErrorKind::Unavailable, "paper.unavailable");
    const auto now = services.clock.now();
    auto letters =
        services.db.read([&](sql::Reader& db) -> Result<std::vector<forms::InvitationLetter>> {
            std::vector<forms::InvitationLetter> out;
            const auto contact = store::setting_text(db, "contact_line");
            for (const auto id : invitations) {
                const auto invitation = store::find_invitation(db, id);
                if (!invitation) return fail(ErrorKind::NotFound, "agency.not_found");
                ANTIN_TRY(agency, own_agency(db, actor, invitation->agency_id));
                const auto desk = coordinating_desk(db, actor, agency.province_code);
                forms::InvitationLetter letter;
                letter.sender.name = desk->name;
                letter.date = local_date(now);
                letter.agency = agency.name;
                letter.person = invitation->full_name;
                letter.email = invitation->email;
                letter.activation_code = invitation_code(services, id);
                letter.activation_url = services.configuration.public_url + "/kich-hoat?ma=" +
                                        plain_invitation_code(letter.activation_code);
                letter.expires_on = local_date(invitation->expires_at);
                letter.contact = contact;
                letter.made_at = now;
                out.push_back(std::move(letter));
            }
            return out;
        });
    if (!letters) {
        return recorded(services, actor, Result<Bytes>{fail(letters.error())},
                        invitations.empty() ? 0 : invitations.front());
    }
    return forms::draw_invitation_letters(*services.papers, *letters);
}

}  // namespace antin::app
