#include "store/dossier_lines.hpp"

#include <nlohmann/json.hpp>

namespace antin::store {
namespace {

const sql::Statement insert_line{
    "dossier_line.insert",
    "INSERT INTO dossier_line (dossier_id, number, state, field_values, carrier, name,"
    " subject_key, email, proposal, proposal_reason, proposed_by, proposed_at,"
    " sent_for_approval_at, decision, decision_reason, decided_by, decided_at, device_id,"
    " certificate_serial, work_by, work_at, problem, client_key, saved_by, saved_at, target_serial,"
    " subscriber_kind) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
    " $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27) RETURNING id"};
const sql::Statement update_line{
    "dossier_line.update",
    "UPDATE dossier_line SET dossier_id = $1, number = $2, state = $3, field_values = $4,"
    " carrier = $5, name = $6, subject_key = $7, email = $8, proposal = $9,"
    " proposal_reason = $10, proposed_by = $11, proposed_at = $12, sent_for_approval_at = $13,"
    " decision = $14, decision_reason = $15, decided_by = $16, decided_at = $17, device_id = $18,"
    " certificate_serial = $19, work_by = $20, work_at = $21, problem = $22,"
    " client_key = $23, saved_by = $24, saved_at = $25, target_serial = $26,"
    " subscriber_kind = $27, version = version + 1 WHERE id = $28 AND version = $29"};
const sql::Statement select_lines{
    "dossier_line.of_dossier",
    "SELECT " ANTIN_LINE_COLUMNS
    " FROM dossier_line l WHERE l.dossier_id = $1 ORDER BY l.number LIMIT $2 OFFSET $3"};
const sql::Statement select_line{"dossier_line.by_number",
                                 "SELECT " ANTIN_LINE_COLUMNS
                                 " FROM dossier_line l WHERE l.dossier_id = $1 AND l.number = $2"};
const sql::Statement select_by_id{
    "dossier_line.by_id", "SELECT " ANTIN_LINE_COLUMNS " FROM dossier_line l WHERE l.id = $1"};
const sql::Statement delete_line{"dossier_line.delete", "DELETE FROM dossier_line WHERE id = $1"};
const sql::Statement numbers_after{
    "dossier_line.numbers_after",
    "SELECT id, number FROM dossier_line WHERE dossier_id = $1 AND number > $2 ORDER BY number"};
const sql::Statement set_number{"dossier_line.set_number",
                                "UPDATE dossier_line SET number = $1 WHERE id = $2"};
const sql::Statement count_by_state{
    "dossier_line.count_by_state",
    "SELECT state, COUNT(*) AS n FROM dossier_line WHERE dossier_id = $1 GROUP BY state"};
const sql::Statement others_of_subject{
    "dossier_line.of_subject",
    "SELECT l.dossier_id AS dossier_id, d.code AS code, d.state AS dossier_state,"
    " l.number AS number, l.state AS state, l.subject_key AS subject_key,"
    " l.certificate_serial AS certificate_serial FROM dossier_line l"
    " JOIN dossier d ON d.id = l.dossier_id WHERE l.subject_key = $1 AND l.dossier_id <> $2"
    " AND d.state NOT IN ('draft', 'intake_refused', 'stopped') AND l.state <> 'refused'"
    " ORDER BY l.id DESC LIMIT 20"};
const sql::Statement select_by_client_key{
    "dossier_line.by_client_key",
    "SELECT " ANTIN_LINE_COLUMNS
    " FROM dossier_line l WHERE l.dossier_id = $1 AND l.client_key = $2"};
const sql::Statement last_number{
    "dossier_line.last_number",
    "SELECT COALESCE(MAX(number), 0) AS n FROM dossier_line WHERE dossier_id = $1"};
const sql::Statement move_line{
    "dossier_line.move", "UPDATE dossier_line SET dossier_id = $1, number = $2 WHERE id = $3"};
const sql::Statement requests_on_certificate{
    "dossier_line.on_certificate",
    "SELECT " ANTIN_LINE_COLUMNS
    " FROM dossier_line l JOIN dossier d ON d.id = l.dossier_id WHERE l.target_serial = $1"
    " AND d.state NOT IN ('draft', 'intake_refused', 'stopped') AND l.state IN ('requested',"
    " 'in_correction', 'proposed', 'approved', 'key_ready', 'issued', 'handed_over')"
    " ORDER BY l.id LIMIT 20"};
const sql::Statement known{
    "dossier_line.known",
    "SELECT " ANTIN_LINE_COLUMNS
    " FROM dossier_line l JOIN dossier d ON d.id = l.dossier_id"
    " WHERE d.agency_id = $1 AND d.subscriber_kind = $2 AND d.state <> 'draft'"
    " AND d.procedure = 'issuance' AND l.subject_key <> ''"
    " AND NOT EXISTS (SELECT 1 FROM dossier_line n"
    " JOIN dossier e ON e.id = n.dossier_id WHERE n.subject_key = l.subject_key"
    " AND e.agency_id = d.agency_id AND e.procedure = 'issuance' AND e.state <> 'draft'"
    " AND n.id > l.id)"
    " ORDER BY l.name, l.id LIMIT $3"};

std::string values_json(const DossierLine& line) {
    auto json = nlohmann::json::object();
    for (const auto& [key, value] : line.values) json[key] = value;
    if (!line.typed.empty()) {
        auto& typed = json["typed"] = nlohmann::json::object();
        for (const auto& [key, value] : line.typed) typed[key] = value;
    }
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::vector<sql::Value> values_of(const DossierLine& l) {
    using sql::value_of;
    return {value_of(l.dossier_id),
            value_of(l.number),
            value_of(domain::to_text(l.state)),
            value_of(values_json(l)),
            value_of(domain::to_text(l.carrier)),
            value_of(l.name),
            value_of(l.subject_key),
            value_of(l.email),
            value_of(l.proposal ? domain::to_text(*l.proposal) : std::string_view{}),
            value_of(l.proposal_reason),
            value_of(l.proposed_by),
            value_of(l.proposed_at),
            value_of(l.sent_for_approval_at),
            value_of(l.decision),
            value_of(l.decision_reason),
            value_of(l.decided_by),
            value_of(l.decided_at),
            value_of(l.device_id),
            value_of(l.certificate_serial),
            value_of(l.work_by),
            value_of(l.work_at),
            value_of(l.problem),
            value_of(l.client_key),
            value_of(l.saved_by),
            value_of(l.saved_at),
            value_of(l.target_serial),
            value_of(l.subscriber_kind ? domain::to_text(*l.subscriber_kind) : std::string_view{})};
}

std::vector<DossierLine> every(const sql::Rows& rows) {
    std::vector<DossierLine> out;
    out.reserve(rows.size());
    for (const sql::Row row : rows) out.push_back(line_from(row));
    return out;
}

}  // namespace

std::string DossierLine::value(std::string_view key, const Dossier& dossier) const {
    if (const auto own = values.find(key); own != values.end() && !own->second.empty())
        return own->second;
    const auto shared = dossier.shared_values.find(key);
    return shared == dossier.shared_values.end() ? std::string{} : shared->second;
}

domain::SubscriberKind DossierLine::kind(const Dossier& dossier) const {
    return subscriber_kind.value_or(dossier.subscriber_kind);
}

bool DossierLine::ticked(std::string_view key) const {
    const auto found = values.find(key);
    return found != values.end() && !found->second.empty();
}

DossierLine line_from(const sql::Row& row) {
    DossierLine l;
    l.id = row.integer("id");
    l.dossier_id = row.integer("dossier_id");
    l.number = row.integer("number");
    const auto state = domain::parse<domain::LineState>(row.text("state"));
    const auto carrier = domain::parse<domain::Carrier>(row.text("carrier"));
    if (!state || !carrier) throw sql::Failure("unknown word in dossier_line");
    l.state = *state;
    l.carrier = *carrier;
    const std::string json = row.text("field_values");
    l.values = field_values_from_json(json);
    if (json.find("\"typed\"") != std::string::npos) {
        const auto parsed = nlohmann::json::parse(json, nullptr, false);
        if (parsed.is_object() && parsed.contains("typed"))
            l.typed = field_values_from_json(parsed["typed"].dump());
    }
    l.name = row.text("name");
    l.subject_key = row.text("subject_key");
    l.email = row.text("email");
    l.proposal = domain::parse<domain::Proposal>(row.text("proposal"));
    l.proposal_reason = row.text("proposal_reason");
    l.proposed_by = row.maybe_integer("proposed_by");
    l.proposed_at = row.maybe_instant("proposed_at");
    l.sent_for_approval_at = row.maybe_instant("sent_for_approval_at");
    l.decision = row.text("decision");
    l.decision_reason = row.text("decision_reason");
    l.decided_by = row.maybe_integer("decided_by");
    l.decided_at = row.maybe_instant("decided_at");
    l.device_id = row.maybe_integer("device_id");
    l.certificate_serial = row.maybe_text("certificate_serial");
    l.work_by = row.maybe_integer("work_by");
    l.work_at = row.maybe_instant("work_at");
    l.problem = row.text("problem");
    l.client_key = row.text("client_key");
    l.saved_by = row.maybe_integer("saved_by");
    l.saved_at = row.maybe_instant("saved_at");
    l.target_serial = row.maybe_text("target_serial");
    l.subscriber_kind = domain::parse<domain::SubscriberKind>(row.text("subscriber_kind"));
    l.version = row.integer("version");
    return l;
}

std::int64_t add_line(sql::Transaction& tx, const DossierLine& line) {
    return tx.query_values(insert_line, values_of(line))[0].integer("id");
}

std::vector<DossierLine> dossier_lines(sql::Reader& reader, std::int64_t dossier_id, int limit,
                                       int from) {
    return every(reader.query(select_lines, dossier_id, limit, from));
}

std::optional<DossierLine> find_line(sql::Reader& reader, std::int64_t dossier_id,
                                     std::int64_t number) {
    const auto rows = reader.query(select_line, dossier_id, number);
    if (rows.size() == 0) return std::nullopt;
    return line_from(rows[0]);
}

std::optional<DossierLine> find_line_by_id(sql::Reader& reader, std::int64_t id) {
    const auto rows = reader.query(select_by_id, id);
    if (rows.size() == 0) return std::nullopt;
    return line_from(rows[0]);
}

bool save_line(sql::Transaction& tx, DossierLine& line) {
    auto values = values_of(line);
    values.push_back(sql::value_of(line.id));
    values.push_back(sql::value_of(line.version));
    if (tx.execute_values(update_line, values) != 1) return false;
    ++line.version;
    return true;
}

void remove_line(sql::Transaction& tx, const DossierLine& line) {
    tx.execute(delete_line, line.id);
    const auto after = tx.query(numbers_after, line.dossier_id, line.number);
    for (const sql::Row row : after)
        tx.execute(set_number, row.integer("number") - 1, row.integer("id"));
}

std::optional<DossierLine> find_line_by_client_key(sql::Reader& reader, std::int64_t dossier_id,
                                                   std::string_view key) {
    const auto rows = reader.query(select_by_client_key, dossier_id, key);
    if (rows.size() == 0) return std::nullopt;
    return line_from(rows[0]);
}

std::int64_t renumber_lines(sql::Transaction& tx, std::int64_t dossier_id) {
    const auto rows = tx.query(numbers_after, dossier_id, 0);
    std::int64_t number = 0;
    for (const sql::Row row : rows) {
        ++number;
        if (row.integer("number") != number) tx.execute(set_number, number, row.integer("id"));
    }
    return number;
}

void move_lines(sql::Transaction& tx, const std::vector<std::int64_t>& ids,
                std::int64_t to_dossier_id) {
    std::int64_t number = tx.query(last_number, to_dossier_id)[0].integer("n");
    for (const std::int64_t id : ids) tx.execute(move_line, to_dossier_id, ++number, id);
}

std::vector<DossierLine> open_requests_on(sql::Reader& reader, std::string_view serial) {
    return every(reader.query(requests_on_certificate, serial));
}

std::vector<LineCount> count_lines(sql::Reader& reader, std::int64_t dossier_id) {
    std::vector<LineCount> out;
    const auto rows = reader.query(count_by_state, dossier_id);
    for (const sql::Row row : rows) {
        if (const auto state = domain::parse<domain::LineState>(row.text("state")))
            out.push_back({*state, row.integer("n")});
    }
    return out;
}

std::vector<OtherLine> lines_of_subject(sql::Reader& reader, std::string_view subject_key,
                                        std::int64_t except_dossier) {
    std::vector<OtherLine> out;
    const auto rows = reader.query(others_of_subject, subject_key, except_dossier);
    for (const sql::Row row : rows) {
        OtherLine other;
        other.dossier_id = row.integer("dossier_id");
        other.dossier_code = row.text("code");
        other.dossier_state = domain::parse<domain::DossierState>(row.text("dossier_state"))
                                  .value_or(other.dossier_state);
        other.number = row.integer("number");
        other.state = domain::parse<domain::LineState>(row.text("state")).value_or(other.state);
        other.subject_key = row.text("subject_key");
        other.certificate_serial = row.text("certificate_serial");
        out.push_back(std::move(other));
    }
    return out;
}

std::vector<DossierLine> known_subscribers(sql::Reader& reader, std::int64_t agency_id,
                                           domain::SubscriberKind kind, int limit) {
    return every(reader.query(known, agency_id, domain::to_text(kind), limit));
}

}  // namespace antin::store
