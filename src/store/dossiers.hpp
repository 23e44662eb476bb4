#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "domain/vocabulary.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// Values of a form by field key ("full_name", "personal_id", …), plain text.
using FieldValues = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] std::string to_json(const FieldValues& values);
[[nodiscard]] FieldValues field_values_from_json(std::string_view json);

/// One dossier, as stored. Times are moments; working minutes where it says minutes.
struct Dossier {
    std::int64_t id = 0;
    std::optional<std::string> code;         // given at acceptance
    std::optional<std::string> check_value;  // with the code it opens the public page
    domain::Procedure procedure = domain::Procedure::Issuance;
    domain::SubscriberKind subscriber_kind = domain::SubscriberKind::Individual;
    domain::Carrier carrier = domain::Carrier::PkiToken;  // default of its rows
    domain::DossierState state = domain::DossierState::Draft;
    domain::Channel channel = domain::Channel::Online;
    std::int64_t agency_id = 0;    // the managing agency that files
    std::int64_t receiver_id = 0;  // the body that answers
    FieldValues recipient;         // section 1 of the form
    FieldValues shared_values;     // equal for all rows unless a row says otherwise
    std::string note;
    std::int64_t line_count = 0;
    std::string rules_date;  // ISO day: the rules in force on it judge this dossier
    std::int64_t created_by = 0;
    Instant created_at, saved_at;
    std::optional<Instant> ready_for_head_at;  // the clerk handed it to the head
    std::optional<std::int64_t> submitted_by;
    std::optional<Instant> submitted_at;
    std::optional<std::int64_t> accepted_by;
    std::optional<Instant> accepted_at;
    std::optional<Instant> due_at;  // nothing while the clock is stopped
    std::optional<std::string> calendar_version;
    bool due_provisional = false;
    std::optional<std::int64_t> remaining_minutes;  // kept while the clock is stopped
    std::optional<Instant> clock_stopped_at;
    std::optional<std::int64_t> assessor_id;
    std::optional<Instant> assigned_at;
    std::int64_t supplement_count = 0;
    std::optional<Instant> decided_at, returned_at;
    std::string end_reason;
    bool is_demo = false;
    std::string search_text;  // folded: code, agency, names
    std::optional<std::string> submit_key;
    std::int64_t version = 1;
};

/// Adds a draft (or a recorded paper dossier); returns its id. `id` and `version` are ignored.
[[nodiscard]] std::int64_t add_dossier(sql::Transaction& tx, const Dossier& dossier);
[[nodiscard]] std::optional<Dossier> find_dossier(sql::Reader& reader, std::int64_t id);
[[nodiscard]] std::optional<Dossier> find_dossier_by_code(sql::Reader& reader,
                                                          std::string_view code);
[[nodiscard]] std::optional<Dossier> find_dossier_by_submit_key(sql::Reader& reader,
                                                                std::string_view key);
/// Writes every field where the stored version is still `dossier.version`, and raises it by one.
/// False: somebody else was faster, nothing is written.
[[nodiscard]] bool save_dossier(sql::Transaction& tx, Dossier& dossier);
/// Notes that rows of a draft were saved; the version stays, because rows have their own.
void touch_draft(sql::Transaction& tx, std::int64_t id, Instant at, std::int64_t line_count,
                 std::string_view search_text);
/// Renewal or amendment, as the boxes of a draft of Mẫu 04 say; the version stays.
void set_procedure(sql::Transaction& tx, std::int64_t id, domain::Procedure procedure);
/// Removes a draft with its rows, attachments and history; nothing else is ever removed.
void remove_draft(sql::Transaction& tx, std::int64_t id);

/// The agency's dossiers in any of `states` (all when empty), newest saved first.
[[nodiscard]] std::vector<Dossier> agency_dossiers(sql::Reader& reader, std::int64_t agency_id,
                                                   const std::vector<domain::DossierState>& states,
                                                   int limit, int offset = 0);
[[nodiscard]] std::int64_t count_agency_dossiers(sql::Reader& reader, std::int64_t agency_id,
                                                 const std::vector<domain::DossierState>& states);
/// The same by words found in the folded search text.
[[nodiscard]] std::vector<Dossier> search_agency_dossiers(sql::Reader& reader,
                                                          std::int64_t agency_id,
                                                          std::string_view words, int limit,
                                                          int offset = 0);

/// A dossier out of a row that has all columns of `dossier_columns`.
[[nodiscard]] Dossier dossier_from(const sql::Row& row);
/// For statements of other files of this module that select whole dossiers ("FROM dossier d").
#define ANTIN_DOSSIER_COLUMNS                                                                      \
    "d.id AS id, d.code AS code, d.check_value AS check_value, d.procedure AS procedure, "         \
    "d.subscriber_kind AS subscriber_kind, d.carrier AS carrier, d.state AS state, "               \
    "d.channel AS channel, d.agency_id AS agency_id, d.receiver_id AS receiver_id, "               \
    "d.recipient AS recipient, d.shared_values AS shared_values, d.note AS note, "                 \
    "d.line_count AS line_count, d.rules_date AS rules_date, d.created_by AS created_by, "         \
    "d.created_at AS created_at, d.saved_at AS saved_at, "                                         \
    "d.ready_for_head_at AS ready_for_head_at, d.submitted_by AS submitted_by, "                   \
    "d.submitted_at AS submitted_at, d.accepted_by AS accepted_by, d.accepted_at AS accepted_at, " \
    "d.due_at AS due_at, d.calendar_version AS calendar_version, "                                 \
    "d.due_provisional AS due_provisional, d.remaining_minutes AS remaining_minutes, "             \
    "d.clock_stopped_at AS clock_stopped_at, d.assessor_id AS assessor_id, "                       \
    "d.assigned_at AS assigned_at, d.supplement_count AS supplement_count, "                       \
    "d.decided_at AS decided_at, d.returned_at AS returned_at, d.end_reason AS end_reason, "       \
    "d.is_demo AS is_demo, d.search_text AS search_text, d.submit_key AS submit_key, "             \
    "d.version AS version"

}  // namespace antin::store
