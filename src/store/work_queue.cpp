#include "store/work_queue.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace antin::store {
namespace {

/// Fixed pieces of text; what a person typed is a parameter always.
class Filter {
  public:
    explicit Filter(const QueueFilter& filter) {
        std::string receivers;
        for (const auto id : filter.receivers) {
            receivers += (receivers.empty() ? "" : ", ") + put(id);
        }
        where_ = receivers.empty() ? " WHERE 1 = 0" : " WHERE d.receiver_id IN (" + receivers + ")";
        add_view(filter);
        if (filter.kind) where_ += " AND d.subscriber_kind = " + put(domain::to_text(*filter.kind));
        if (!filter.with_demo) where_ += " AND d.is_demo = 0";
        for (const std::string& word : words_of(filter.words)) {
            where_ += " AND d.search_text LIKE " + put("%" + word + "%");
        }
    }
    [[nodiscard]] const std::string& where() const { return where_; }
    template <class T>
    std::string put(T value) {
        values.push_back(sql::value_of(value));
        return fmt::format("${}", values.size());
    }
    std::vector<sql::Value> values;

  private:
    static std::vector<std::string> words_of(std::string_view typed) {
        // fold() leaves letters, digits and spaces: nothing that LIKE would read as a pattern.
        std::vector<std::string> words;
        const std::string folded = fold(typed);
        std::size_t start = 0;
        while (start < folded.size() && words.size() < 8) {
            auto end = folded.find(' ', start);
            if (end == std::string::npos) end = folded.size();
            if (end > start) words.push_back(folded.substr(start, end - start));
            start = end + 1;
        }
        return words;
    }

    void add_view(const QueueFilter& filter) {
        constexpr std::string_view open =
            "('accepted', 'in_progress', 'awaiting_supplement', "
            "'withdrawal_requested')";
        switch (filter.view) {
            case QueueView::Fresh:
                where_ += " AND d.state = 'submitted'";
                break;
            case QueueView::Unassigned:
                where_ +=
                    " AND (d.state = 'accepted' OR (d.state IN ('in_progress', "
                    "'awaiting_supplement') AND NOT EXISTS (SELECT 1 FROM role_grant g WHERE "
                    "g.account_id = d.assessor_id AND g.agency_id = d.receiver_id AND "
                    "g.role = 'assessor' AND g.ended_at IS NULL)))";
                break;
            case QueueView::Mine:
                where_ += fmt::format(" AND d.assessor_id = {} AND d.state IN {}",
                                      put(filter.officer_id), open);
                break;
            case QueueView::MineToDo:
                where_ += fmt::format(
                    " AND d.assessor_id = {} AND (d.state = 'withdrawal_requested' OR "
                    "(d.state = 'in_progress' AND EXISTS (SELECT 1 FROM dossier_line l WHERE "
                    "l.dossier_id = d.id AND l.state = 'requested')))",
                    put(filter.officer_id));
                break;
            case QueueView::Withdrawn:
                where_ += " AND d.state = 'withdrawal_requested'";
                break;
            case QueueView::Running:
                where_ += fmt::format(" AND d.state IN {}", open);
                break;
            case QueueView::Waiting:
                where_ += " AND d.state = 'awaiting_supplement'";
                break;
            case QueueView::ToDecide:
                where_ +=
                    " AND d.state = 'in_progress' AND d.id IN (SELECT l.dossier_id FROM "
                    "dossier_line l WHERE l.state = 'proposed' AND l.proposed_by <> " +
                    put(filter.officer_id) + ")";
                break;
            case QueueView::Late:
                where_ +=
                    fmt::format(" AND d.state IN {} AND d.due_at < {}", open, put(filter.now));
                break;
            case QueueView::Ended:
                where_ += " AND d.state IN ('intake_refused', 'stopped', 'decided', 'returned')";
                break;
            case QueueView::All:
                where_ += " AND d.state <> 'draft'";
                break;
        }
    }
    std::string where_;
};

std::string order_of(const QueueFilter& filter) {
    const bool of_the_past = filter.view == QueueView::Ended || filter.view == QueueView::All;
    if (filter.newest_first || of_the_past) {
        return " ORDER BY d.submitted_at DESC, d.id DESC";
    }
    return " ORDER BY CASE WHEN d.due_at IS NULL THEN 1 ELSE 0 END, d.due_at, d.submitted_at, d.id";
}

}  // namespace

std::vector<QueueRow> work_queue(sql::Reader& reader, const QueueFilter& filter) {
    Filter built{filter};
    std::string text =
        "SELECT " ANTIN_DOSSIER_COLUMNS
        ", a.name AS agency_name, p.full_name AS assessor_name, (SELECT COUNT(*) FROM "
        "dossier_line l WHERE l.dossier_id = d.id AND l.state = 'proposed') AS lines_proposed "
        "FROM dossier d JOIN agency a ON a.id = d.agency_id LEFT JOIN account p ON "
        "p.id = d.assessor_id" +
        built.where() + order_of(filter);
    text += " LIMIT " + built.put(filter.limit);
    text += " OFFSET " + built.put(filter.offset);
    std::vector<QueueRow> out;
    const auto rows = reader.query_built("queue.list", text, built.values);
    for (const sql::Row row : rows) {
        out.push_back({dossier_from(row), row.text("agency_name"), row.text("assessor_name"),
                       row.integer("lines_proposed")});
    }
    return out;
}

std::vector<std::int64_t> work_queue_ids(sql::Reader& reader, const QueueFilter& filter) {
    Filter built{filter};
    std::string text = "SELECT d.id AS id FROM dossier d" + built.where() + order_of(filter);
    text += " LIMIT " + built.put(filter.limit);
    std::vector<std::int64_t> out;
    for (const sql::Row row : reader.query_built("queue.ids", text, built.values)) {
        out.push_back(row.integer("id"));
    }
    return out;
}

std::int64_t count_work_queue(sql::Reader& reader, const QueueFilter& filter) {
    const Filter built{filter};
    const auto rows = reader.query_built(
        "queue.count", "SELECT COUNT(*) AS n FROM dossier d" + built.where(), built.values);
    return rows[0].integer("n");
}

}  // namespace antin::store
