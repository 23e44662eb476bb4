#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "domain/form_definition.hpp"

namespace antin::domain {

/// A ground of revocation (NĐ 68/2024 Điều 17) and what OCSP and CRL say for it (RFC 5280).
struct RevocationReason {
    std::string key;                    // "key_exposed"
    std::string label;                  // as it stands on the form
    std::string code;                   // "key_compromise", as the ledger names it
    std::vector<SubscriberKind> kinds;  // for whom it may be
    bool by_authority = false;          // police and prosecutors, through an officer; else agencies
    std::vector<std::string> words;     // folded: by one of them free words are understood
};

/// The conditions of Mẫu 04 and 05 as the rules of a day have them (data/rules/limits.json and the
/// administrator's versions).
struct RequestRules {
    int renew_max_times = 1;
    int renew_min_days_left = 30;
    int renew_extension_days = 1095;
    int change_min_days_left = 30;
    std::vector<RevocationReason> reasons;

    [[nodiscard]] const RevocationReason* reason(std::string_view key) const;
    /// By its label, or by the longest of its words that stands in `text`.
    [[nodiscard]] const RevocationReason* reason_in(std::string_view text) const;
};
[[nodiscard]] const RequestRules& shipped_request_rules();
/// Invalid "rules.reasons" names what is odd.
[[nodiscard]] Result<std::vector<RevocationReason>> parse_revocation_reasons(
    const nlohmann::json& list);

/// A request on the same certificate or device that has not come to its end.
struct OpenRequest {
    Procedure procedure = Procedure::Renewal;
    std::string code;  // of its dossier; "" before acceptance
};

/// What is known here of the certificate that a row names.
struct KnownTarget {
    std::string serial;
    bool ours = false;  // managed by the agency that files
    SubscriberKind kind = SubscriberKind::Individual;
    Carrier carrier = Carrier::PkiToken;
    std::string name, email, subject_key;
    std::string device_serial;
    CertificateState state = CertificateState::InForce;  // at the day of the check
    Date not_after{};
    int renewals = 0;
    std::string successor;
    FieldValues values;  // of its subscriber
    std::optional<OpenRequest> in_flight;
};

/// What is known here of the device that a row of Mẫu 06 names.
struct KnownDevice {
    std::string serial;
    bool ours = false;
    Carrier kind = Carrier::PkiToken;
    DeviceState state = DeviceState::HandedOver;
    std::string certificate_serial;  // of the newest certificate on it
    SubscriberKind subscriber_kind = SubscriberKind::Individual;
    std::string name, agency_name, email, subject_key;
    std::optional<OpenRequest> in_flight;
};

}  // namespace antin::domain
