#pragma once
#include <cstdint>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"

namespace antin::app {

/// Step 1 is done: the device is blank and has its PIN.
[[nodiscard]] Status record_prepared(Services& services, const Actor& actor, std::int64_t line_id);

/// Step 2 is done: the certification request (PKCS#10, DER) is signed by the new key, so whoever
/// sent it holds the key. The same request again changes nothing.
/// Errors: Invalid "csr.…"; Refused "bench.already_issued" for another key.
[[nodiscard]] Status record_key(Services& services, const Actor& actor, std::int64_t line_id,
                                BytesView certificate_request);

/// Step 4: the device holds the certificate; `read_back` is what it gave back.
/// Errors: Refused "bench.read_back_differs".
[[nodiscard]] Status record_written(Services& services, const Actor& actor, std::int64_t line_id,
                                    BytesView read_back);

/// Step 5: read back once more, and the key signed the challenge. The device is ready; with the
/// last row the dossier is decided. Errors: Refused "bench.read_back_differs",
/// "bench.signature_wrong".
[[nodiscard]] Status record_checked(Services& services, const Actor& actor, std::int64_t line_id,
                                    BytesView read_back, BytesView signature);

}  // namespace antin::app
