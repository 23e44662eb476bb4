#include "ledger/certificates.hpp"

#include "ledger/status.hpp"

#define ANTIN_CERTIFICATE_COLUMNS                                                              \
    "serial, issuer, order_id, profile, common_name, email, subject, subject_key, not_before," \
    " not_after, issued_at, state, state_since, reason, der"

namespace antin::ledger {
namespace {

constexpr sql::Statement insert_statement{
    "ca_certificate.insert",
    "INSERT INTO ca_certificate (" ANTIN_CERTIFICATE_COLUMNS
    ") VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15) ON CONFLICT DO NOTHING"};
constexpr sql::Statement select_by_serial{"ca_certificate.find",
                                          "SELECT " ANTIN_CERTIFICATE_COLUMNS
                                          " FROM ca_certificate WHERE serial = $1"};
constexpr sql::Statement select_by_order{"ca_certificate.of_order",
                                         "SELECT " ANTIN_CERTIFICATE_COLUMNS
                                         " FROM ca_certificate WHERE order_id = $1"};
constexpr sql::Statement select_by_email{
    "ca_certificate.by_email",
    "SELECT " ANTIN_CERTIFICATE_COLUMNS
    " FROM ca_certificate WHERE email = $1 ORDER BY issued_at DESC LIMIT 200"};
constexpr sql::Statement select_by_key{
    "ca_certificate.by_key",
    "SELECT " ANTIN_CERTIFICATE_COLUMNS
    " FROM ca_certificate WHERE subject_key = $1 ORDER BY issued_at DESC LIMIT 200"};
constexpr sql::Statement select_after{
    "ca_certificate.after", "SELECT " ANTIN_CERTIFICATE_COLUMNS
                            " FROM ca_certificate WHERE serial > $1 ORDER BY serial LIMIT $2"};
constexpr sql::Statement update_state{
    "ca_certificate.change_state",
    "UPDATE ca_certificate SET state = $3, state_since = $4 WHERE serial = $1 AND state = $2"
    " AND NOT EXISTS (SELECT 1 FROM ca_revocation r WHERE r.serial = ca_certificate.serial)"};
constexpr sql::Statement update_revoked{
    "ca_certificate.revoke",
    "UPDATE ca_certificate SET state = 'revoked', state_since = $2, reason = $3 WHERE serial = $1"};
constexpr sql::Statement insert_revocation_statement{
    "ca_revocation.insert",
    "INSERT INTO ca_revocation (serial, issuer, reason, revoked_at, listed_until, actor_id,"
    " actor_name, reference) VALUES ($1,$2,$3,$4,$5,$6,$7,$8) ON CONFLICT DO NOTHING"};
constexpr sql::Statement select_revocation{
    "ca_revocation.find",
    "SELECT serial, issuer, reason, revoked_at, listed_until, actor_id, actor_name, reference"
    " FROM ca_revocation WHERE serial = $1"};
constexpr sql::Statement select_listed{
    "ca_revocation.listed",
    "SELECT serial, reason, revoked_at FROM ca_revocation"
    " WHERE issuer = $1 AND listed_until > $2 AND serial > $3 ORDER BY serial LIMIT $4"};
constexpr sql::Statement select_held{
    "ca_certificate.held",
    "SELECT serial, state_since FROM ca_certificate WHERE issuer = $1 AND state = 'hold'"
    " AND not_after > $2 AND serial > $3 ORDER BY serial LIMIT $4"};
constexpr sql::Statement issuer_of{"ca_certificate.issuer_of",
                                   "SELECT issuer FROM ca_certificate WHERE serial = $1"};

CertificateState state_from(std::string_view name) {
    if (name == "in_force") return CertificateState::InForce;
    if (name == "revoked") return CertificateState::Revoked;
    return CertificateState::Hold;
}

CertificateRecord record_of(const sql::Row& row) {
    CertificateRecord out;
    out.serial = row.text("serial");
    out.issuer = row.text("issuer");
    out.order_id = row.text("order_id");
    out.profile = row.text("profile");
    out.common_name = row.text("common_name");
    out.email = row.text("email");
    out.subject = row.text("subject");
    out.subject_key = row.text("subject_key");
    out.not_before = row.instant("not_before");
    out.not_after = row.instant("not_after");
    out.issued_at = row.instant("issued_at");
    out.state = state_from(row.text("state"));
    out.state_since = row.instant("state_since");
    out.reason = static_cast<RevocationReason>(row.integer("reason"));
    out.der = row.bytes("der");
    return out;
}

std::optional<CertificateRecord> one(const sql::Rows& rows) {
    if (rows.empty()) return std::nullopt;
    return record_of(rows[0]);
}

std::vector<CertificateRecord> all(const sql::Rows& rows) {
    std::vector<CertificateRecord> out;
    for (const auto row : rows) out.push_back(record_of(row));
    return out;
}

}  // namespace

std::string_view to_name(CertificateState state) {
    switch (state) {
        case CertificateState::Hold:
            return "hold";
        case CertificateState::InForce:
            return "in_force";
        case CertificateState::Revoked:
            break;
    }
    return "revoked";
}

bool insert_certificate(sql::Transaction& tx, const CertificateRecord& r) {
    std::optional<std::string> order_id;
    if (!r.order_id.empty()) order_id = r.order_id;
    if (tx.execute(insert_statement, r.serial, r.issuer, order_id, r.profile, r.common_name,
                   r.email, r.subject, r.subject_key, r.not_before, r.not_after, r.issued_at,
                   to_name(r.state), r.state_since, static_cast<int>(r.reason), r.der) != 1) {
        return false;
    }
    append_status_event(tx, r.serial, r.issuer, true, r.issued_at);
    return true;
}

std::optional<CertificateRecord> find_certificate(sql::Reader& reader, std::string_view serial) {
    return one(reader.query(select_by_serial, serial));
}

std::optional<CertificateRecord> find_certificate_of_order(sql::Reader& reader,
                                                           std::string_view order_id) {
    return one(reader.query(select_by_order, order_id));
}

std::vector<CertificateRecord> list_certificates_by_email(sql::Reader& reader,
                                                          std::string_view email) {
    return all(reader.query(select_by_email, email));
}

std::vector<CertificateRecord> list_certificates_by_key(sql::Reader& reader,
                                                        std::string_view subject_key) {
    return all(reader.query(select_by_key, subject_key));
}

std::vector<CertificateRecord> list_certificates(sql::Reader& reader, std::string_view after,
                                                 std::int64_t count_max) {
    return all(reader.query(select_after, after, count_max));
}

bool change_state(sql::Transaction& tx, std::string_view serial, CertificateState from,
                  CertificateState to, Instant now) {
    if (tx.execute(update_state, serial, to_name(from), to_name(to), now) != 1) return false;
    append_status_event(tx, serial, tx.query(issuer_of, serial)[0].text("issuer"), false, now);
    return true;
}

bool insert_revocation(sql::Transaction& tx, const Revocation& r) {
    if (tx.execute(insert_revocation_statement, r.serial, r.issuer, static_cast<int>(r.reason),
                   r.revoked_at, r.listed_until, r.actor_id, r.actor_name, r.reference) != 1) {
        return false;
    }
    tx.execute(update_revoked, r.serial, r.revoked_at, static_cast<int>(r.reason));
    append_status_event(tx, r.serial, r.issuer, false, r.revoked_at);
    return true;
}

std::optional<Revocation> find_revocation(sql::Reader& reader, std::string_view serial) {
    const auto rows = reader.query(select_revocation, serial);
    if (rows.empty()) return std::nullopt;
    const auto row = rows[0];
    return Revocation{row.text("serial"),
                      row.text("issuer"),
                      static_cast<RevocationReason>(row.integer("reason")),
                      row.instant("revoked_at"),
                      row.instant("listed_until"),
                      row.integer("actor_id"),
                      row.text("actor_name"),
                      row.text("reference")};
}

std::vector<Listed> list_revoked(sql::Reader& reader, std::string_view issuer, Instant now,
                                 std::string_view after, std::int64_t count_max) {
    std::vector<Listed> out;
    const auto rows = reader.query(select_listed, issuer, now, after, count_max);
    for (const auto row : rows) {
        out.push_back({row.text("serial"), static_cast<RevocationReason>(row.integer("reason")),
                       row.instant("revoked_at")});
    }
    return out;
}

std::vector<Listed> list_held(sql::Reader& reader, std::string_view issuer, Instant now,
                              std::string_view after, std::int64_t count_max) {
    std::vector<Listed> out;
    const auto rows = reader.query(select_held, issuer, now, after, count_max);
    for (const auto row : rows) {
        out.push_back(
            {row.text("serial"), RevocationReason::CertificateHold, row.instant("state_since")});
    }
    return out;
}

}  // namespace antin::ledger
