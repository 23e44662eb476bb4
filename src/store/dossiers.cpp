#include "store/dossiers.hpp"

#include <nlohmann/json.hpp>

#include "store/listing.hpp"

namespace antin::store {
namespace {

const sql::Statement insert_dossier{
    "dossier.insert",
    "INSERT INTO dossier (code, check_value, procedure, subscriber_kind, carrier, state, channel,"
    " agency_id, receiver_id, recipient, shared_values, note, line_count, rules_date, created_by,"
    " created_at, saved_at, ready_for_head_at, submitted_by, submitted_at, accepted_by,"
    " accepted_at, due_at, calendar_version, due_provisional, remaining_minutes, clock_stopped_at,"
    " assessor_id, assigned_at, supplement_count, decided_at, returned_at, end_reason, is_demo,"
    " search_text, submit_key) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
    " $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31,"
    " $32, $33, $34, $35, $36) RETURNING id"};
const sql::Statement update_dossier{
    "dossier.update",
    "UPDATE dossier SET code = $1, check_value = $2, procedure = $3, subscriber_kind = $4,"
    " carrier = $5, state = $6, channel = $7, agency_id = $8, receiver_id = $9, recipient = $10,"
    " shared_values = $11, note = $12, line_count = $13, rules_date = $14, created_by = $15,"
    " created_at = $16, saved_at = $17, ready_for_head_at = $18, submitted_by = $19,"
    " submitted_at = $20, accepted_by = $21, accepted_at = $22, due_at = $23,"
    " calendar_version = $24, due_provisional = $25, remaining_minutes = $26,"
    " clock_stopped_at = $27, assessor_id = $28, assigned_at = $29, supplement_count = $30,"
    " decided_at = $31, returned_at = $32, end_reason = $33, is_demo = $34, search_text = $35,"
    " submit_key = $36, version = version + 1 WHERE id = $37 AND version = $38"};
const sql::Statement select_dossier{
    "dossier.by_id", "SELECT " ANTIN_DOSSIER_COLUMNS " FROM dossier d WHERE d.id = $1"};
const sql::Statement select_by_code{
    "dossier.by_code", "SELECT " ANTIN_DOSSIER_COLUMNS " FROM dossier d WHERE d.code = $1"};
const sql::Statement select_by_submit_key{"dossier.by_submit_key",
                                          "SELECT " ANTIN_DOSSIER_COLUMNS
                                          " FROM dossier d WHERE d.submit_key = $1"};
const sql::Statement touch_rows{
    "dossier.touch",
    "UPDATE dossier SET saved_at = $1, line_count = $2, search_text = $3 WHERE id = $4"};
const sql::Statement change_procedure{"dossier.set_procedure",
                                      "UPDATE dossier SET procedure = $1 WHERE id = $2"
                                      " AND state = 'draft'"};
const sql::Statement delete_upload{"upload.delete_of_dossier",
                                   "DELETE FROM upload WHERE dossier_id = $1"};
const sql::Statement delete_attachment{"attachment.delete_of_dossier",
                                       "DELETE FROM attachment WHERE dossier_id = $1"};
const sql::Statement delete_event{"dossier_event.delete_of_dossier",
                                  "DELETE FROM dossier_event WHERE dossier_id = $1"};
const sql::Statement delete_line{"dossier_line.delete_of_dossier",
                                 "DELETE FROM dossier_line WHERE dossier_id = $1"};
const sql::Statement delete_dossier{"dossier.delete_draft",
                                    "DELETE FROM dossier WHERE id = $1 AND state = 'draft'"};

std::vector<sql::Value> values_of(const Dossier& d) {
    using sql::value_of;
    return {value_of(d.code),
            value_of(d.check_value),
            value_of(domain::to_text(d.procedure)),
            value_of(domain::to_text(d.subscriber_kind)),
            value_of(domain::to_text(d.carrier)),
            value_of(domain::to_text(d.state)),
            value_of(domain::to_text(d.channel)),
            value_of(d.agency_id),
            value_of(d.receiver_id),
            value_of(to_json(d.recipient)),
            value_of(to_json(d.shared_values)),
            value_of(d.note),
            value_of(d.line_count),
            value_of(d.rules_date),
            value_of(d.created_by),
            value_of(d.created_at),
            value_of(d.saved_at),
            value_of(d.ready_for_head_at),
            value_of(d.submitted_by),
            value_of(d.submitted_at),
            value_of(d.accepted_by),
            value_of(d.accepted_at),
            value_of(d.due_at),
            value_of(d.calendar_version),
            value_of(d.due_provisional),
            value_of(d.remaining_minutes),
            value_of(d.clock_stopped_at),
            value_of(d.assessor_id),
            value_of(d.assigned_at),
            value_of(d.supplement_count),
            value_of(d.decided_at),
            value_of(d.returned_at),
            value_of(d.end_reason),
            value_of(d.is_demo),
            value_of(d.search_text),
            value_of(d.submit_key)};
}

template <class E>
E word(const sql::Row& row, std::string_view column) {
    const auto value = domain::parse<E>(row.text(column));
    if (!value) throw sql::Failure("unknown word in column " + std::string{column});
    return *value;
}

/// Takes the texts of an object as they come by: a page reads hundreds of these, and a tree of them
/// would be built only to be taken apart.
class ValuesReader final : public nlohmann::json_sax<nlohmann::json> {
  public:
    FieldValues values;

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool string(string_t& text) override {
        if (depth_ == 1) values.insert_or_assign(std::move(key_), std::move(text));
        return depth_ > 0;
    }
    bool start_object(std::size_t) override {
        ++depth_;
        return true;
    }
    bool key(string_t& name) override {
        if (depth_ == 1) key_ = std::move(name);
        return true;
    }
    bool end_object() override {
        --depth_;
        return true;
    }
    bool start_array(std::size_t) override {
        ++depth_;
        return depth_ > 1;  // the whole must be an object
    }
    bool end_array() override { return end_object(); }
    bool parse_error(std::size_t, const std::string&, const nlohmann::json::exception&) override {
        return false;
    }

