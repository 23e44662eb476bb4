#include "app/register_agency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "app/edit_agency.hpp"
#include "app/email_rule.hpp"
#include "app/invite_agency.hpp"
#include "app/keep_file.hpp"
#include "app/load_session.hpp"
#include "app/notify.hpp"
#include "app/tries.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "domain/identifiers.hpp"
#include "domain/official_email.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/settings.hpp"
#include "store/superiors.hpp"

namespace antin::app {
namespace {

constexpr std::array kinds{"party_committee",
                           "peoples_council",
                           "peoples_committee",
                           "party_board",
                           "department",
                           "union",
                           "other"};
constexpr std::size_t proof_bytes_max = 10U << 20;

void check_length(std::vector<FieldDefect>& out, std::string_view field, const std::string& text,
                  std::size_t longest, bool required) {
    if (required && text.empty()) {
        out.push_back({std::string{field}, "registration.missing", {}});
    } else if (code_points(text) > longest) {
        out.push_back(
            {std::string{field}, "registration.too_long", {{"longest", std::to_string(longest)}}});
    }
}

void check_identifiers(std::vector<FieldDefect>& out, const AgencyDetails& d,
                       const domain::OfficialEmailRule& emails) {
    if (!d.code.empty() && !domain::read_agency_code(d.code)) {
        out.push_back({"code", "registration.code", {}});
    }
    if (!d.tax_code.empty() && !domain::read_tax_code(d.tax_code)) {
        out.push_back({"tax_code", "registration.tax_code", {}});
    }
    if (!d.budget_code.empty() && !domain::read_budget_code(d.budget_code)) {
        out.push_back({"budget_code", "registration.budget_code", {}});
    }
    const auto email = domain::read_official_email(d.email, emails);
    if (email.verdict == domain::EmailVerdict::Malformed) {
        out.push_back({"email", "error.invitation.email_malformed", {}});
    } else if (email.verdict == domain::EmailVerdict::Personal) {
        out.push_back({"email", "error.invitation.email_personal", {{"domain", email.domain}}});
    } else if (email.verdict == domain::EmailVerdict::NotOnTheList) {
        out.push_back({"email", "error.invitation.email_unknown", {{"domain", email.domain}}});
    }
}

Status check_proof(const ProofUpload& proof) {
    if (proof.content.empty()) {
        return fail(ErrorKind::Invalid, "registration.proof_missing", {}, {}, "proof");
    }
    if (proof.content.size() > proof_bytes_max) {
        return fail(ErrorKind::TooLarge, "registration.proof_too_large", {}, {}, "proof");
    }
    const auto type = media_type_of(proof.content);
    if (type != "application/pdf" && type != "image/jpeg" && type != "image/png") {
        return fail(ErrorKind::Invalid, "registration.proof_type", {}, {}, "proof");
    }
    return {};
}

/// Anybody may register, so each one counts before anything of it is kept.
Status count_registration(Services& services, const Actor& actor, const AgencyDetails& details) {
    const auto mailbox = "registration/" + secret_hash(to_lower(details.email));
    const auto address = "registration_from/" + actor.remote_address;
    const Instant now = services.clock.now();
    const char* code = "registration.too_many";
    std::optional<Instant> locked;
    ANTIN_CHECK(services.db.transact([&](sql::Transaction& tx) -> Status {
        locked = store::count_try(tx, address, tries::registrations_per_address, now);
        if (locked) return {};
        locked = store::count_try(tx, mailbox, tries::registrations_per_mailbox, now);
        if (locked) code = "registration.too_many_of_mailbox";
        return {};
    }));
    if (!locked) return {};
    return fail(ErrorKind::TooMany, code, {}, {{"until", to_vietnamese(*locked)}});
}

/// The record keeps a nonce beside what was typed; with the vault key it gives the link's secret.
std::string with_nonce(const AgencyDetails& details, const std::string& nonce) {
    auto json = nlohmann::json::parse(to_json(details));
    json["link_nonce"] = nonce;
    return json.dump();
}
std::string nonce_of(const store::Registration& registration) {
    return nlohmann::json::parse(registration.data).at("link_nonce").get<std::string>();
}
std::string secret_of(const Services& services, const std::string& nonce) {
    return to_base64url(derived_secret(services, "registration/" + nonce));
}
std::string link_of(const Services& services, const std::string& nonce) {
    return services.configuration.public_url + "/dang-ky/theo-doi?ma=" + secret_of(services, nonce);
}

/// The coordinators of the province learn that somebody waits for them.
void tell_coordinators(sql::Transaction& tx, const Services& services, const store::Agency& desk,
                       const AgencyDetails& details, std::int64_t id) {
    for (const auto& person :
         store::people_with_role(tx, domain::Role::ProvinceCoordinator, desk.id)) {
        notify_person(tx, services, person.id,
                      {"agency_registered",
                       {{"agency", details.name}},
                       "/dang-ky/" + std::to_string(id),
                       std::nullopt});
    }
}

void mail_agency(sql::Transaction& tx, const Services& services, const AgencyDetails& details,
                 std::string_view key, const std::string& link, const std::string& reasons) {
    const std::vector<std::pair<std::string, std::string>> args{
        {"agency", details.name},
        {"link", link},
        {"reasons", reasons},
        {"contact", store::setting_text(tx, "contact_line")}};
    const std::string base = "registration." + std::string{key};
    const auto language = html::Language::Vietnamese;
    send_mail(tx, services, details.email, html::text(language, base + "_subject", args),
              html::text(language, base + "_body", args), true);
}

store::Agency agency_of(const AgencyDetails& d, const store::Agency& desk, Instant now) {
    store::Agency agency;
    agency.name = d.name;
    agency.kind = d.kind;
    agency.branch = d.branch;
    agency.level = d.level;
    agency.province_code = desk.province_code;
    agency.province_name = desk.province_name;
    agency.address = d.address;
    agency.phone = d.phone;
    agency.email = d.email;
    agency.tax_code = d.tax_code;
    agency.budget_code = d.budget_code;
    agency.created_at = now;
    return agency;
}

/// What the record does not know yet; what it knows stays.
void fill_in(store::Agency& agency, const AgencyDetails& d) {
    const auto set = [](std::string& field, const std::string& value) {
        if (field.empty()) field = value;
    };
    set(agency.address, d.address);
    set(agency.phone, d.phone);
    set(agency.email, d.email);
    set(agency.tax_code, d.tax_code);
    set(agency.budget_code, d.budget_code);
}

/// Finds or makes the body and leaves it approved.
Result<store::Agency> approve_body(sql::Transaction& tx, const Services& services,
                                   const DecideRegistration& input, const AgencyDetails& details,
                                   const store::Agency& desk) {
    const std::string approved{domain::to_text(domain::AgencyState::Approved)};
    if (input.existing_agency_id) {
        auto agency = store::find_agency(tx, *input.existing_agency_id);
        if (!agency || agency->province_code != desk.province_code) {
            return fail(ErrorKind::NotFound, "agency.not_found", {}, {}, "existing");
        }
        agency->state = approved;
        fill_in(*agency, details);
        ANTIN_CHECK(store::update_agency(tx, *agency));
        ++agency->version;
        return std::move(*agency);
    }
    auto agency = agency_of(details, desk, services.clock.now());
    const std::string typed = input.agency_code.empty() ? details.code : input.agency_code;
    const auto code = domain::read_agency_code(typed);
    if (!typed.empty() && !code) {
        return fail(ErrorKind::Invalid, "registration.code", {}, {}, "agency_code");
    }
    agency.code = code ? *code : next_provisional_code(tx, desk);
    agency.code_provisional = !code;
    agency.state = approved;
    if (agency.level == "commune") {
        agency.parent_id = store::usual_superior(tx, agency.province_code, agency.kind);
    }
    ANTIN_TRY(id, store::insert_agency(tx, agency));
    return std::move(*store::find_agency(tx, id));
}

/// In the actor's province, or NotFound.
Result<std::pair<store::Registration, store::Agency>> own_registration(sql::Reader& db,
                                                                       const Actor& actor,
                                                                       std::int64_t id) {
    auto registration = store::find_registration(db, id);
    if (!registration) return fail(ErrorKind::NotFound, "registration.not_found");
    auto desk = coordinating_desk(db, actor, registration->province_code);
    if (!desk) return fail(ErrorKind::NotFound, "registration.not_found");
    return std::pair{std::move(*registration), std::move(*desk)};
}

/// Who was faster, and when.
tl::unexpected<Error> decided_by_another(sql::Reader& db, const store::Registration& registration) {
    const auto who = store::find_account(db, registration.decided_by.value_or(0));
    if (!who || !registration.decided_at) return fail(ErrorKind::Conflict, "registration.changed");
    return fail(ErrorKind::Conflict, "registration.decided", {},
                {{"name", who->full_name}, {"time", to_vietnamese(*registration.decided_at)}});
}

Status decide_in(sql::Transaction& tx, const Services& services, const Actor& actor,
                 const DecideRegistration& input) {
    ANTIN_TRY(found, own_registration(tx, actor, input.registration_id));
    auto& [registration, desk] = found;
    if (registration.state != "registered" || registration.version != input.version) {
        return decided_by_another(tx, registration);
    }
    const auto details = agency_details_from_json(registration.data);
    registration.decided_by = actor.account_id;
    registration.decided_at = services.clock.now();
    if (input.approve) {
        ANTIN_TRY(agency, approve_body(tx, services, input, details, desk));
        registration.agency_id = agency.id;
        registration.state = "approved";
        ANTIN_CHECK(invite_in(
            tx, services, actor,
            {agency.id, details.email, details.contact_name, details.contact_role}, agency, ""));
    } else {
        registration.state = "returned";
        registration.reasons = clean_text(input.reasons);
        if (registration.reasons.empty()) {
            return fail(ErrorKind::Invalid, "registration.reasons_missing", {}, {}, "reasons");
        }
        mail_agency(tx, services, details, "returned", link_of(services, nonce_of(registration)),
                    registration.reasons);
    }
    if (!store::update_registration(tx, registration)) {
        return fail(ErrorKind::Conflict, "registration.changed");
    }
    audit::append(tx, journal_entry(services, actor, "registration." + registration.state,
                                    "registration", std::to_string(registration.id)));
    return {};
}

}  // namespace

std::string to_json(const AgencyDetails& d) {
    return nlohmann::json{{"name", d.name},
                          {"kind", d.kind},
                          {"branch", d.branch},
                          {"level", d.level},
                          {"province_code", d.province_code},
                          {"code", d.code},
                          {"tax_code", d.tax_code},
                          {"budget_code", d.budget_code},
                          {"address", d.address},
                          {"phone", d.phone},
                          {"email", d.email},
                          {"contact_name", d.contact_name},
                          {"contact_position", d.contact_position},
                          {"contact_role", d.contact_role}}
        .dump();
}

AgencyDetails agency_details_from_json(std::string_view json) {
    const auto j = nlohmann::json::parse(json);
    const auto get = [&](const char* key) { return j.value(key, std::string{}); };
    return {get("name"),
            get("kind"),
            get("branch"),
            get("level"),
            get("province_code"),
            get("code"),
            get("tax_code"),
            get("budget_code"),
            get("address"),
            get("phone"),
            get("email"),
            get("contact_name"),
            get("contact_position"),
            get("contact_role")};
}

std::vector<FieldDefect> check_agency_details(Services& services, const AgencyDetails& d) {
    std::vector<FieldDefect> out;
    const auto emails = services.db.read(
        [](sql::Reader& db) -> Result<domain::OfficialEmailRule> { return email_rule(db); });
    check_length(out, "name", d.name, 200, true);
    if (std::ranges::find(kinds, d.kind) == kinds.end()) {
        out.push_back({"kind", "registration.choose", {}});
    }
    if (d.branch != "state" && d.branch != "party") {
        out.push_back({"branch", "registration.choose", {}});
    }
    if (d.level != "province" && d.level != "commune") {
        out.push_back({"level", "registration.choose", {}});
    }
    check_length(out, "address", d.address, 300, true);
    check_length(out, "phone", d.phone, 30, false);
    check_identifiers(out, d, emails ? *emails : domain::shipped_official_email_rule());
    check_length(out, "contact_name", d.contact_name, 100, true);
    check_length(out, "contact_position", d.contact_position, 100, false);
    if (d.contact_role != "focal_point" && d.contact_role != "head" && d.contact_role != "both") {
        out.push_back({"contact_role", "registration.choose", {}});
    }
    return out;
}

Result<std::string> register_agency(Services& services, const Actor& actor,
                                    const AgencyDetails& details, const ProofUpload& proof) {
    if (!check_agency_details(services, details).empty()) {
        return fail(ErrorKind::Invalid, "registration.defects");
    }
    ANTIN_CHECK(check_proof(proof));
    ANTIN_CHECK(count_registration(services, actor, details));
    ANTIN_TRY(file, keep_file(services, actor, proof.content, proof.name, std::nullopt));
    const auto nonce = random_token();
    return services.db.transact([&](sql::Transaction& tx) -> Result<std::string> {
        const auto desk = details.province_code.empty()
                              ? store::first_provincial_desk(tx)
                              : store::find_provincial_desk(tx, details.province_code);
        if (!desk) return fail(ErrorKind::Refused, "registration.province_not_served");
        store::Registration registration;
        registration.province_code = desk->province_code;
        registration.data = with_nonce(details, nonce);
        registration.proof_file_id = store::add_file(tx, file);
        registration.state = "registered";
        registration.follow_hash = secret_hash(secret_of(services, nonce));
        registration.created_at = services.clock.now();
        const auto id = store::insert_registration(tx, registration);
        tell_coordinators(tx, services, *desk, details, id);
        mail_agency(tx, services, details, "received", link_of(services, nonce), "");
        audit::append(tx, journal_entry(services, actor, "registration.registered", "registration",
                                        std::to_string(id)));
        return secret_of(services, nonce);
    });
}

Result<store::Registration> follow_registration(Services& services, std::string_view secret) {
    return services.db.read([&](sql::Reader& db) -> Result<store::Registration> {
        auto found = store::find_registration_by_link(db, secret_hash(secret));
        if (!found) return fail(ErrorKind::NotFound, "registration.not_found");
        return std::move(*found);
    });
}

Status mend_registration(Services& services, const Actor& actor, std::string_view secret,
                         const AgencyDetails& details, const ProofUpload& proof) {
    if (!check_agency_details(services, details).empty()) {
        return fail(ErrorKind::Invalid, "registration.defects");
    }
    std::optional<store::File> file;
    if (!proof.content.empty()) {
        ANTIN_CHECK(check_proof(proof));
        ANTIN_CHECK(count_registration(services, actor, details));
        ANTIN_TRY(kept, keep_file(services, actor, proof.content, proof.name, std::nullopt));
        file = std::move(kept);
    }
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        auto registration = store::find_registration_by_link(tx, secret_hash(secret));
        if (!registration) return fail(ErrorKind::NotFound, "registration.not_found");
        if (registration->state != "returned") {
            return fail(ErrorKind::Refused, "registration.not_returned");
        }
        if (file) registration->proof_file_id = store::add_file(tx, *file);
        registration->data = with_nonce(details, nonce_of(*registration));
        registration->state = "registered";
        if (!store::update_registration(tx, *registration)) {
            return fail(ErrorKind::Conflict, "registration.changed");
        }
        if (const auto desk = store::find_provincial_desk(tx, registration->province_code)) {
            tell_coordinators(tx, services, *desk, details, registration->id);
        }
        audit::append(tx, journal_entry(services, actor, "registration.mended", "registration",
                                        std::to_string(registration->id)));
        return {};
    });
}

