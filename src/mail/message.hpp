#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace antin::mail {

struct Attachment {
    std::string name;  // as the reader sees it
    std::string media_type = "application/octet-stream";
    Bytes content;
};

/// One mail in plain text. `message_id` ("<…@…>") stays the same at every try, so that a second
/// copy can be known as one.
struct Message {
    std::string message_id;
    std::string sender;       // address
    std::string sender_name;  // "Ấn Tín"
    std::string recipient;    // address
    std::string subject;
    std::string text;
    Instant at;
    std::vector<Attachment> attachments;
};

/// RFC 5322 with MIME (RFC 2045, 2047, 2231): 7-bit lines of at most 76 letters, CRLF.
/// Errors: Invalid "mail.address" when an address holds anything but one plain address.
[[nodiscard]] Result<std::string> to_mime(const Message& message);

/// One address and nothing else: no names, no spaces, no line ends.
[[nodiscard]] bool is_plain_address(std::string_view address);
/// RFC 2047 encoded words when the text is not plain ASCII; line ends become spaces.
[[nodiscard]] std::string encode_header(std::string_view text);

}  // namespace antin::mail
