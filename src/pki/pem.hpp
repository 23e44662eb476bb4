#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace antin::pki {

/// RFC 7468, 64 letters a line. `label`: "CERTIFICATE", "CERTIFICATE REQUEST", "X509 CRL".
[[nodiscard]] std::string to_pem(std::string_view label, BytesView der);
/// Every block with one of these labels; text between blocks is ignored. Bytes that begin like DER
/// come back as one block. Errors: Invalid "pem.none", "pem.malformed".
[[nodiscard]] Result<std::vector<Bytes>> read_pem_or_der(
    std::string_view content, std::initializer_list<std::string_view> labels);

}  // namespace antin::pki
