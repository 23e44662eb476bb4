#include "app/agency_certificates.hpp"

#include <algorithm>

#include "ledger/certificates.hpp"

namespace antin::app {
namespace {

constexpr int subscribers_max = 500;

}  // namespace

std::vector<AgencyCertificate> agency_certificates(sql::Reader& db, std::int64_t agency_id) {
    std::vector<AgencyCertificate> out;
    for (const auto kind : domain::all<domain::SubscriberKind>()) {
        for (auto& line : store::known_subscribers(db, agency_id, kind, subscribers_max)) {
            AgencyCertificate one{std::move(line), std::nullopt};
            if (one.line.certificate_serial) {
                const auto found = ledger::find_certificate(db, *one.line.certificate_serial);
                if (found) one.not_after = found->not_after;
            }
            out.push_back(std::move(one));
        }
    }
    return out;
}

std::vector<AgencyCertificate> expiring_certificates(sql::Reader& db, std::int64_t agency_id,
                                                     Instant now, int days) {
    auto all = agency_certificates(db, agency_id);
    std::erase_if(all, [&](const AgencyCertificate& one) {
        return one.line.state != domain::LineState::InForce || !one.not_after ||
               *one.not_after < now || *one.not_after > now + std::chrono::days{days};
    });
    std::ranges::sort(all, {}, &AgencyCertificate::not_after);
    return all;
}

}  // namespace antin::app
