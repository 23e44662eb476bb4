#pragma once
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pki/signer.hpp"

namespace antin::hsm {

/// A certification request (PKCS#10, RFC 2986), DER, signed by the key itself: the proof that
/// whoever asks holds the private key. The name in it only says which row it is for; the authority
/// takes the subject from the approved order, never from here.
[[nodiscard]] Result<Bytes> make_certification_request(pki::Signer& signer,
                                                       std::string_view common_name);

/// A certificate that the key signs for itself, for trying a device (write, read back) before it
/// has a real one. Nobody trusts it; valid one day of 1970.
[[nodiscard]] Result<Bytes> make_self_signed_placeholder(pki::Signer& signer,
                                                         std::string_view common_name);

}  // namespace antin::hsm
