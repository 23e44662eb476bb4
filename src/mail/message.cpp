#include "mail/message.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/random.hpp"

namespace antin::mail {
namespace {

constexpr std::size_t base64_line = 76;
constexpr std::size_t encoded_word_bytes = 42;  // 56 letters of base64, with "=?UTF-8?B?" below 76

bool is_plain(std::string_view text) {
    return std::ranges::all_of(text, [](unsigned char c) { return c >= 0x20 && c < 0x7f; });
}

std::string base64_lines(BytesView bytes) {
    const std::string all = to_base64(bytes);
    std::string out;
    for (std::size_t i = 0; i < all.size(); i += base64_line) {
        out += all.substr(i, base64_line) + "\r\n";
    }
    return out;
}

/// The length of a piece of at most `limit` bytes that ends between two letters.
std::size_t piece_length(std::string_view text, std::size_t limit) {
    if (text.size() <= limit) return text.size();
    auto end = limit;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
    return end == 0 ? limit : end;
}

/// RFC 2231: filename*=UTF-8''percent-encoded.
std::string encode_parameter(std::string_view text) {
    std::string out;
    for (const unsigned char c : text) {
        const bool keep = std::isalnum(c) != 0 || c == '.' || c == '-' || c == '_';
        out += keep ? std::string(1, static_cast<char>(c)) : fmt::format("%{:02X}", c);
    }
    return out;
}

std::string rfc5322_date(Instant at) {
    constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto date = local_date(at);
    const auto local = at + vietnam_offset;
    const std::chrono::hh_mm_ss time{std::chrono::floor<std::chrono::seconds>(
        local - std::chrono::floor<std::chrono::days>(local))};
    const std::chrono::weekday weekday{std::chrono::sys_days{date}};
    return fmt::format("{}, {} {} {} {:02}:{:02}:{:02} +0700", days[weekday.c_encoding()],
                       static_cast<unsigned>(date.day()),
                       months[static_cast<unsigned>(date.month()) - 1],
                       static_cast<int>(date.year()), time.hours().count(), time.minutes().count(),
                       time.seconds().count());
}

std::string text_part(const Message& message) {
    std::string text;
    for (const char c : message.text) {  // CRLF, whatever came in
        if (c == '\r') continue;
        if (c == '\n') text += '\r';
        text += c;
    }
    return "Content-Type: text/plain; charset=UTF-8\r\n"
           "Content-Transfer-Encoding: base64\r\n\r\n" +
           base64_lines(as_bytes(text));
}

std::string attachment_part(const Attachment& attachment) {
    const std::string type =
        is_plain(attachment.media_type) ? attachment.media_type : "application/octet-stream";
    return "Content-Type: " + type + "\r\n" + "Content-Disposition: attachment; filename*=UTF-8''" +
           encode_parameter(attachment.name) + "\r\n" +
           "Content-Transfer-Encoding: base64\r\n\r\n" + base64_lines(attachment.content);
}

}  // namespace

bool is_plain_address(std::string_view address) {
    const auto at = address.find('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size()) return false;
    if (address.size() > 254 || address.find('@', at + 1) != std::string_view::npos) return false;
    return std::ranges::all_of(address, [](unsigned char c) {
        return c > 0x20 && c < 0x7f &&
               std::string_view{"<>(),;:\\\"[]"}.find(static_cast<char>(c)) ==
                   std::string_view::npos;
    });
}

std::string encode_header(std::string_view text) {
    std::string line{text};
    std::ranges::replace_if(
        line, [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
    if (is_plain(line) && line.size() < 60 && line.find("=?") == std::string::npos) return line;
    std::string out;
    std::string_view rest = line;
    while (!rest.empty()) {
        const auto length = piece_length(rest, encoded_word_bytes);
        if (!out.empty()) out += "\r\n ";
        out += "=?UTF-8?B?" + to_base64(as_bytes(rest.substr(0, length))) + "?=";
        rest.remove_prefix(length);
    }
    return out;
}

Result<std::string> to_mime(const Message& message) {
    for (const std::string& address : {message.sender, message.recipient}) {
        if (!is_plain_address(address)) return fail(ErrorKind::Invalid, "mail.address");
    }
    std::string out = "Date: " + rfc5322_date(message.at) + "\r\n";
    out += "From: " +
           (message.sender_name.empty()
                ? message.sender
                : encode_header(message.sender_name) + "\r\n <" + message.sender + ">") +
           "\r\n";
    out += "To: " + message.recipient + "\r\n";
    out += "Subject: " + encode_header(message.subject) + "\r\n";
    out += "Message-ID: " + encode_header(message.message_id) + "\r\n";
    out += "Auto-Submitted: auto-generated\r\n";  // RFC 3834: no answers from robots
    out += "MIME-Version: 1.0\r\n";
    if (message.attachments.empty()) return out + text_part(message);
    const std::string boundary = "antin-" + random_token(18);
    out += "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n";
    out += "--" + boundary + "\r\n" + text_part(message);
    for (const Attachment& attachment : message.attachments) {
        out += "--" + boundary + "\r\n" + attachment_part(attachment);
    }
    return out + "--" + boundary + "--\r\n";
}

}  // namespace antin::mail
