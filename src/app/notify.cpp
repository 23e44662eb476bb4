#include "app/notify.hpp"

#include <fmt/format.h>

#include <set>

#include "base/random.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossiers.hpp"
#include "store/notices.hpp"
#include "store/outbox.hpp"

namespace antin::app {
namespace {

html::Language language_of(const store::Account& account) {
    return account.language == "en" ? html::Language::English : html::Language::Vietnamese;
}

/// The right side of a Message-ID: the host of the portal's own address.
std::string host_of(std::string_view url) {
    const auto begin = url.find("://");
    if (begin != std::string_view::npos) url.remove_prefix(begin + 3);
    return std::string{url.substr(0, url.find_first_of(":/"))};
}

/// A dossier has no code before its acceptance: until then its agency and the day name it.
std::string code_or_description(sql::Reader& db, html::Language language, std::int64_t dossier_id) {
    const auto dossier = store::find_dossier(db, dossier_id);
    if (!dossier) return {};
    const auto agency = store::find_agency(db, dossier->agency_id);
    const Instant at = dossier->submitted_at.value_or(dossier->created_at);
    return html::text(
        language, "notice.dossier_without_code",
        {{"agency", agency ? agency->name : ""}, {"date", to_vietnamese(local_date(at))}});
}

std::int64_t queue_mail(sql::Transaction& tx, const Services& services, store::Mail mail) {
    const auto now = services.clock.now();
    mail.message_id =
        fmt::format("<{}@{}>", random_token(18), host_of(services.configuration.public_url));
    mail.state = "waiting";
    mail.created_at = now;
    const auto id = store::insert_mail(tx, mail);
    store::put_outbox(tx, "mail", fmt::format(R"({{"mail_id":{}}})", id),
                      fmt::format("mail/{}", id), now);
    return id;
}

void notify(sql::Transaction& tx, const Services& services, const store::Account& reader,
            std::optional<std::int64_t> agency_id, const Message& message) {
    const auto language = language_of(reader);
    auto args = message.args;
    for (auto& [name, value] : args) {
        if (name == "code" && value.empty() && message.dossier_id) {
            value = code_or_description(tx, language, *message.dossier_id);
        }
    }
    store::Notice notice;
    notice.account_id = reader.id;
    notice.agency_id = agency_id;
    notice.dossier_id = message.dossier_id;
    notice.kind = message.kind;
    notice.subject = html::text(language, "notice." + message.kind + ".subject", args);
    notice.body = html::text(language, "notice." + message.kind + ".body", args);
    notice.link = message.link;
    notice.created_at = services.clock.now();
    store::Mail mail;
    mail.notice_id = store::insert_notice(tx, notice);
    mail.recipient = reader.email;
    mail.subject = notice.subject;
    mail.body = notice.body;
    if (!message.link.empty()) {
        mail.body += "\n\n" + services.configuration.public_url + message.link;
    }
    queue_mail(tx, services, std::move(mail));
}

}  // namespace

void notify_person(sql::Transaction& tx, const Services& services, std::int64_t account_id,
                   const Message& message) {
    const auto reader = store::find_account(tx, account_id);
    if (reader && reader->state == "active") notify(tx, services, *reader, std::nullopt, message);
}

void notify_agency(sql::Transaction& tx, const Services& services, std::int64_t agency_id,
                   const Message& message) {
    std::set<std::int64_t> told;  // one person may be clerk and head
    for (const auto role : {domain::Role::FocalPoint, domain::Role::Head}) {
        for (const auto& reader : store::people_with_role(tx, role, agency_id)) {
            if (told.insert(reader.id).second) notify(tx, services, reader, agency_id, message);
        }
    }
}

std::int64_t send_mail(sql::Transaction& tx, const Services& services, std::string_view recipient,
                       std::string subject, std::string body, bool secret) {
    store::Mail mail;
    mail.recipient = recipient;
    mail.subject = std::move(subject);
    mail.body = std::move(body);
    mail.is_secret = secret;
    return queue_mail(tx, services, std::move(mail));
}

}  // namespace antin::app
