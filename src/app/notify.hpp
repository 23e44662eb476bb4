#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/services.hpp"
#include "sql/sql.hpp"

namespace antin::app {

/// What to tell people about one step. The sentences are data/texts "notice.<kind>.subject" and
/// "notice.<kind>.body" with {{placeholders}} filled from `args`, in each reader's own language.
struct Message {
    std::string kind;
    std::vector<std::pair<std::string, std::string>> args;
    std::string link;  // path in the portal, "/ho-so/…"; put under the mail as a whole address
    std::optional<std::int64_t> dossier_id;
};

/// One person: a notice in the portal and a mail, written in the caller's transaction.
void notify_person(sql::Transaction& tx, const Services& services, std::int64_t account_id,
                   const Message& message);
/// Everybody who acts for the agency: its clerks and heads.
void notify_agency(sql::Transaction& tx, const Services& services, std::int64_t agency_id,
                   const Message& message);

/// A mail to an address that may have no account yet (invitation, code). `secret` keeps the body
/// out of the delivery log. Returns the mail's id.
std::int64_t send_mail(sql::Transaction& tx, const Services& services, std::string_view recipient,
                       std::string subject, std::string body, bool secret);

}  // namespace antin::app
