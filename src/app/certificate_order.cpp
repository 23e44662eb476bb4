#include "app/certificate_order.hpp"

#include "base/text.hpp"
#include "store/agencies.hpp"
#include "store/rules.hpp"
#include "store/settings.hpp"

namespace antin::app {

std::string certificate_order_id(const store::DossierLine& line) {
    return "line:" + std::to_string(line.id);
}

ca::OrderTerms certificate_terms(sql::Reader& db, const store::Dossier& dossier,
                                 const store::DossierLine& line) {
    const auto agency = store::find_agency(db, dossier.agency_id).value();
    const auto parent = agency.parent_id ? store::find_agency(db, *agency.parent_id) : std::nullopt;
    ca::OrderTerms terms;
    terms.order_id = certificate_order_id(line);
    terms.issuer = agency.branch;
    terms.profile = domain::to_text(dossier.subscriber_kind);
    terms.validity_days =
        static_cast<int>(store::rule_integer(db, "issue.validity_days", dossier.rules_date));
    terms.on_hold = store::setting_boolean(db, "hold_until_handover");
    ca::Subject& subject = terms.subject;
    const auto province = line.value("province", dossier);
    subject.locality = province.empty() ? agency.province_name : province;
    subject.organisation = parent ? parent->name : agency.name;
    if (parent) subject.units.push_back(agency.name);
    subject.email = line.value("email", dossier);
    switch (dossier.subscriber_kind) {
        case domain::SubscriberKind::Individual:
            subject.common_name = line.value("full_name", dossier);
            break;
        case domain::SubscriberKind::Organisation:
            subject.common_name = to_upper(line.value("agency_name", dossier));
            if (line.value("agency_name", dossier) == agency.name) subject.units.clear();
            break;
        case domain::SubscriberKind::Equipment:
            subject.common_name = line.value("system_name", dossier);
            subject.domain_name = line.value("domain_name", dossier);
            break;
    }
    return terms;
}

Status order_certificate(sql::Transaction& tx, Services& services, const store::Dossier& dossier,
                         const store::DossierLine& line, const ca::Person& proposer,
                         const ca::Person& approver) {
    using enum domain::Procedure;
    if (dossier.procedure == Revocation || dossier.procedure == DeviceRestoration) return {};
    return ca::approve_order(tx, certificate_terms(tx, dossier, line), proposer, approver,
                             services.clock.now());
}

}  // namespace antin::app
