#include "store/work_queue.hpp"

#include <fmt/format.h>

#include "store/listing.hpp"

namespace antin::store {
namespace {

bool is_newest_first(const QueueFilter& filter) {
    return filter.newest_first || is_long(filter.view);
}

/// What looks like a dossier's code ("H35.12-261126-00"), in capitals; "" when nothing does.
std::string code_in(std::string_view typed) {
    std::string word;
    for (std::size_t i = 0; i <= typed.size(); ++i) {
        const char c = i < typed.size() ? typed[i] : ' ';
        if (c != ' ') {
            word += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
            continue;
        }
        const bool joined = word.find_first_of(".-") != std::string::npos;
        if (joined && word.find_first_of("0123456789") != std::string::npos) return word;
        word.clear();
    }
    return {};
}

/// Fixed pieces of text; what a person typed is a parameter always.
class Query {
  public:
    Query(sql::Engine engine, const QueueFilter& filter)
        : engine_(engine),
          words_(search_words(filter.words)),
          searches_(is_long(filter.view) && !words_.empty()) {
        add_view(filter);
        if (filter.kind) where_ += " AND d.subscriber_kind = " + put(domain::to_text(*filter.kind));
        if (!filter.with_demo) where_ += " AND d.is_demo = 0";
        const auto code = is_long(filter.view) ? code_in(filter.words) : std::string{};
        if (!code.empty()) {
            // A code is typed whole or cut off behind: its own index knows both.
            by_code_ = true;
            where_ += " AND d.code >= " + put(code) + " AND d.code < " + put(code + "\U0010FFFF");
        }
        if (searches_ && !by_code_) {
            const auto search = word_search(engine, "dossier", "d", words_, values.size() + 1);
            put(search.value);
            from_ = search.from;
            where_ += " AND " + search.condition;
        } else {
            for (const std::string& word : words_) {
                where_ += " AND ' ' || d.search_text LIKE " + put("% " + word + "%");
            }
        }
        for (const auto id : filter.receivers) receivers_.push_back(put(id));
    }

    /// "FROM … WHERE …" of one of the receivers, given by its parameter, or of all.
    [[nodiscard]] std::string from_where(std::string_view receiver = {}) const {
        std::string which = receiver.empty() ? fmt::format("IN ({})", fmt::join(receivers_, ", "))
                                             : fmt::format("= {}", receiver);
        // The plus keeps SQLite from an index of the receiver, so that it takes the code's.
        return fmt::format("FROM {} WHERE {}d.receiver_id {}{}", from_, by_code_ ? "+" : "", which,
                           where_);
    }
    /// The order of the list. What a search finds comes in the order of the words' own index.
    [[nodiscard]] std::string order(const QueueFilter& filter) const {
        if (by_code_) return "ORDER BY d.code DESC";
        if (searches_) return "ORDER BY d.id DESC";
        if (is_newest_first(filter)) return "ORDER BY d.submitted_at DESC, d.id DESC";
        return "ORDER BY d.due_at NULLS LAST, d.submitted_at, d.id";
    }
    /// The ids of the rows before `last`; each receiver's own come out of an index in order.
    /// `are_few`: what the search finds may be sorted as a whole.
    [[nodiscard]] std::string ids(const QueueFilter& filter, const std::string& last,
                                  bool are_few) const {
        std::string out;
        if (!is_long(filter.view)) {
            return fmt::format("SELECT d.id AS id {} {} LIMIT {}", from_where(), order(filter),
                               last);
        }
        auto by = order(filter);
        if (searches_ && !by_code_) {
            // Said of the words' own table, so that SQLite reads it backwards instead of sorting.
            // PostgreSQL would read all dossiers backwards for a word that hardly one has: the sum
            // keeps it from that.
            by = engine_ == sql::Engine::Sqlite ? "ORDER BY w.rowid DESC"
                 : are_few                      ? "ORDER BY d.id + 0 DESC"
                                                : "ORDER BY d.id DESC";
        }
        for (const auto& receiver : receivers_) {
            out += fmt::format("{}SELECT id FROM (SELECT d.id AS id {} {} LIMIT {}) part{}",
                               out.empty() ? "" : " UNION ALL ", from_where(receiver), by, last,
                               receiver.substr(1));
        }
        return out;
    }
    [[nodiscard]] bool searches() const { return searches_; }
    [[nodiscard]] bool finds_nothing() const { return receivers_.empty(); }
    template <class T>
    std::string put(T value) {
        values.push_back(sql::value_of(value));
        return fmt::format("${}", values.size());
    }
    std::vector<sql::Value> values;

