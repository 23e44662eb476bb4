#include "app/request_facts.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "ca/authority.hpp"
#include "store/agencies.hpp"
#include "store/devices.hpp"
#include "store/dossier_lines.hpp"
#include "store/rules.hpp"
#include "store/subscriber_certificates.hpp"
#include "store/subscribers.hpp"

namespace antin::app {
namespace {

/// The first open request of another dossier; a revocation counts before the others.
std::optional<domain::OpenRequest> in_flight(sql::Reader& db,
                                             const std::vector<store::DossierLine>& lines,
                                             const RequestScope& scope) {
    std::optional<domain::OpenRequest> out;
    for (const auto& line : lines) {
        if (line.dossier_id == scope.dossier_id) continue;
        const auto dossier = store::find_dossier(db, line.dossier_id);
        if (!dossier) continue;
        if (scope.sent_at && dossier->submitted_at && *dossier->submitted_at > *scope.sent_at) {
            continue;
        }
        if (out && dossier->procedure != domain::Procedure::Revocation) continue;
        out = domain::OpenRequest{dossier->procedure, dossier->code.value_or("")};
    }
    return out;
}

}  // namespace

domain::RequestRules request_rules(sql::Reader& db, std::string_view day) {
    const auto number = [&](const char* name) {
        return static_cast<int>(store::rule_integer(db, name, day));
    };
    domain::RequestRules rules = domain::shipped_request_rules();
    rules.renew_max_times = number("renew.max_times");
    rules.renew_min_days_left = number("renew.min_days_left");
    rules.renew_extension_days = number("renew.extension_days");
    rules.change_min_days_left = number("change.min_days_left");
    if (auto reasons =
            domain::parse_revocation_reasons(store::rule_json(db, "revoke.reasons", day))) {
        rules.reasons = std::move(*reasons);
    }
    return rules;
}

std::optional<domain::KnownTarget> find_target(sql::Reader& db, std::string_view serial,
                                               const RequestScope& scope) {
    const auto normal = ca::normal_serial(serial);
    if (!normal) return std::nullopt;
    const auto certificate = store::find_subscriber_certificate(db, *normal);
    if (!certificate) return std::nullopt;
    domain::KnownTarget out;
    out.serial = certificate->serial;
    out.ours = scope.agency_id == 0 || certificate->agency_id == scope.agency_id;
    out.kind = certificate->kind;
    out.carrier = certificate->carrier;
    out.name = certificate->common_name;
    out.email = certificate->email;
    out.state = certificate->state_on(scope.now);
    out.not_after = local_date(certificate->not_after);
    out.renewals = static_cast<int>(certificate->renewals);
    out.successor = certificate->successor.value_or("");
    if (const auto owner = store::find_subscriber(db, certificate->subscriber_id)) {
        out.name = owner->name;
        out.subject_key = owner->subject_key;
        out.values = owner->values;
    }
    if (certificate->device_id) {
        if (const auto device = store::find_device(db, *certificate->device_id)) {
            out.device_serial = device->serial;
        }
    }
    out.in_flight = in_flight(db, store::open_requests_on(db, *normal), scope);
    return out;
}

std::optional<domain::KnownDevice> find_known_device(sql::Reader& db, std::string_view serial,
                                                     const RequestScope& scope) {
    auto device = store::find_device_by_serial(db, serial);
    if (!device) device = store::find_device_by_serial(db, to_lower(serial));
    if (!device) device = store::find_device_by_serial(db, to_upper(serial));
    if (!device) return std::nullopt;
    domain::KnownDevice out;
    out.serial = device->serial;
    out.ours = scope.agency_id == 0 || device->agency_id == scope.agency_id;
    out.kind = device->kind;
    out.state = device->state;
    const auto certificates = store::certificates_on_device(db, device->id);
    if (certificates.empty()) return out;
    const auto& newest = certificates.front();
    out.certificate_serial = newest.serial;
    out.subscriber_kind = newest.kind;
    out.name = newest.common_name;
    out.email = newest.email;
    if (const auto owner = store::find_subscriber(db, newest.subscriber_id)) {
        out.name = owner->name;
        out.subject_key = owner->subject_key;
    }
    if (const auto agency = store::find_agency(db, newest.agency_id)) {
        out.agency_name = agency->name;
    }
    std::vector<store::DossierLine> restorations;
    for (auto& line : store::open_requests_on(db, newest.serial)) {
        const auto dossier = store::find_dossier(db, line.dossier_id);
        if (dossier && dossier->procedure == domain::Procedure::DeviceRestoration) {
            restorations.push_back(std::move(line));
        }
    }
    out.in_flight = in_flight(db, restorations, scope);
    return out;
}

}  // namespace antin::app
