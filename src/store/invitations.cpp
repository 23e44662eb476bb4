#include "store/invitations.hpp"

#include <fmt/format.h>

#include <array>

namespace antin::store {
namespace {

constexpr sql::Statement insert_statement{
    "invitation.insert",
    "INSERT INTO invitation (agency_id, batch, email, full_name, role, code_hash, invited_by,"
    " invited_at, expires_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9) RETURNING id"};
constexpr sql::Statement code_statement{"invitation.set_code",
                                        "UPDATE invitation SET code_hash = $1 WHERE id = $2"};
constexpr sql::Statement accept_statement{
    "invitation.accept",
    "UPDATE invitation SET accepted_at = $1, account_id = $2"
    " WHERE id = $3 AND accepted_at IS NULL AND withdrawn_at IS NULL"};
constexpr sql::Statement withdraw_statement{
    "invitation.withdraw",
    "UPDATE invitation SET withdrawn_at = $1"
    " WHERE id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL"};
constexpr const char* invitation_columns =
    "id, agency_id, batch, email, full_name, role, code_hash, invited_by, invited_at, expires_at,"
    " accepted_at, withdrawn_at, account_id";

constexpr sql::Statement insert_registration_statement{
    "registration.insert",
    "INSERT INTO registration (agency_id, province_code, data, proof_file_id, state, reasons,"
    " follow_hash, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8) RETURNING id"};
constexpr sql::Statement update_registration_statement{
    "registration.update",
    "UPDATE registration SET agency_id=$1, data=$2, proof_file_id=$3, state=$4, reasons=$5,"
    " decided_by=$6, decided_at=$7, version=version+1 WHERE id=$8 AND version=$9"};
constexpr const char* registration_columns =
    "id, agency_id, province_code, data, proof_file_id, state, reasons, follow_hash, created_at,"
    " decided_by, decided_at, version";

Invitation read_invitation(const sql::Row& row) {
    Invitation out;
    out.id = row.integer("id");
    out.agency_id = row.integer("agency_id");
    out.batch = row.text("batch");
    out.email = row.text("email");
    out.full_name = row.text("full_name");
    out.role = row.text("role");
    out.code_hash = row.text("code_hash");
    out.invited_by = row.integer("invited_by");
    out.invited_at = row.instant("invited_at");
    out.expires_at = row.instant("expires_at");
    out.accepted_at = row.maybe_instant("accepted_at");
    out.withdrawn_at = row.maybe_instant("withdrawn_at");
    out.account_id = row.maybe_integer("account_id");
    return out;
}

std::vector<Invitation> select_invitations(sql::Reader& db, const char* name, const char* rest,
                                           const sql::Value& value) {
    std::vector<Invitation> out;
    const auto text = fmt::format("SELECT {} FROM invitation WHERE {}", invitation_columns, rest);
    for (const auto row : db.query_built(name, text, {&value, 1})) {
        out.push_back(read_invitation(row));
    }
    return out;
}

Registration read_registration(const sql::Row& row) {
    Registration out;
    out.id = row.integer("id");
    out.agency_id = row.maybe_integer("agency_id");
    out.province_code = row.text("province_code");
    out.data = row.text("data");
    out.proof_file_id = row.maybe_integer("proof_file_id");
    out.state = row.text("state");
    out.reasons = row.text("reasons");
    out.follow_hash = row.text("follow_hash");
    out.created_at = row.instant("created_at");
    out.decided_by = row.maybe_integer("decided_by");
    out.decided_at = row.maybe_instant("decided_at");
    out.version = row.integer("version");
    return out;
}

std::vector<Registration> select_registrations(sql::Reader& db, const char* name, const char* rest,
                                               std::vector<sql::Value> values) {
    std::vector<Registration> out;
    const auto text =
        fmt::format("SELECT {} FROM registration WHERE {}", registration_columns, rest);
    for (const auto row : db.query_built(name, text, values)) {
        out.push_back(read_registration(row));
    }
    return out;
}

template <class T>
std::optional<T> first(std::vector<T> found) {
    if (found.empty()) return std::nullopt;
    return std::move(found.front());
}

}  // namespace

std::int64_t insert_invitation(sql::Transaction& tx, const Invitation& i) {
    return tx.insert(insert_statement, i.agency_id, i.batch, i.email, i.full_name, i.role,
                     i.code_hash, i.invited_by, i.invited_at, i.expires_at);
}

void set_invitation_code(sql::Transaction& tx, std::int64_t id, std::string_view code_hash) {
    tx.execute(code_statement, code_hash, id);
}

std::optional<Invitation> find_invitation(sql::Reader& db, std::int64_t id) {
    return first(select_invitations(db, "invitation.by_id", "id = $1", id));
}

std::optional<Invitation> find_invitation_by_code(sql::Reader& db, std::string_view code_hash) {
    return first(
        select_invitations(db, "invitation.by_code", "code_hash = $1", std::string{code_hash}));
}

std::vector<Invitation> invitations_of(sql::Reader& db, std::int64_t agency_id) {
    return select_invitations(db, "invitation.of_agency", "agency_id = $1 ORDER BY id DESC",
                              agency_id);
}

std::vector<Invitation> invitations_of_batch(sql::Reader& db, std::string_view batch) {
    return select_invitations(db, "invitation.of_batch", "batch = $1 ORDER BY id",
                              std::string{batch});
}

std::vector<Invitation> open_invitations(sql::Reader& db, std::string_view province_code,
                                         Instant now, std::int64_t limit) {
    const auto text = fmt::format(
        "SELECT {} FROM invitation WHERE accepted_at IS NULL AND withdrawn_at IS NULL"
        " AND agency_id IN (SELECT a.id FROM agency a WHERE a.province_code = $1)"
        " AND expires_at > $2"
        " ORDER BY (SELECT a.name FROM agency a WHERE a.id = invitation.agency_id), id LIMIT $3",
        invitation_columns);
    const std::array<sql::Value, 3> values{sql::value_of(province_code), sql::value_of(now),
                                           sql::value_of(limit)};
    std::vector<Invitation> out;
    for (const auto row : db.query_built("invitation.open", text, values)) {
        out.push_back(read_invitation(row));
    }
    return out;
}

bool accept_invitation(sql::Transaction& tx, std::int64_t id, std::int64_t account_id, Instant at) {
    return tx.execute(accept_statement, at, account_id, id) > 0;
}

bool withdraw_invitation(sql::Transaction& tx, std::int64_t id, Instant at) {
    return tx.execute(withdraw_statement, at, id) > 0;
}

std::int64_t insert_registration(sql::Transaction& tx, const Registration& r) {
    return tx.insert(insert_registration_statement, r.agency_id, r.province_code, r.data,
                     r.proof_file_id, r.state, r.reasons, r.follow_hash, r.created_at);
}

bool update_registration(sql::Transaction& tx, const Registration& r) {
    return tx.execute(update_registration_statement, r.agency_id, r.data, r.proof_file_id, r.state,
                      r.reasons, r.decided_by, r.decided_at, r.id, r.version) > 0;
}

std::optional<Registration> find_registration(sql::Reader& db, std::int64_t id) {
    return first(select_registrations(db, "registration.by_id", "id = $1", {id}));
}

std::optional<Registration> find_registration_by_link(sql::Reader& db,
                                                      std::string_view follow_hash) {
    return first(select_registrations(db, "registration.by_link", "follow_hash = $1",
                                      {std::string{follow_hash}}));
}

std::vector<Registration> list_registrations(sql::Reader& db, std::string_view province_code,
                                             std::string_view state) {
    return select_registrations(db, "registration.list",
                                "province_code = $1 AND state = $2 ORDER BY id",
                                {std::string{province_code}, std::string{state}});
}

}  // namespace antin::store