  private:
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
                    " AND d.state IN ('accepted', 'in_progress', 'awaiting_supplement') AND "
                    "(d.state = 'accepted' OR NOT EXISTS (SELECT 1 FROM role_grant g WHERE "
                    "g.account_id = d.assessor_id AND g.agency_id = d.receiver_id AND "
                    "g.role = 'assessor' AND g.ended_at IS NULL))";
                break;
            case QueueView::Mine:
                where_ += fmt::format(" AND d.assessor_id = {} AND d.state IN {}",
                                      put(filter.officer_id), open);
                break;
            case QueueView::MineToDo:
                where_ += fmt::format(
                    " AND d.assessor_id = {} AND (d.state = 'withdrawal_requested' OR "
                    // Joined to nothing, so that SQLite looks at the dossier's rows and not at
                    // every row of the office in that state.
                    "(d.state = 'in_progress' AND EXISTS (SELECT 1 FROM dossier_line l WHERE "
                    "l.dossier_id = d.id AND l.state || '' = 'requested')))",
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
                where_ +=
                    " AND d.submitted_at IS NOT NULL AND d.state IN ('intake_refused', 'stopped', "
                    "'decided', 'returned')";
                break;
            case QueueView::All:
                where_ += " AND d.submitted_at IS NOT NULL AND d.state <> 'draft'";
                break;
        }
    }
    const sql::Engine engine_;
    const std::vector<std::string> words_;
    const bool searches_;
    bool by_code_ = false;
    std::string from_ = "dossier d", where_;
    std::vector<std::string> receivers_;  // "$3"
};

/// Asked of PostgreSQL alone: SQLite reads the words' table in order anyway.
bool finds_few(sql::Reader& reader, const Query& query, const QueueFilter& filter) {
    return reader.engine() == sql::Engine::PostgreSql && query.searches() &&
           count_work_queue(reader, filter) <= counted_max;
}

}  // namespace

std::vector<QueueRow> work_queue(sql::Reader& reader, const QueueFilter& filter) {
    Query query{reader.engine(), filter};
    if (query.finds_nothing()) return {};
    const bool are_few = finds_few(reader, query, filter);
    const auto last = query.put(filter.limit + filter.offset);
    // The ids first, out of an index alone; whole dossiers are read for the page's rows only.
    std::string text = fmt::format(
        "SELECT " ANTIN_DOSSIER_COLUMNS
        ", a.name AS agency_name, p.full_name AS assessor_name, (SELECT COUNT(*) FROM "
        "dossier_line l WHERE l.dossier_id = d.id AND l.state = 'proposed') AS lines_proposed "
        "FROM ({}) found JOIN dossier d ON d.id = found.id JOIN agency a ON a.id = d.agency_id "
        "LEFT JOIN account p ON p.id = d.assessor_id {}",
        query.ids(filter, last, are_few), query.order(filter));
    text += " LIMIT " + query.put(filter.limit);
    text += " OFFSET " + query.put(filter.offset);
    std::vector<QueueRow> out;
    const auto rows = reader.query_built("queue.list", text, query.values);
    for (const sql::Row row : rows) {
        out.push_back({dossier_from(row), row.text("agency_name"), row.text("assessor_name"),
                       row.integer("lines_proposed")});
    }
    return out;
}

std::vector<std::int64_t> work_queue_ids(sql::Reader& reader, const QueueFilter& filter) {
    Query query{reader.engine(), filter};
    if (query.finds_nothing()) return {};
    const bool are_few = finds_few(reader, query, filter);
    const auto last = query.put(filter.limit + filter.offset);
    const auto text = fmt::format(
        "SELECT d.id AS id FROM ({}) found JOIN dossier d ON "
        "d.id = found.id {} LIMIT {}",
        query.ids(filter, last, are_few), query.order(filter), last);
    std::vector<std::int64_t> out;
    for (const sql::Row row : reader.query_built("queue.ids", text, query.values)) {
        out.push_back(row.integer("id"));
    }
    return out;
}

std::int64_t count_work_queue(sql::Reader& reader, const QueueFilter& filter) {
    const Query query{reader.engine(), filter};
    if (query.finds_nothing()) return 0;
    const auto rows =
        reader.query_built("queue.count", bounded_count(query.from_where()), query.values);
    return rows[0].integer("n");
}

}  // namespace antin::store
