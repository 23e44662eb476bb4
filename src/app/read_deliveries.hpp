#pragma once
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/notices.hpp"
#include "store/outbox.hpp"

namespace antin::app {

inline constexpr int mails_per_page = 50;
struct DeliveryPage {
    std::vector<store::Mail> mails;  // without bodies
    std::int64_t total = 0;
    store::OutboxCounts outbox;
};
/// The delivery log, newest first, for the system administrator and the auditor. `state`: waiting,
/// sent, failed, or "" for all. Errors: Forbidden "access.role".
[[nodiscard]] Result<DeliveryPage> read_deliveries(Services& services, const Actor& actor,
                                                   const std::string& state, std::int64_t number);

/// One mail. The body of one that holds a code or a link is shown to nobody but its reader; each
/// look at a body stands in the journal. Errors: Forbidden; NotFound "mail.not_found".
[[nodiscard]] Result<store::Mail> read_delivery(Services& services, const Actor& actor,
                                                std::int64_t mail_id);

/// The same mail (same Message-ID) goes out once more. For the system administrator.
/// Errors: Forbidden "access.role"; NotFound "mail.not_found".
[[nodiscard]] Status resend_mail(Services& services, const Actor& actor, std::int64_t mail_id);

}  // namespace antin::app
