#include "jobs/mail_jobs.hpp"

#include <nlohmann/json.hpp>

#include "store/notices.hpp"
#include "store/sessions.hpp"
#include "store/settings.hpp"
#include "store/throttle.hpp"

namespace antin::jobs {

void deliver_mails(Runner& runner, app::Services& services, app::MailTransport transport,
                   Retry retry) {
    runner.on(
        "mail",
        [&services, transport = std::move(transport)](const std::string& payload) -> Status {
            const auto json = nlohmann::json::parse(payload);
            return app::deliver_mail(services, json.at("mail_id").get<std::int64_t>(), transport);
        },
        retry,
        // The delivery log must not go on saying that the mail waits.
        [](sql::Transaction& tx, const std::string& payload) {
            const auto json = nlohmann::json::parse(payload, nullptr, false);
            if (json.is_object() && json.contains("mail_id")) {
                store::mail_given_up(tx, json["mail_id"].get<std::int64_t>());
            }
        });
}

void clean_up_regularly(Runner& runner, app::Services& services) {
    runner.every("clean_up", std::chrono::hours{1}, [&services]() -> Status {
        return services.db.transact([&](sql::Transaction& tx) -> Status {
            const auto now = services.clock.now();
            const auto idle =
                std::chrono::minutes{store::setting_integer(tx, "session_idle_minutes")};
            store::delete_ended_sessions(tx, now, now - idle);
            store::delete_old_throttles(tx, now - std::chrono::hours{24});
            return {};
        });
    });
}

}  // namespace antin::jobs
