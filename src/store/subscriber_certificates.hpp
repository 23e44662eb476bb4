#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/vocabulary.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// The portal's record of one certificate: whose it is, on which device, by which row, what came
/// before and after it. Written by app/certificate_status alone.
struct SubscriberCertificate {
    std::string serial;  // 16 hex digits, capitals
    std::int64_t subscriber_id = 0, agency_id = 0;
    domain::SubscriberKind kind = domain::SubscriberKind::Individual;
    domain::Carrier carrier = domain::Carrier::PkiToken;
    std::optional<std::int64_t> device_id, line_id;
    std::string common_name, email;
    Instant not_before{}, not_after{};
    domain::CertificateState state = domain::CertificateState::OnHold;  // as stored: never Expired
    Instant state_at{};
    std::string reason;
    std::optional<std::string> predecessor, successor;
    std::int64_t renewals = 0;
    bool is_demo = false;
    std::int64_t version = 1;

    /// What people call its state at `now`: the end by time included.
    [[nodiscard]] domain::CertificateState state_on(Instant now) const;
};

void add_certificate(sql::Transaction& tx, const SubscriberCertificate& certificate);
[[nodiscard]] std::optional<SubscriberCertificate> find_subscriber_certificate(
    sql::Reader& db, std::string_view serial);
/// Writes state, links, device and agency. False: somebody else was faster, nothing is written.
[[nodiscard]] bool save_certificate(sql::Transaction& tx, SubscriberCertificate& certificate);

/// Newest first.
[[nodiscard]] std::vector<SubscriberCertificate> certificates_of_subscriber(
    sql::Reader& db, std::int64_t subscriber_id);
[[nodiscard]] std::vector<SubscriberCertificate> certificates_on_device(sql::Reader& db,
                                                                        std::int64_t device_id);
/// In force (not held, not ended at `now`) for a subject, whichever agency manages it.
[[nodiscard]] std::vector<SubscriberCertificate> certificates_of_subject(
    sql::Reader& db, std::string_view subject_key, Instant now);

struct CertificateOfSubject {
    std::string subject_key;
    SubscriberCertificate certificate;
};
/// The same for all subjects of a dossier at once; each certificate stands once.
[[nodiscard]] std::vector<CertificateOfSubject> certificates_of_dossier(sql::Reader& db,
                                                                        std::int64_t dossier_id,
                                                                        Instant now);

struct CertificateFilter {
    std::int64_t agency_id = 0;
    std::vector<domain::CertificateState> states;  // as stored; empty: all
    std::optional<Instant> ends_after, ends_before;
    std::string words;  // part of name, address or serial, as typed; "" for all
    std::int64_t limit = 50, offset = 0;
};
/// Soonest end first.
[[nodiscard]] std::vector<SubscriberCertificate> list_certificates(sql::Reader& db,
                                                                   const CertificateFilter& filter);
[[nodiscard]] std::int64_t count_certificates(sql::Reader& db, const CertificateFilter& filter);

}  // namespace antin::store
