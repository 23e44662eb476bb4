#pragma once
#include <functional>

#include "app/services.hpp"
#include "mail/message.hpp"

namespace antin::app {

/// Hands a mail to the world and gives the server's words back; mail::send in the product.
using MailTransport = std::function<Result<std::string>(const mail::Message&)>;

/// Sends the mail of that number, unless it was sent already, and records what the server said.
/// Sent at least once: when the process dies between the server's answer and the record, the same
/// Message-ID goes out again; this is the only place where a second copy can arise.
/// Called by the jobs runner alone. Errors: those of the transport (kept in the delivery log).
[[nodiscard]] Status deliver_mail(Services& services, std::int64_t mail_id,
                                  const MailTransport& transport);

}  // namespace antin::app
