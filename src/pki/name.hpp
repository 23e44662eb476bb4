#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"

namespace antin::pki {

/// One attribute of a distinguished name; each stands in an RDN of its own.
struct NameAttribute {
    std::string oid;
    std::string value;            // UTF-8
    std::uint8_t string_tag = 0;  // as read; 0 to let encode_name choose
    bool operator==(const NameAttribute& other) const {
        return oid == other.oid && value == other.value;
    }
};
using Name = std::vector<NameAttribute>;

/// In the given order; country and serial number as PrintableString, mail as IA5String, all else
/// as UTF8String.
[[nodiscard]] Bytes encode_name(const Name& name);
/// Reads any of the string types of RFC 5280. Errors: Invalid "name.malformed".
[[nodiscard]] Result<Name> read_name(BytesView der);
/// RFC 4514: the most specific first, "CN=…,O=…,C=VN".
[[nodiscard]] std::string to_text(const Name& name);
/// First value of an attribute, "" when absent.
[[nodiscard]] std::string value_of(const Name& name, std::string_view oid);

}  // namespace antin::pki
