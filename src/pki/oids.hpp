#pragma once
#include <string_view>

/// Object identifiers as dotted text, by the names their RFCs give them.
namespace antin::pki::oids {

inline constexpr std::string_view common_name = "2.5.4.3", country = "2.5.4.6",
                                  locality = "2.5.4.7", state_or_province = "2.5.4.8",
                                  organisation = "2.5.4.10", organisational_unit = "2.5.4.11",
                                  serial_number = "2.5.4.5", title = "2.5.4.12",
                                  email_address = "1.2.840.113549.1.9.1",
                                  user_id = "0.9.2342.19200300.100.1.1";

inline constexpr std::string_view rsa_encryption = "1.2.840.113549.1.1.1",
                                  sha256_with_rsa = "1.2.840.113549.1.1.11",
                                  sha384_with_rsa = "1.2.840.113549.1.1.12",
                                  sha512_with_rsa = "1.2.840.113549.1.1.13",
                                  ec_public_key = "1.2.840.10045.2.1", p256 = "1.2.840.10045.3.1.7",
                                  ecdsa_with_sha256 = "1.2.840.10045.4.3.2",
                                  ecdsa_with_sha384 = "1.2.840.10045.4.3.3",
                                  ecdsa_with_sha512 = "1.2.840.10045.4.3.4", sha1 = "1.3.14.3.2.26",
                                  sha256 = "2.16.840.1.101.3.4.2.1";

inline constexpr std::string_view subject_key_id = "2.5.29.14", key_usage = "2.5.29.15",
                                  subject_alternative_name = "2.5.29.17",
                                  basic_constraints = "2.5.29.19", crl_number = "2.5.29.20",
                                  crl_reason = "2.5.29.21", crl_distribution_points = "2.5.29.31",
                                  certificate_policies = "2.5.29.32",
                                  authority_key_id = "2.5.29.35", extended_key_usage = "2.5.29.37",
                                  any_policy = "2.5.29.32.0",
                                  authority_information_access = "1.3.6.1.5.5.7.1.1",
                                  access_ocsp = "1.3.6.1.5.5.7.48.1",
                                  access_ca_issuers = "1.3.6.1.5.5.7.48.2",
                                  policy_cps = "1.3.6.1.5.5.7.2.1",
                                  eku_ocsp_signing = "1.3.6.1.5.5.7.3.9",
                                  ocsp_basic = "1.3.6.1.5.5.7.48.1.1",
                                  ocsp_nonce = "1.3.6.1.5.5.7.48.1.2",
                                  ocsp_nocheck = "1.3.6.1.5.5.7.48.1.5";

}  // namespace antin::pki::oids
