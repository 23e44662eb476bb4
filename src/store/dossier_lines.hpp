#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "store/dossiers.hpp"

namespace antin::store {

/// One row of a dossier: one certificate.
struct DossierLine {
    std::int64_t id = 0;
    std::int64_t dossier_id = 0;
    std::int64_t number = 0;  // STT, from 1
    domain::LineState state = domain::LineState::Requested;
    FieldValues values;  // as read: dates ISO, identifiers in one notation; else as typed
    FieldValues typed;   // as typed, only where that differs from `values`
    domain::Carrier carrier = domain::Carrier::PkiToken;
    std::string name;         // what the row is called
    std::string subject_key;  // finds doubles
    std::string email;
    std::optional<domain::Proposal> proposal;
    std::string proposal_reason;
    std::optional<std::int64_t> proposed_by;
    std::optional<Instant> proposed_at;
    std::optional<Instant> sent_for_approval_at;
    std::string decision;  // "" | "approved" | "refused"
    std::string decision_reason;
    std::optional<std::int64_t> decided_by;
    std::optional<Instant> decided_at;
    std::optional<std::int64_t> device_id;
    std::optional<std::string> certificate_serial;
    std::optional<std::int64_t> work_by;
    std::optional<Instant> work_at;
    std::string problem;                   // text key of what the row waits for
    std::string client_key;                // of the sheet: a new row sent twice is one row
    std::optional<std::int64_t> saved_by;  // who typed it last, and when
    std::optional<Instant> saved_at;
    std::optional<std::string> target_serial;  // the certificate that a row of Mẫu 04–06 concerns
    std::optional<domain::SubscriberKind> subscriber_kind;  // where rows may mix kinds
    std::int64_t version = 1;

    /// The row's own value, or else the value shared by all rows of its dossier.
    [[nodiscard]] std::string value(std::string_view key, const Dossier& dossier) const;
    [[nodiscard]] domain::SubscriberKind kind(const Dossier& dossier) const;
    /// A tick of the form ("renew", "amend") is set.
    [[nodiscard]] bool ticked(std::string_view key) const;
};

[[nodiscard]] std::int64_t add_line(sql::Transaction& tx, const DossierLine& line);
/// In order of their number; `from` counts rows from 0.
[[nodiscard]] std::vector<DossierLine> dossier_lines(sql::Reader& reader, std::int64_t dossier_id,
                                                     int limit = 1000, int from = 0);
[[nodiscard]] std::optional<DossierLine> find_line(sql::Reader& reader, std::int64_t dossier_id,
                                                   std::int64_t number);
[[nodiscard]] std::optional<DossierLine> find_line_by_client_key(sql::Reader& reader,
                                                                 std::int64_t dossier_id,
                                                                 std::string_view key);
/// Numbers the rows of a draft 1, 2, 3 … in the order they have; returns how many there are.
std::int64_t renumber_lines(sql::Transaction& tx, std::int64_t dossier_id);
/// Moves rows of one draft to another (behind its last row), keeping their order.
void move_lines(sql::Transaction& tx, const std::vector<std::int64_t>& ids,
                std::int64_t to_dossier_id);
[[nodiscard]] std::optional<DossierLine> find_line_by_id(sql::Reader& reader, std::int64_t id);
/// As save_dossier: false when the stored version is another one.
[[nodiscard]] bool save_line(sql::Transaction& tx, DossierLine& line);
/// Removes a row of a draft and closes the gap in the numbers.
void remove_line(sql::Transaction& tx, const DossierLine& line);

struct LineCount {
    domain::LineState state;
    std::int64_t count;
};
[[nodiscard]] std::vector<LineCount> count_lines(sql::Reader& reader, std::int64_t dossier_id);

/// A row of another dossier that concerns the same subscriber.
struct OtherLine {
    std::int64_t dossier_id = 0;
    std::string dossier_code;  // "" before acceptance
    domain::DossierState dossier_state = domain::DossierState::Draft;
    std::int64_t number = 0;
    domain::LineState state = domain::LineState::Requested;
    std::string subject_key;
    std::string certificate_serial;
};
/// Rows with this subject that were sent and not refused, in other dossiers than `except`.
[[nodiscard]] std::vector<OtherLine> lines_of_subject(sql::Reader& reader,
                                                      std::string_view subject_key,
                                                      std::int64_t except_dossier);

/// Rows that were sent, concern this certificate and have not come to their end, oldest first.
[[nodiscard]] std::vector<DossierLine> open_requests_on(sql::Reader& reader,
                                                        std::string_view serial);

/// The newest row per subscriber of this agency, for "Lấy người đã có".
[[nodiscard]] std::vector<DossierLine> known_subscribers(sql::Reader& reader,
                                                         std::int64_t agency_id,
                                                         domain::SubscriberKind kind, int limit);

[[nodiscard]] DossierLine line_from(const sql::Row& row);
/// For statements of other files of this module that select whole rows ("FROM dossier_line l").
#define ANTIN_LINE_COLUMNS                                                                       \
    "l.id AS id, l.dossier_id AS dossier_id, l.number AS number, l.state AS state, "             \
    "l.field_values AS field_values, l.carrier AS carrier, l.name AS name, "                     \
    "l.subject_key AS subject_key, l.email AS email, l.proposal AS proposal, "                   \
    "l.proposal_reason AS proposal_reason, l.proposed_by AS proposed_by, "                       \
    "l.proposed_at AS proposed_at, l.sent_for_approval_at AS sent_for_approval_at, "             \
    "l.decision AS decision, l.decision_reason AS decision_reason, l.decided_by AS decided_by, " \
    "l.decided_at AS decided_at, l.device_id AS device_id, "                                     \
    "l.certificate_serial AS certificate_serial, l.work_by AS work_by, l.work_at AS work_at, "   \
    "l.problem AS problem, l.client_key AS client_key, l.saved_by AS saved_by, "                 \
    "l.saved_at AS saved_at, l.target_serial AS target_serial, "                                 \
    "l.subscriber_kind AS subscriber_kind, l.version AS version"

}  // namespace antin::store
