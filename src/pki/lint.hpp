#pragma once
#include <optional>
#include <string>
#include <vector>

#include "pki/certificate.hpp"
#include "pki/signer.hpp"

namespace antin::pki {

/// What certificates of one sort must look like: data/profiles/<name>.json, read by ca/profiles.
struct Profile {
    enum class Sort { Root, Issuing, Responder, Subscriber };
    std::string name;
    Sort sort = Sort::Subscriber;
    std::vector<KeyKind> keys;
    int validity_days = 0, validity_days_max = 0;
    /// Attribute types in order, "C" "L" "O" "OU*" "CN"; a star may stand any number of times.
    std::vector<std::string> subject;
    std::uint32_t key_usage_rsa = 0, key_usage_ec = 0;
    std::vector<std::string> extended_key_usage;  // OIDs; empty: the extension is absent
    std::string policy_oid, cps_url;              // empty: certificatePolicies is absent
    bool email_required = false;                  // subjectAltName rfc822Name
    bool host_allowed = false;                    // dNSName or iPAddress
    std::size_t text_letters_max = 64;            // of O, OU, CN (RFC 5280 upper bounds)
    std::size_t locality_letters_max = 128;
};

/// One departure from the profile. `rule` is a stable name, `detail` says it in plain English.
struct Departure {
    std::string rule, detail;
};

/// What is known besides the certificate itself; each part is compared only when it is there.
struct LintContext {
    const CertificateView* issuer = nullptr;
    std::string ocsp_url, crl_url, issuer_url;
};

/// Every departure of `certificate` from `profile`; empty when there is none. Looks at structure
/// and contents, not at the signature's value, so that a body may be judged before it is signed.
[[nodiscard]] std::vector<Departure> lint(const CertificateView& certificate,
                                          const Profile& profile, const LintContext& context = {});

}  // namespace antin::pki
