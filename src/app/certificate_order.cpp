#include "app/certificate_order.hpp"

#include <algorithm>

#include "app/subject_values.hpp"
#include "base/text.hpp"
#include "store/agencies.hpp"
#include "store/rules.hpp"
#include "store/settings.hpp"
#include "store/subscriber_certificates.hpp"
#include "store/superiors.hpp"

namespace antin::app {

std::string certificate_order_id(const store::DossierLine& line) {
    return "line:" + std::to_string(line.id);
}

namespace {

constexpr std::size_t unit_letters_max = 64;  // X.520 allows no longer OU

/// For telling one body from another: clerks write "UBND xã …" for "Ủy ban nhân dân xã …".
std::string plain_name(std::string_view name) {
    auto out = fold(name);
    if (out.starts_with("ubnd ")) out.replace(0, 4, "uy ban nhan dan");
    if (out.starts_with("hdnd ")) out.replace(0, 4, "hoi dong nhan dan");
    return out;
}

/// O: the superior body furthest up, else the agency itself; OU from there down to the agency.
void place_subject(sql::Reader& db, const store::Agency& agency, ca::Subject& subject) {
    subject.organisation = agency.name;
    for (const auto& above : store::superiors_of(db, agency)) {
        subject.units.insert(subject.units.begin(), subject.organisation);
        subject.organisation = above.name;
    }
}

/// A person's own unit stands below the agency that manages the certificate. One that is too long
/// for a certificate is left out: the agency's name is there, and the row is approved already.
void place_unit(const std::string& unit, ca::Subject& subject) {
    const auto plain = plain_name(unit);
    if (plain.empty() || code_points(unit) > unit_letters_max) return;
    if (plain == plain_name(subject.organisation)) return;
    for (const auto& one : subject.units) {
        if (plain == plain_name(one)) return;
    }
    subject.units.push_back(unit);
}

/// A renewal adds its time to the end of the old certificate, a change keeps that end; in no case
/// may it live longer than a new one (NĐ 68/2024 Điều 9).
std::optional<Instant> end_of_successor(sql::Reader& db, const store::Dossier& dossier,
                                        const store::DossierLine& line, Instant now) {
    if (!line.target_serial) return std::nullopt;
    const auto before = store::find_subscriber_certificate(db, *line.target_serial);
    if (!before) return std::nullopt;
    const auto days = [&](const char* rule) {
        return std::chrono::days{store::rule_integer(db, rule, dossier.rules_date)};
    };
    Instant end = before->not_after;
    if (line.ticked("renew")) end += days("renew.extension_days");
    const Instant last = now + days("issue.validity_days");
    return std::chrono::floor<std::chrono::seconds>(std::min(end, last));
}

void name_subject(const store::Agency& agency, domain::SubscriberKind kind,
                  const store::FieldValues& values, ca::Subject& subject) {
    const auto value = [&](std::string_view key) {
        const auto found = values.find(key);
        return found == values.end() ? std::string{} : found->second;
    };
    subject.locality = value("province").empty() ? agency.province_name : value("province");
    subject.email = value("email");
    switch (kind) {
        case domain::SubscriberKind::Individual:
            subject.common_name = value("full_name");
            place_unit(value("agency_name"), subject);
            break;
        case domain::SubscriberKind::Organisation:
            subject.common_name = to_upper(value("agency_name"));
            if (value("agency_name") == agency.name && !subject.units.empty()) {
                subject.units.pop_back();  // the agency's name is the CN already
            }
            break;
        case domain::SubscriberKind::Equipment:
            subject.common_name = value("system_name");
            subject.domain_name = value("domain_name");
            break;
    }
}

}  // namespace

ca::OrderTerms certificate_terms(sql::Reader& db, const store::Dossier& dossier,
                                 const store::DossierLine& line, Instant now) {
    const auto agency = store::find_agency(db, dossier.agency_id).value();
    const auto kind = line.kind(dossier);
    ca::OrderTerms terms;
    terms.order_id = certificate_order_id(line);
    terms.issuer = agency.branch;
    terms.profile = domain::to_text(kind);
    terms.validity_days =
        static_cast<int>(store::rule_integer(db, "issue.validity_days", dossier.rules_date));
    terms.not_after = end_of_successor(db, dossier, line, now);
    terms.on_hold = store::setting_boolean(db, "hold_until_handover");
    place_subject(db, agency, terms.subject);
    name_subject(agency, kind, subject_values(db, dossier, line), terms.subject);
    return terms;
}

Status order_certificate(sql::Transaction& tx, Services& services, const store::Dossier& dossier,
                         const store::DossierLine& line, const ca::Person& proposer,
                         const ca::Person& approver) {
    using enum domain::Procedure;
    if (dossier.procedure == Revocation || dossier.procedure == DeviceRestoration) return {};
    const Instant now = services.clock.now();
    return ca::approve_order(tx, certificate_terms(tx, dossier, line, now), proposer, approver,
                             now);
}

}  // namespace antin::app
