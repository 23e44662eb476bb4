#include "store/notices.hpp"

#include "store/listing.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement insert_notice_statement{
    "notice.insert",
    "INSERT INTO notice (account_id, agency_id, dossier_id, kind, subject, body, link, created_at)"
    " VALUES ($1,$2,$3,$4,$5,$6,$7,$8) RETURNING id"};
constexpr sql::Statement notices_statement{
    "notice.of_account",
    "SELECT id, account_id, agency_id, dossier_id, kind, subject, body, link, created_at, read_at"
    " FROM notice WHERE account_id = $1 ORDER BY id DESC LIMIT $2 OFFSET $3"};
const std::string count_text = bounded_count("FROM notice WHERE account_id = $1");
const std::string unread_text =
    bounded_count("FROM notice WHERE account_id = $1 AND read_at IS NULL");
constexpr sql::Statement read_statement{
    "notice.read", "UPDATE notice SET read_at = $1 WHERE account_id = $2 AND read_at IS NULL"};

constexpr sql::Statement insert_mail_statement{
    "mail.insert",
    "INSERT INTO mail (notice_id, message_id, recipient, subject, body, is_secret, state,"
    " created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8) RETURNING id"};
/// With what became of its delivery: the outbox item of a mail is named after it.
#define ANTIN_MAIL                                                                               \
    "SELECT m.id AS id, m.notice_id AS notice_id, m.message_id AS message_id,"                   \
    " m.recipient AS recipient, m.subject AS subject, m.body AS body, m.is_secret AS is_secret," \
    " m.state AS state, m.created_at AS created_at, m.sent_at AS sent_at,"                       \
    " m.attempts AS attempts, m.last_answer AS last_answer, o.given_up_at AS given_up_at,"       \
    " COALESCE(o.last_error, '') AS given_up_why FROM mail m"                                    \
    " LEFT JOIN outbox o ON o.unique_key = 'mail/' || m.id AND o.given_up_at IS NOT NULL"        \
    " AND o.done_at IS NULL"
constexpr sql::Statement find_mail_statement{"mail.find", ANTIN_MAIL " WHERE m.id = $1"};
constexpr sql::Statement list_mails_statement{"mail.list",
                                              ANTIN_MAIL " ORDER BY m.id DESC LIMIT $1 OFFSET $2"};
constexpr sql::Statement list_mails_in_statement{
    "mail.list_in", ANTIN_MAIL " WHERE m.state = $3 ORDER BY m.id DESC LIMIT $1 OFFSET $2"};
const std::string count_mails_text = bounded_count("FROM mail");
const std::string count_mails_in_text = bounded_count("FROM mail WHERE state = $1");
constexpr sql::Statement mail_try_statement{
    "mail.try",
    "UPDATE mail SET state = $1, last_answer = $2, attempts = attempts + 1,"
    " sent_at = CASE WHEN $1 = 'sent' THEN $3 ELSE sent_at END WHERE id = $4",
    "UPDATE mail SET state = $1, last_answer = $2, attempts = attempts + 1,"
    " sent_at = CASE WHEN $1 = 'sent' THEN $3::bigint ELSE sent_at END WHERE id = $4"};

constexpr sql::Statement mail_given_up_statement{
    "mail.given_up", "UPDATE mail SET state = 'failed' WHERE id = $1 AND state = 'waiting'"};
constexpr sql::Statement wait_again_statement{"mail.wait_again",
                                              "UPDATE mail SET state = 'waiting' WHERE id = $1"};

Mail read_mail(const sql::Row& row) {
    Mail out;
    out.id = row.integer("id");
    out.notice_id = row.maybe_integer("notice_id");
    out.message_id = row.text("message_id");
    out.recipient = row.text("recipient");
    out.subject = row.text("subject");
    out.body = row.text("body");
    out.is_secret = row.boolean("is_secret");
    out.state = row.text("state");
    out.created_at = row.instant("created_at");
    out.sent_at = row.maybe_instant("sent_at");
    out.attempts = row.integer("attempts");
    out.last_answer = row.text("last_answer");
    out.given_up_at = row.maybe_instant("given_up_at");
    out.given_up_why = row.text("given_up_why");
    return out;
}

}  // namespace

std::int64_t insert_notice(sql::Transaction& tx, const Notice& n) {
    return tx.insert(insert_notice_statement, n.account_id, n.agency_id, n.dossier_id, n.kind,
                     n.subject, n.body, n.link, n.created_at);
}

std::vector<Notice> notices_of(sql::Reader& db, std::int64_t account_id, std::int64_t limit,
                               std::int64_t offset) {
    std::vector<Notice> out;
    for (const auto row : db.query(notices_statement, account_id, limit, offset)) {
        out.push_back({row.integer("id"), row.maybe_integer("account_id"),
                       row.maybe_integer("agency_id"), row.maybe_integer("dossier_id"),
                       row.text("kind"), row.text("subject"), row.text("body"), row.text("link"),
                       row.instant("created_at"), row.maybe_instant("read_at")});
    }
    return out;
}

std::int64_t count_notices(sql::Reader& db, std::int64_t account_id) {
    return db.query(sql::Statement{"notice.count", count_text.c_str()}, account_id)[0].integer("n");
}

std::int64_t count_unread_notices(sql::Reader& db, std::int64_t account_id) {
    return db.query(sql::Statement{"notice.unread", unread_text.c_str()}, account_id)[0].integer(
        "n");
}

void mark_notices_read(sql::Transaction& tx, std::int64_t account_id, Instant at) {
    tx.execute(read_statement, at, account_id);
}

std::int64_t insert_mail(sql::Transaction& tx, const Mail& m) {
    return tx.insert(insert_mail_statement, m.notice_id, m.message_id, m.recipient, m.subject,
                     m.body, m.is_secret, m.state, m.created_at);
}

std::optional<Mail> find_mail(sql::Reader& db, std::int64_t id) {
    const auto rows = db.query(find_mail_statement, id);
    if (rows.empty()) return std::nullopt;
    return read_mail(rows[0]);
}

std::vector<Mail> list_mails(sql::Reader& db, const std::string& state, std::int64_t limit,
                             std::int64_t offset) {
    const auto rows = state.empty() ? db.query(list_mails_statement, limit, offset)
                                    : db.query(list_mails_in_statement, limit, offset, state);
    std::vector<Mail> out;
    for (const auto row : rows) out.push_back(read_mail(row));
    return out;
}

std::int64_t count_mails(sql::Reader& db, const std::string& state) {
    const auto rows =
        state.empty()
            ? db.query(sql::Statement{"mail.count", count_mails_text.c_str()})
            : db.query(sql::Statement{"mail.count_in", count_mails_in_text.c_str()}, state);
    return rows[0].integer("n");
}

void record_mail_try(sql::Transaction& tx, std::int64_t id, const std::string& state,
                     const std::string& answer, Instant at) {
    tx.execute(mail_try_statement, state, answer, at, id);
}

void mail_given_up(sql::Transaction& tx, std::int64_t id) {
    tx.execute(mail_given_up_statement, id);
}

void mail_waits_again(sql::Transaction& tx, std::int64_t id) {
    tx.execute(wait_again_statement, id);
}

}  // namespace antin::store
