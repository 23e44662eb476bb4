#include "app/agency_certificates.hpp"

#include <algorithm>

#include "app/dossier_access.hpp"
#include "store/devices.hpp"
#include "store/dossier_lines.hpp"
#include "store/subscribers.hpp"

namespace antin::app {
namespace {

AgencyCertificate with_owner(sql::Reader& db, store::SubscriberCertificate certificate) {
    AgencyCertificate out;
    if (const auto owner = store::find_subscriber(db, certificate.subscriber_id)) {
        out.name = owner->name;
        const auto position = owner->values.find("position");
        if (position != owner->values.end()) out.position = position->second;
    }
    if (certificate.device_id) {
        const auto device = store::find_device(db, *certificate.device_id);
        if (device) out.device = device->serial;
    }
    if (certificate.line_id) {
        const auto line = store::find_line_by_id(db, *certificate.line_id);
        const auto dossier = line ? store::find_dossier(db, line->dossier_id) : std::nullopt;
        if (dossier) {
            out.dossier_path = dossier_path(*dossier);
            out.dossier_code = dossier->code.value_or("");
        }
    }
    out.certificate = std::move(certificate);
    return out;
}

store::CertificateFilter filter_of(const CertificateSearch& search, Instant now) {
    using enum domain::CertificateState;
    store::CertificateFilter filter;
    filter.agency_id = search.agency_id;
    filter.words = search.words;
    switch (search.part) {
        case CertificatePart::All:
            break;
        case CertificatePart::InForce:
            filter.states = {OnHold, InForce, EmergencyHold};
            filter.ends_after = now;
            break;
        case CertificatePart::EndingSoon:
            filter.states = {InForce};
            filter.ends_after = now;
            filter.ends_before = now + std::chrono::days{search.days};
            break;
        case CertificatePart::Ended:
            filter.states = {Replaced, Revoked};
            break;
    }
    return filter;
}

}  // namespace

CertificatesFound agency_certificates(sql::Reader& db, const CertificateSearch& search,
                                      Instant now) {
    auto filter = filter_of(search, now);
    filter.limit = search.per_page;
    filter.offset = static_cast<std::int64_t>(std::max(search.page, 1) - 1) * search.per_page;
    CertificatesFound found;
    found.count = store::count_certificates(db, filter);
    for (auto& certificate : store::list_certificates(db, filter)) {
        found.rows.push_back(with_owner(db, std::move(certificate)));
    }
    return found;
}

std::vector<AgencyCertificate> expiring_certificates(sql::Reader& db, std::int64_t agency_id,
                                                     Instant now, int days, int limit) {
    CertificateSearch search;
    search.agency_id = agency_id;
    search.part = CertificatePart::EndingSoon;
    search.days = days;
    search.per_page = limit;
    return agency_certificates(db, search, now).rows;
}

}  // namespace antin::app
