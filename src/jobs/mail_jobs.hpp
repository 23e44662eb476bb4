#pragma once
#include "app/deliver_mail.hpp"
#include "jobs/runner.hpp"

namespace antin::jobs {

/// Mails of the outbox go out by `transport`. Without a mail server this is simply not called:
/// mails wait in the outbox and are read in the portal.
void deliver_mails(Runner& runner, app::Services& services, app::MailTransport transport,
                   Retry retry = {});

/// Ended sessions, old uploads and old counts of tries go, every hour.
void clean_up_regularly(Runner& runner, app::Services& services);

}  // namespace antin::jobs
