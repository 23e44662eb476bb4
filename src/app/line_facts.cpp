#include "app/line_facts.hpp"

#include "app/email_rule.hpp"
#include "ledger/certificates.hpp"
#include "store/dossier_lines.hpp"

namespace antin::app {

LineFacts line_facts(sql::Reader& db, Date today) {
    LineFacts facts;
    facts.today = today;
    facts.email = email_rule(db);
    facts.outside.in_force = [&db](std::string_view subject_key) {
        std::vector<domain::KnownCertificate> known;
        for (std::string& serial : store::serials_in_force(db, subject_key)) {
            const auto found = ledger::find_certificate(db, serial);
            known.push_back({std::move(serial),
                             found ? std::optional{local_date(found->not_after)} : std::nullopt});
        }
        return known;
    };
    return facts;
}

}  // namespace antin::app
