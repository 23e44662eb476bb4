#pragma once
#include <filesystem>
#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "ca/approval.hpp"
#include "pki/lint.hpp"
#include "pki/name.hpp"

namespace antin::ca {

/// A profile by name: "individual", "organisation", "equipment", "root", "issuing", "responder".
/// From the folder given to use_profile_folder, else from data/profiles in the binary; read once.
/// Errors: NotFound "ca.profile_unknown"; Invalid "ca.profile_wrong" naming the field of the file.
[[nodiscard]] Result<std::shared_ptr<const pki::Profile>> find_profile(std::string_view name);
/// An organisation's own profiles (DIR/profiles/<name>.json) win over those in the binary. Call it
/// before the authority opens; forgets what was read so far.
void use_profile_folder(const std::filesystem::path& folder);

/// Reads a profile file. Errors: Invalid "ca.profile_wrong" naming the field.
[[nodiscard]] Result<pki::Profile> read_profile(std::string_view json);

/// The name of a subscriber: C=VN, L, O, OU…, CN.
[[nodiscard]] pki::Name subject_name(const Subject& subject);
/// Every text normalised as certificates hold it.
[[nodiscard]] Subject normalised(const Subject& subject);
/// Whether `subject` can stand in a certificate of `profile`. Errors: Invalid "ca.subject_…" with
/// the field: subject_missing, subject_too_long, subject_text, subject_email, subject_host.
[[nodiscard]] Status check_subject(const Subject& subject, const pki::Profile& profile);

/// The four octets of "10.0.0.1" or the sixteen of an IPv6 address; empty for anything else.
[[nodiscard]] Bytes read_ip_address(std::string_view text);

}  // namespace antin::ca
