#include "app/line_facts.hpp"

#include <nlohmann/json.hpp>

#include "ledger/certificates.hpp"
#include "store/dossier_lines.hpp"
#include "store/settings.hpp"

namespace antin::app {

LineFacts line_facts(sql::Reader& db, Date today) {
    LineFacts facts;
    facts.today = today;
    facts.email = domain::shipped_official_email_rule();
    const auto add = [&](const char* name, std::vector<std::string>& zones) {
        for (const auto& zone : store::setting(db, name)) zones.push_back(zone.get<std::string>());
    };
    add("official_email_added", facts.email.allowed);
    add("official_email_blocked", facts.email.blocked);
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
