#include "audit/journal.hpp"

#include <fmt/format.h>

#include "pki/digest.hpp"

namespace antin::audit {
namespace {

constexpr sql::Statement last_entry{
    "audit_entry.last",
    "SELECT seq, at, actor_id, actor_name, act, object_kind, object_id, detail, hash"
    " FROM audit_entry ORDER BY seq DESC LIMIT 1"};
constexpr sql::Statement entries_from{
    "audit_entry.from",
    "SELECT seq, at, actor_id, actor_name, act, object_kind, object_id, detail, hash"
    " FROM audit_entry WHERE seq >= $1 ORDER BY seq LIMIT $2"};
constexpr sql::Statement insert_entry{
    "audit_entry.insert",
    "INSERT INTO audit_entry (seq, at, actor_id, actor_name, act, object_kind, object_id, detail,"
    " hash) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)"};
constexpr const char* entries_filtered =
    "SELECT seq, at, actor_id, actor_name, act, object_kind, object_id, detail, hash"
    " FROM audit_entry WHERE 1 = 1";

void add(std::string& out, std::string_view part) {
    out += fmt::format("{}:", part.size());
    out += part;
    out += ',';
}

void add_content(std::string& out, const Entry& entry) {
    add(out, std::to_string(to_millis(entry.at)));
    add(out, std::to_string(entry.actor_id));
    for (const auto* part :
         {&entry.actor_name, &entry.act, &entry.object_kind, &entry.object_id, &entry.detail}) {
        add(out, *part);
    }
}

Kept kept_of(const sql::Row& row) {
    Kept kept;
    kept.seq = row.integer("seq");
    kept.entry.at = row.instant("at");
    kept.entry.actor_id = row.integer("actor_id");
    kept.entry.actor_name = row.text("actor_name");
    kept.entry.act = row.text("act");
    kept.entry.object_kind = row.text("object_kind");
    kept.entry.object_id = row.text("object_id");
    kept.entry.detail = row.text("detail");
    kept.hash = row.text("hash");
    return kept;
}

std::vector<Kept> all_of(const sql::Rows& rows) {
    std::vector<Kept> out;
    out.reserve(rows.size());
    for (const sql::Row row : rows) out.push_back(kept_of(row));
    return out;
}

std::int64_t append_behind(sql::Transaction& tx, const std::optional<Kept>& before,
                           const Entry& entry) {
    const std::int64_t seq = before ? before->seq + 1 : 1;
    const std::string previous = before ? before->hash : "";
    tx.execute(insert_entry, seq, entry.at, entry.actor_id, entry.actor_name, entry.act,
               entry.object_kind, entry.object_id, entry.detail, chain_hash(previous, seq, entry));
    return seq;
}

}  // namespace

std::string chain_hash(std::string_view previous_hash, std::int64_t seq, const Entry& entry) {
    std::string content = "antin-audit-1,";
    add(content, previous_hash);
    add(content, std::to_string(seq));
    add_content(content, entry);
    return to_hex(pki::sha256(as_bytes(content)));
}

std::string content_digest(const Entry& entry) {
    std::string content = "antin-audit-content-1,";
    add_content(content, entry);
    return to_hex(pki::sha256(as_bytes(content))).substr(0, 16);
}

std::int64_t append(sql::Transaction& tx, const Entry& entry) {
    const auto before = last(tx);
    if (before && entry.at + set_back_max < before->entry.at) {
        throw sql::Failure{"the last entry is of " + to_iso(before->entry.at) +
                               ", the clock says " + to_iso(entry.at),
                           ErrorKind::Unavailable, "clock.set_back"};
    }
    return append_behind(tx, before, entry);
}

std::int64_t accept_clock(sql::Transaction& tx, Entry entry) {
    entry.act = "clock.accepted";
    return append_behind(tx, last(tx), entry);
}

std::vector<Kept> list(sql::Reader& reader, const Filter& filter) {
    std::string text = entries_filtered;
    std::vector<sql::Value> values;
    const auto add_condition = [&](std::string_view condition, sql::Value value) {
        values.push_back(std::move(value));
        text += fmt::format(" AND {} ${}", condition, values.size());
    };
    if (filter.act.ends_with('.')) {
        // Word for word what the index is made of: only so it gives the newest first, unsorted.
        add_condition(reader.engine() == sql::Engine::Sqlite ? "substr(act, 1, instr(act, '.')) ="
                                                             : "(split_part(act, '.', 1) || '.') =",
                      filter.act);
    } else if (!filter.act.empty()) {
        add_condition("act =", filter.act);
    }
    if (!filter.object_kind.empty()) add_condition("object_kind =", filter.object_kind);
    if (!filter.object_id.empty()) add_condition("object_id =", filter.object_id);
    if (filter.actor_id) add_condition("actor_id =", *filter.actor_id);
    if (filter.before > 0) add_condition("seq <", filter.before);
    values.emplace_back(filter.count_max);
    text += fmt::format(" ORDER BY seq DESC LIMIT ${}", values.size());
    return all_of(reader.query_built("audit_entry.list", text, values));
}

std::vector<Kept> list_from(sql::Reader& reader, std::int64_t first, std::int64_t count_max) {
    return all_of(reader.query(entries_from, first, count_max));
}

std::optional<Kept> last(sql::Reader& reader) {
    const auto rows = reader.query(last_entry);
    if (rows.empty()) return std::nullopt;
    return kept_of(rows[0]);
}

}  // namespace antin::audit