  private:
    int depth_ = 0;
    std::string key_;
};

std::optional<Dossier> first(const sql::Rows& rows) {
    if (rows.size() == 0) return std::nullopt;
    return dossier_from(rows[0]);
}

std::vector<Dossier> every(const sql::Rows& rows) {
    std::vector<Dossier> out;
    out.reserve(rows.size());
    for (const sql::Row row : rows) out.push_back(dossier_from(row));
    return out;
}

/// " AND d.state IN ($2, …)" with the values appended; nothing when any state will do.
std::string state_filter(const std::vector<domain::DossierState>& states,
                         std::vector<sql::Value>& values) {
    if (states.empty()) return {};
    std::string text = " AND d.state IN (";
    for (std::size_t i = 0; i < states.size(); ++i) {
        values.push_back(sql::value_of(domain::to_text(states[i])));
        text += (i == 0 ? "$" : ", $") + std::to_string(values.size());
    }
    return text + ")";
}

}  // namespace

std::string to_json(const FieldValues& values) {
    auto json = nlohmann::json::object();
    for (const auto& [key, value] : values) json[key] = value;
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

FieldValues field_values_from_json(std::string_view json) {
    ValuesReader reader;
    if (!nlohmann::json::sax_parse(json, &reader)) return {};
    return std::move(reader.values);
}

Dossier dossier_from(const sql::Row& row) {
    Dossier d;
    d.id = row.integer("id");
    d.code = row.maybe_text("code");
    d.check_value = row.maybe_text("check_value");
    d.procedure = word<domain::Procedure>(row, "procedure");
    d.subscriber_kind = word<domain::SubscriberKind>(row, "subscriber_kind");
    d.carrier = word<domain::Carrier>(row, "carrier");
    d.state = word<domain::DossierState>(row, "state");
    d.channel = word<domain::Channel>(row, "channel");
    d.agency_id = row.integer("agency_id");
    d.receiver_id = row.integer("receiver_id");
    d.recipient = field_values_from_json(row.text("recipient"));
    d.shared_values = field_values_from_json(row.text("shared_values"));
    d.note = row.text("note");
    d.line_count = row.integer("line_count");
    d.rules_date = row.text("rules_date");
    d.created_by = row.integer("created_by");
    d.created_at = row.instant("created_at");
    d.saved_at = row.instant("saved_at");
    d.ready_for_head_at = row.maybe_instant("ready_for_head_at");
    d.submitted_by = row.maybe_integer("submitted_by");
    d.submitted_at = row.maybe_instant("submitted_at");
    d.accepted_by = row.maybe_integer("accepted_by");
    d.accepted_at = row.maybe_instant("accepted_at");
    d.due_at = row.maybe_instant("due_at");
    d.calendar_version = row.maybe_text("calendar_version");
    d.due_provisional = row.boolean("due_provisional");
    d.remaining_minutes = row.maybe_integer("remaining_minutes");
    d.clock_stopped_at = row.maybe_instant("clock_stopped_at");
    d.assessor_id = row.maybe_integer("assessor_id");
    d.assigned_at = row.maybe_instant("assigned_at");
    d.supplement_count = row.integer("supplement_count");
    d.decided_at = row.maybe_instant("decided_at");
    d.returned_at = row.maybe_instant("returned_at");
    d.end_reason = row.text("end_reason");
    d.is_demo = row.boolean("is_demo");
    d.search_text = row.text("search_text");
    d.submit_key = row.maybe_text("submit_key");
    d.version = row.integer("version");
    return d;
}

std::int64_t add_dossier(sql::Transaction& tx, const Dossier& dossier) {
    return tx.query_values(insert_dossier, values_of(dossier))[0].integer("id");
}

std::optional<Dossier> find_dossier(sql::Reader& reader, std::int64_t id) {
    return first(reader.query(select_dossier, id));
}

std::optional<Dossier> find_dossier_by_code(sql::Reader& reader, std::string_view code) {
    return first(reader.query(select_by_code, code));
}

std::optional<Dossier> find_dossier_by_submit_key(sql::Reader& reader, std::string_view key) {
    return first(reader.query(select_by_submit_key, key));
}

bool save_dossier(sql::Transaction& tx, Dossier& dossier) {
    auto values = values_of(dossier);
    values.push_back(sql::value_of(dossier.id));
    values.push_back(sql::value_of(dossier.version));
    if (tx.execute_values(update_dossier, values) != 1) return false;
    ++dossier.version;
    return true;
}

void touch_draft(sql::Transaction& tx, std::int64_t id, Instant at, std::int64_t line_count,
                 std::string_view search_text) {
    tx.execute(touch_rows, at, line_count, search_text, id);
}

void set_procedure(sql::Transaction& tx, std::int64_t id, domain::Procedure procedure) {
    tx.execute(change_procedure, domain::to_text(procedure), id);
}

void remove_draft(sql::Transaction& tx, std::int64_t id) {
    tx.execute(delete_upload, id);
    tx.execute(delete_attachment, id);
    tx.execute(delete_event, id);
    tx.execute(delete_line, id);
    tx.execute(delete_dossier, id);
}

std::vector<Dossier> agency_dossiers(sql::Reader& reader, std::int64_t agency_id,
                                     const std::vector<domain::DossierState>& states, int limit,
                                     int offset) {
    std::vector<sql::Value> values{sql::value_of(agency_id)};
    std::string text = "SELECT " ANTIN_DOSSIER_COLUMNS " FROM dossier d WHERE d.agency_id = $1" +
                       state_filter(states, values);
    values.push_back(sql::value_of(limit));
    text += " ORDER BY d.saved_at DESC, d.id DESC LIMIT $" + std::to_string(values.size());
    values.push_back(sql::value_of(offset));
    text += " OFFSET $" + std::to_string(values.size());
    return every(reader.query_built("dossier.of_agency", text, values));
}

std::int64_t count_agency_dossiers(sql::Reader& reader, std::int64_t agency_id,
                                   const std::vector<domain::DossierState>& states) {
    std::vector<sql::Value> values{sql::value_of(agency_id)};
    const auto text =
        bounded_count("FROM dossier d WHERE d.agency_id = $1" + state_filter(states, values));
    return reader.query_built("dossier.count_of_agency", text, values)[0].integer("n");
}

std::vector<Dossier> search_agency_dossiers(sql::Reader& reader, std::int64_t agency_id,
                                            std::string_view words, int limit, int offset) {
    std::vector<sql::Value> values{sql::value_of(agency_id)};
    std::string text = "SELECT " ANTIN_DOSSIER_COLUMNS " FROM dossier d WHERE d.agency_id = $1";
    for (const std::string& word : search_words(words)) {
        values.push_back(sql::value_of("% " + word + "%"));
        text += " AND ' ' || d.search_text LIKE $" + std::to_string(values.size());
    }
    values.push_back(sql::value_of(limit));
    text += " ORDER BY d.saved_at DESC, d.id DESC LIMIT $" + std::to_string(values.size());
    values.push_back(sql::value_of(offset));
    text += " OFFSET $" + std::to_string(values.size());
    return every(reader.query_built("dossier.search_of_agency", text, values));
}

}  // namespace antin::store