Status decide_registration(Services& services, const Actor& actor,
                           const DecideRegistration& input) {
    if (!actor.has(domain::Role::ProvinceCoordinator)) {
        return not_your_role(services, actor, "registration.decide");
    }
    auto status = services.db.transact(
        [&](sql::Transaction& tx) { return decide_in(tx, services, actor, input); });
    if (!status && status.error().code == "registration.not_found") {
        return not_yours(services, actor, "registration", std::to_string(input.registration_id));
    }
    return status;
}

Result<std::vector<store::Registration>> open_registrations(Services& services, const Actor& actor,
                                                            std::string_view state) {
    if (!actor.has(domain::Role::ProvinceCoordinator)) {
        return not_your_role(services, actor, "registration.list");
    }
    return services.db.read([&](sql::Reader& db) -> Result<std::vector<store::Registration>> {
        std::vector<store::Registration> out;
        for (const auto body : actor.bodies(domain::Role::ProvinceCoordinator)) {
            const auto desk = store::find_agency(db, body);
            if (!desk) continue;
            for (auto& one : store::list_registrations(db, desk->province_code, state)) {
                out.push_back(std::move(one));
            }
        }
        return out;
    });
}

Result<store::Registration> see_registration(Services& services, const Actor& actor,
                                             std::int64_t id) {
    auto found = services.db.read([&](sql::Reader& db) { return own_registration(db, actor, id); });
    if (!found) return not_yours(services, actor, "registration", std::to_string(id));
    return std::move(found->first);
}

