#include "app/line_facts.hpp"

#include <memory>
#include <unordered_map>

#include "app/email_rule.hpp"
#include "store/subscriber_certificates.hpp"

namespace antin::app {
namespace {

using Known = std::vector<domain::KnownCertificate>;

domain::KnownCertificate known_certificate(const store::SubscriberCertificate& certificate) {
    return {certificate.serial, local_date(certificate.not_after)};
}

Known known_of(sql::Reader& db, std::string_view subject_key, Instant now) {
    Known known;
    for (const auto& one : store::certificates_of_subject(db, subject_key, now)) {
        known.push_back(known_certificate(one));
    }
    return known;
}

}  // namespace

LineFacts line_facts(sql::Reader& db, const RequestScope& scope) {
    LineFacts facts;
    facts.today = local_date(scope.now);
    facts.email = email_rule(db);
    facts.outside.in_force = [&db, now = scope.now](std::string_view subject_key) {
        return known_of(db, subject_key, now);
    };
    const auto day = scope.rules_date.empty() ? to_iso(facts.today) : scope.rules_date;
    facts.requests = request_rules(db, day);
    facts.outside.target = [&db, scope](std::string_view serial) {
        return find_target(db, serial, scope);
    };
    facts.outside.device = [&db, scope](std::string_view serial) {
        return find_known_device(db, serial, scope);
    };
    return facts;
}

LineFacts line_facts_of(sql::Reader& db, const RequestScope& scope,
                        const std::vector<store::DossierLine>& lines) {
    LineFacts facts = line_facts(db, scope);
    const auto read = std::make_shared<std::unordered_map<std::string, Known>>();
    for (const auto& line : lines) read->try_emplace(line.subject_key);
    for (const auto& found : store::certificates_of_dossier(db, scope.dossier_id, scope.now)) {
        (*read)[found.subject_key].push_back(known_certificate(found.certificate));
    }
    facts.outside.in_force = [&db, read, now = scope.now](std::string_view subject_key) {
        const auto known = read->find(std::string{subject_key});
        return known != read->end() ? known->second : known_of(db, subject_key, now);
    };
    return facts;
}

}  // namespace antin::app
