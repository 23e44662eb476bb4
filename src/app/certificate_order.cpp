#include "app/certificate_order.hpp"

#include <algorithm>

#include "app/subject_values.hpp"
#include "base/text.hpp"
#include "store/agencies.hpp"
#include "store/rules.hpp"
#include "store/settings.hpp"
#include "store/subscriber_certificates.hpp"

namespace antin::app {

std::string certificate_order_id(const store::DossierLine& line) {
    return "line:" + std::to_string(line.id);
}

namespace {

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
            break;
        case domain::SubscriberKind::Organisation:
            subject.common_name = to_upper(value("agency_name"));
            if (value("agency_name") == agency.name) subject.units.clear();
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
    const auto parent = agency.parent_id ? store::find_agency(db, *agency.parent_id) : std::nullopt;
    const auto kind = line.kind(dossier);
    ca::OrderTerms terms;
    terms.order_id = certificate_order_id(line);
    terms.issuer = agency.branch;
    terms.profile = domain::to_text(kind);
    terms.validity_days =
        static_cast<int>(store::rule_integer(db, "issue.validity_days", dossier.rules_date));
    terms.not_after = end_of_successor(db, dossier, line, now);
    terms.on_hold = store::setting_boolean(db, "hold_until_handover");
    terms.subject.organisation = parent ? parent->name : agency.name;
    if (parent) terms.subject.units.push_back(agency.name);
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