Result<std::vector<store::AgencyRow>> same_bodies(Services& services, const Actor& actor,
                                                  const store::Registration& registration) {
    if (!actor.has(domain::Role::ProvinceCoordinator)) {
        return not_your_role(services, actor, "registration.show");
    }
    const auto details = agency_details_from_json(registration.data);
    return services.db.read([&](sql::Reader& db) -> Result<std::vector<store::AgencyRow>> {
        store::AgencyFilter filter;
        filter.province_code = registration.province_code;
        filter.words = details.name;
        filter.limit = same_bodies_max;
        auto rows = store::list_agencies(db, filter);
        if (const auto code = domain::read_agency_code(details.code); code && !code->empty()) {
            filter.words = *code;
            for (auto& row : store::list_agencies(db, filter)) {
                const bool known = std::ranges::any_of(
                    rows, [&](const auto& one) { return one.agency.id == row.agency.id; });
                if (row.agency.code == *code && !known) rows.push_back(std::move(row));
            }
        }
        return rows;
    });
}

Result<RegistrationProof> read_registration_proof(Services& services, const Actor& actor,
                                                  std::int64_t id) {
    ANTIN_TRY(registration, see_registration(services, actor, id));
    const auto file = services.db.read([&](sql::Reader& db) -> Result<store::File> {
        auto kept = store::find_file(db, registration.proof_file_id.value_or(0));
        if (!kept) return fail(ErrorKind::NotFound, "file.missing");
        return std::move(*kept);
    });
    if (!file) return fail(file.error());
    ANTIN_TRY(content, read_kept(services, *file));
    return RegistrationProof{file->name, file->media_type, std::move(content)};
}

}  // namespace antin::app
