#include "app/line_facts.hpp"

#include <memory>
#include <unordered_map>

#include "app/email_rule.hpp"
#include "ledger/certificates.hpp"
#include "store/serials_in_force.hpp"

namespace antin::app {
namespace {

using Known = std::vector<domain::KnownCertificate>;

domain::KnownCertificate known_certificate(sql::Reader& db, std::string serial) {
    const auto found = ledger::find_certificate(db, serial);
    return {std::move(serial), found ? std::optional{local_date(found->not_after)} : std::nullopt};
}

Known known_of(sql::Reader& db, std::string_view subject_key) {
    Known known;
    for (auto& serial : store::serials_in_force(db, subject_key)) {
        known.push_back(known_certificate(db, std::move(serial)));
    }
    return known;
}

}  // namespace

LineFacts line_facts(sql::Reader& db, Date today) {
    LineFacts facts;
    facts.today = today;
    facts.email = email_rule(db);
    facts.outside.in_force = [&db](std::string_view subject_key) {
        return known_of(db, subject_key);
    };
    return facts;
}

LineFacts line_facts_of(sql::Reader& db, Date today, std::int64_t dossier_id,
                        const std::vector<store::DossierLine>& lines) {
    LineFacts facts = line_facts(db, today);
    const auto read = std::make_shared<std::unordered_map<std::string, Known>>();
    for (const auto& line : lines) read->try_emplace(line.subject_key);
    for (auto& found : store::serials_in_force_of_dossier(db, dossier_id)) {
        (*read)[found.subject_key].push_back(known_certificate(db, std::move(found.serial)));
    }
    facts.outside.in_force = [&db, read](std::string_view subject_key) {
        const auto known = read->find(std::string{subject_key});
        return known != read->end() ? known->second : known_of(db, subject_key);
    };
    return facts;
}

}  // namespace antin::app
