#include "app/subject_values.hpp"

#include "domain/changes.hpp"
#include "store/subscriber_certificates.hpp"
#include "store/subscribers.hpp"

namespace antin::app {
namespace {

std::string name_key(domain::SubscriberKind kind) {
    switch (kind) {
        case domain::SubscriberKind::Individual:
            return "full_name";
        case domain::SubscriberKind::Organisation:
            return "agency_name";
        case domain::SubscriberKind::Equipment:
            return "system_name";
    }
    return "full_name";
}

store::FieldValues known_values(sql::Reader& db, const store::DossierLine& line) {
    const auto certificate = store::find_subscriber_certificate(db, *line.target_serial);
    if (!certificate) return {};
    const auto owner = store::find_subscriber(db, certificate->subscriber_id);
    store::FieldValues values = owner ? owner->values : store::FieldValues{};
    values.try_emplace(name_key(certificate->kind), certificate->common_name);
    if (!certificate->email.empty()) values["email"] = certificate->email;
    return values;
}

}  // namespace

store::FieldValues subject_values(sql::Reader& db, const store::Dossier& dossier,
                                  const store::DossierLine& line) {
    if (line.target_serial) {
        auto values = known_values(db, line);
        if (!line.ticked("amend")) return values;
        const auto text = line.values.find("change_to");
        if (text == line.values.end()) return values;
        for (const auto& change : domain::read_changes(line.kind(dossier), text->second).changes) {
            values[change.field] = change.value;
        }
        return values;
    }
    store::FieldValues values = dossier.shared_values;
    for (const auto& [key, value] : line.values) {
        if (!value.empty()) values[key] = value;
    }
    return values;
}

std::string subject_name(domain::SubscriberKind kind, const store::FieldValues& values) {
    const auto found = values.find(name_key(kind));
    return found == values.end() ? std::string{} : found->second;
}

}  // namespace antin::app
