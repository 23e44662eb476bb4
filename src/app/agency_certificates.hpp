#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "store/dossiers.hpp"
#include "store/subscriber_certificates.hpp"

namespace antin::app {

/// A certificate of an agency with whose it is.
struct AgencyCertificate {
    store::SubscriberCertificate certificate;
    std::string name;      // of the subscriber
    std::string position;  // of a person; else ""
    std::string device;    // number of the device, "" where there is none
    std::string dossier_path, dossier_code;
};

/// What part of the agency's certificates is looked at.
enum class CertificatePart { All, InForce, EndingSoon, Ended };
struct CertificateSearch {
    std::int64_t agency_id = 0;
    CertificatePart part = CertificatePart::All;
    int days = 90;  // of EndingSoon
    std::string words;
    int page = 1, per_page = 50;
};
struct CertificatesFound {
    std::vector<AgencyCertificate> rows;
    std::int64_t count = 0;  // on all pages
};

/// The agency's certificates, soonest end first. The caller has decided that the person acts for
/// the agency.
[[nodiscard]] CertificatesFound agency_certificates(sql::Reader& db,
                                                    const CertificateSearch& search, Instant now);
/// Those in force that end within `days` from `now`, soonest first.
[[nodiscard]] std::vector<AgencyCertificate> expiring_certificates(sql::Reader& db,
                                                                   std::int64_t agency_id,
                                                                   Instant now, int days,
                                                                   int limit = 500);

}  // namespace antin::app
