#include "app/deliver_mail.hpp"

#include "store/notices.hpp"

namespace antin::app {
namespace {

Status record(Services& services, const store::Mail& mail, const std::string& state,
              const std::string& answer) {
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        store::record_mail_try(tx, mail.id, state, answer, services.clock.now());
        return {};
    });
}

}  // namespace

Status deliver_mail(Services& services, std::int64_t mail_id, const MailTransport& transport) {
    ANTIN_TRY(found, services.db.read([&](sql::Reader& db) -> Result<std::optional<store::Mail>> {
        return store::find_mail(db, mail_id);
    }));
    if (!found) return fail(ErrorKind::NotFound, "mail.not_found");
    const store::Mail& kept = *found;
    if (kept.state == "sent") return {};
    mail::Message message;
    message.message_id = kept.message_id;
    message.sender = services.configuration.mail_sender;
    message.sender_name = "Ấn Tín";
    message.recipient = kept.recipient;
    message.subject = kept.subject;
    message.text = kept.body;
    message.at = kept.created_at;
    const auto answer = transport(message);
    if (answer) return record(services, kept, "sent", *answer);
    const bool for_good =
        answer.error().kind == ErrorKind::Refused || answer.error().kind == ErrorKind::Invalid;
    ANTIN_CHECK(record(services, kept, for_good ? "failed" : "waiting", answer.error().detail));
    return fail(answer.error());
}

}  // namespace antin::app
