#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

/// A message to a person, in the portal. Subject and body are already in the reader's language.
struct Notice {
    std::int64_t id = 0;
    std::optional<std::int64_t> account_id, agency_id, dossier_id;
    std::string kind, subject, body, link;
    Instant created_at;
    std::optional<Instant> read_at;
};
std::int64_t insert_notice(sql::Transaction& tx, const Notice& notice);
/// Newest first.
[[nodiscard]] std::vector<Notice> notices_of(sql::Reader& db, std::int64_t account_id,
                                             std::int64_t limit, std::int64_t offset);
[[nodiscard]] std::int64_t count_notices(sql::Reader& db, std::int64_t account_id);
[[nodiscard]] std::int64_t count_unread_notices(sql::Reader& db, std::int64_t account_id);
void mark_notices_read(sql::Transaction& tx, std::int64_t account_id, Instant at);

/// A mail as it goes (or waits to go) to the server. `message_id` is the same at every try.
struct Mail {
    std::int64_t id = 0;
    std::optional<std::int64_t> notice_id;
    std::string message_id, recipient, subject, body;
    bool is_secret = false;  // holds a code or link: its body is shown to nobody but its reader
    std::string state;       // waiting | sent | failed
    Instant created_at;
    std::optional<Instant> sent_at;
    std::int64_t attempts = 0;
    std::string last_answer;
    std::optional<Instant> given_up_at;  // no further try comes by itself
    std::string given_up_why;            // code and words of the last error
};
std::int64_t insert_mail(sql::Transaction& tx, const Mail& mail);
[[nodiscard]] std::optional<Mail> find_mail(sql::Reader& db, std::int64_t id);
/// The delivery log, newest first; `state` "" for all.
[[nodiscard]] std::vector<Mail> list_mails(sql::Reader& db, const std::string& state,
                                           std::int64_t limit, std::int64_t offset);
[[nodiscard]] std::int64_t count_mails(sql::Reader& db, const std::string& state);
/// Its tries ran out: it failed, unless it was sent.
void mail_given_up(sql::Transaction& tx, std::int64_t id);
/// Sent or failed, it goes once more.
void mail_waits_again(sql::Transaction& tx, std::int64_t id);
void record_mail_try(sql::Transaction& tx, std::int64_t id, const std::string& state,
                     const std::string& answer, Instant at);

}  // namespace antin::store
