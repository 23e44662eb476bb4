#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "store/dossiers.hpp"

namespace antin::store {

/// Which part of an officer's work.
enum class QueueView {
    Fresh,       // filed, waits for intake
    Unassigned,  // accepted, or its examiner is no longer here
    Mine,        // assigned to this officer and not ended
    MineToDo,    // of those: a row waits for this officer's proposal, or the agency's withdrawal
    Withdrawn,   // the agency asks to withdraw and nobody has answered
    Running,     // accepted and not ended, whoever works on it
    Waiting,     // the agency owes an answer
    ToDecide,    // rows wait for an approver who did not propose them
    Late,        // past the due time and not ended
    Ended,       // refused, stopped, decided, returned
    All,
};

/// Open work is as much as an office can hold; these two views grow for ever: newest first, and
/// counted only when asked for.
[[nodiscard]] constexpr bool is_long(QueueView view) {
    return view == QueueView::Ended || view == QueueView::All;
}

struct QueueFilter {
    std::vector<std::int64_t> receivers;  // bodies whose work it is; empty: nothing
    QueueView view = QueueView::All;
    std::int64_t officer_id = 0;
    Instant now;
    std::string words;  // beginnings of words, without diacritics, of code, agency, names of rows
    std::optional<domain::SubscriberKind> kind;
    bool newest_first = false;
    bool with_demo = true;
    int limit = 25, offset = 0;
};

struct QueueRow {
    Dossier dossier;
    std::string agency_name;
    std::string assessor_name;
    std::int64_t lines_proposed = 0;
};

/// Soonest due first; what has no due time yet by the moment it was filed. What has ended newest
/// first.
[[nodiscard]] std::vector<QueueRow> work_queue(sql::Reader& reader, const QueueFilter& filter);
/// At most counted_max + 1 (listing.hpp).
[[nodiscard]] std::int64_t count_work_queue(sql::Reader& reader, const QueueFilter& filter);
/// Only the ids, in the same order.
[[nodiscard]] std::vector<std::int64_t> work_queue_ids(sql::Reader& reader,
                                                       const QueueFilter& filter);

}  // namespace antin::store
