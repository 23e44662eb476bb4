#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace antin::ca {

/// An OCSP answer ready to send (RFC 6960 OCSPResponse, DER) and how long it may be kept.
struct StatusAnswer {
    std::shared_ptr<const std::string> body;
    std::string etag;  // quoted; "" when it may not be kept at all
    Instant this_update{}, next_update{};
    int max_age_seconds = 0;  // for Cache-Control; 0: ask again each time
};

/// The one door of the status services to the authority.
class StatusService {
  public:
    virtual ~StatusService() = default;
    /// An answer that is in memory, or nothing. Never waits: for the I/O thread.
    [[nodiscard]] virtual std::optional<StatusAnswer> quick(BytesView request) = 0;
    /// The answer to any request, signed on the spot when it must be. Always well-formed OCSP:
    /// malformedRequest, unauthorized (a foreign issuer), tryLater (ledger or token down).
    [[nodiscard]] virtual StatusAnswer answer(BytesView request) = 0;
    /// The file of a CRL or CA certificate that stands under /crl/ or /aia/; NotFound for any other
    /// name, whatever it contains.
    [[nodiscard]] virtual Result<std::filesystem::path> crl_file(std::string_view name) = 0;
    [[nodiscard]] virtual Result<std::filesystem::path> certificate_file(std::string_view name) = 0;
};

}  // namespace antin::ca
