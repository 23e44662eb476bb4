#pragma once
#include <string>

#include "base/result.hpp"
#include "mail/message.hpp"

namespace antin::mail {

/// Where mails go. `url`:
///   smtps://host:465        TLS from the first byte
///   smtp://host:587         STARTTLS, required; on a loopback address used where it is offered
///   smtp+plain://host:25    never TLS, for a relay on a network of one's own
/// Certificates are checked against the system's list, or `ca_file`.
struct Server {
    std::string url;
    std::string user, password;  // "" for none
    std::string ca_file;
    int connect_ms_max = 10'000;
    int total_ms_max = 60'000;
};

/// Hands one mail to the server and returns the server's last words. Blocks; call it outside of
/// every transaction.
/// Errors: Refused "mail.refused" when the server will never take this mail (5xx for recipient or
/// content); Unavailable "mail.unreachable", "mail.login", "mail.tls", "mail.later" (4xx): try
/// again; Invalid "mail.address", "mail.server".
[[nodiscard]] Result<std::string> send(const Server& server, const Message& message);

/// For `antin check`: connects, says EHLO, logs in, and goes.
[[nodiscard]] Status try_server(const Server& server);

}  // namespace antin::mail
