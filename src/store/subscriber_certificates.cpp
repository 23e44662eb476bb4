#include "store/subscriber_certificates.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace antin::store {
namespace {

#define ANTIN_CERTIFICATE_COLUMNS                                                              \
    "c.serial AS serial, c.subscriber_id AS subscriber_id, c.agency_id AS agency_id,"          \
    " c.kind AS kind, c.carrier AS carrier, c.device_id AS device_id, c.line_id AS line_id,"   \
    " c.common_name AS common_name, c.email AS email, c.not_before AS not_before,"             \
    " c.not_after AS not_after, c.state AS state, c.state_at AS state_at, c.reason AS reason," \
    " c.predecessor AS predecessor, c.successor AS successor, c.renewals AS renewals,"         \
    " c.is_demo AS is_demo, c.version AS version"
#define ANTIN_CERTIFICATE "SELECT " ANTIN_CERTIFICATE_COLUMNS " FROM subscriber_certificate c"

const sql::Statement insert_certificate{
    "subscriber_certificate.insert",
    "INSERT INTO subscriber_certificate (serial, subscriber_id, agency_id, kind, carrier,"
    " device_id, line_id, common_name, email, not_before, not_after, state, state_at, reason,"
    " predecessor, successor, renewals, is_demo) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10,"
    " $11, $12, $13, $14, $15, $16, $17, $18)"};
const sql::Statement update_certificate{
    "subscriber_certificate.update",
    "UPDATE subscriber_certificate SET agency_id = $1, device_id = $2, state = $3, state_at = $4,"
    " reason = $5, predecessor = $6, successor = $7, version = version + 1"
    " WHERE serial = $8 AND version = $9"};
const sql::Statement select_by_serial{"subscriber_certificate.by_serial",
                                      ANTIN_CERTIFICATE " WHERE c.serial = $1"};
const sql::Statement select_by_subscriber{
    "subscriber_certificate.by_subscriber",
    ANTIN_CERTIFICATE " WHERE c.subscriber_id = $1 ORDER BY c.not_before DESC, c.serial"};
const sql::Statement select_by_device{
    "subscriber_certificate.by_device",
    ANTIN_CERTIFICATE " WHERE c.device_id = $1 ORDER BY c.not_before DESC, c.serial"};
const sql::Statement select_by_subject{
    "subscriber_certificate.by_subject", ANTIN_CERTIFICATE
    " JOIN subscriber s ON s.id = c.subscriber_id WHERE s.subject_key = $1"
    " AND c.state IN ('on_hold', 'in_force') AND c.not_after > $2 ORDER BY c.not_before DESC"
    " LIMIT 20"};

const sql::Statement select_by_dossier{
    "subscriber_certificate.by_dossier",
    "SELECT DISTINCT s.subject_key AS subject_key, " ANTIN_CERTIFICATE_COLUMNS
    " FROM dossier_line l JOIN subscriber s ON s.subject_key = l.subject_key"
    " JOIN subscriber_certificate c ON c.subscriber_id = s.id"
    " WHERE l.dossier_id = $1 AND l.subject_key <> '' AND c.state IN ('on_hold', 'in_force')"
    " AND c.not_after > $2 ORDER BY c.not_before DESC"};

SubscriberCertificate certificate_from(const sql::Row& row) {
    SubscriberCertificate out;
    const auto kind = domain::parse<domain::SubscriberKind>(row.text("kind"));
    const auto carrier = domain::parse<domain::Carrier>(row.text("carrier"));
    const auto state = domain::parse<domain::CertificateState>(row.text("state"));
    if (!kind || !carrier || !state) throw sql::Failure("unknown word in subscriber_certificate");
    out.serial = row.text("serial");
    out.subscriber_id = row.integer("subscriber_id");
    out.agency_id = row.integer("agency_id");
    out.kind = *kind;
    out.carrier = *carrier;
    out.device_id = row.maybe_integer("device_id");
    out.line_id = row.maybe_integer("line_id");
    out.common_name = row.text("common_name");
    out.email = row.text("email");
    out.not_before = row.instant("not_before");
    out.not_after = row.instant("not_after");
    out.state = *state;
    out.state_at = row.instant("state_at");
    out.reason = row.text("reason");
    out.predecessor = row.maybe_text("predecessor");
    out.successor = row.maybe_text("successor");
    out.renewals = row.integer("renewals");
    out.is_demo = row.boolean("is_demo");
    out.version = row.integer("version");
    return out;
}

std::vector<SubscriberCertificate> every(const sql::Rows& rows) {
    std::vector<SubscriberCertificate> out;
    out.reserve(rows.size());
    for (const sql::Row row : rows) out.push_back(certificate_from(row));
    return out;
}

/// "%" and "_" of what a person typed stand for themselves.
std::string pattern_of(std::string_view words) {
    std::string out = "%";
    for (const char c : words) {
        if (c == '%' || c == '_' || c == '!') out += '!';
        out += c;
    }
    return out + '%';
}

struct Built {
    std::string where;
    std::vector<sql::Value> values;
    std::string add(sql::Value value) {
        values.push_back(std::move(value));
        return fmt::format("${}", values.size());
    }
};

Built built(const CertificateFilter& filter) {
    Built out;
    out.where = " WHERE c.agency_id = " + out.add(sql::value_of(filter.agency_id));
    if (!filter.states.empty()) {
        std::string list;
        for (const auto state : filter.states) {
            list += (list.empty() ? "" : ", ") + out.add(sql::value_of(domain::to_text(state)));
        }
        out.where += " AND c.state IN (" + list + ")";
    }
    if (filter.ends_after) {
        out.where += " AND c.not_after > " + out.add(sql::value_of(*filter.ends_after));
    }
    if (filter.ends_before) {
        out.where += " AND c.not_after <= " + out.add(sql::value_of(*filter.ends_before));
    }
    if (const auto words = trim(filter.words); !words.empty()) {
        std::string serial;
        for (const char c : words) {
            if (c != ' ' && c != ':' && c != '-') serial += c;
        }
        const auto name = out.add(sql::value_of(pattern_of(fold(words))));
        const auto email = out.add(sql::value_of(pattern_of(to_lower(words))));
        const auto number = out.add(sql::value_of(pattern_of(to_upper(serial))));
        out.where += " AND (s.name_folded LIKE " + name + " ESCAPE '!' OR lower(c.email) LIKE " +
                     email + " ESCAPE '!' OR c.serial LIKE " + number + " ESCAPE '!')";
    }
    return out;
}

}  // namespace

domain::CertificateState SubscriberCertificate::state_on(Instant now) const {
    using enum domain::CertificateState;
    const bool ended = state == Revoked || state == Replaced;
    return !ended && not_after <= now ? Expired : state;
}

void add_certificate(sql::Transaction& tx, const SubscriberCertificate& c) {
    tx.execute(insert_certificate, c.serial, c.subscriber_id, c.agency_id, domain::to_text(c.kind),
               domain::to_text(c.carrier), c.device_id, c.line_id, c.common_name, c.email,
               c.not_before, c.not_after, domain::to_text(c.state), c.state_at, c.reason,
               c.predecessor, c.successor, c.renewals, c.is_demo);
}

std::optional<SubscriberCertificate> find_subscriber_certificate(sql::Reader& db,
                                                                 std::string_view serial) {
    const auto rows = db.query(select_by_serial, serial);
    if (rows.size() == 0) return std::nullopt;
    return certificate_from(rows[0]);
}

bool save_certificate(sql::Transaction& tx, SubscriberCertificate& c) {
    if (tx.execute(update_certificate, c.agency_id, c.device_id, domain::to_text(c.state),
                   c.state_at, c.reason, c.predecessor, c.successor, c.serial, c.version) != 1) {
        return false;
    }
    ++c.version;
    return true;
}

std::vector<SubscriberCertificate> certificates_of_subscriber(sql::Reader& db,
                                                              std::int64_t subscriber_id) {
    return every(db.query(select_by_subscriber, subscriber_id));
}

std::vector<SubscriberCertificate> certificates_on_device(sql::Reader& db, std::int64_t device_id) {
    return every(db.query(select_by_device, device_id));
}

std::vector<SubscriberCertificate> certificates_of_subject(sql::Reader& db,
                                                           std::string_view subject_key,
                                                           Instant now) {
    return every(db.query(select_by_subject, subject_key, now));
}

std::vector<CertificateOfSubject> certificates_of_dossier(sql::Reader& db, std::int64_t dossier_id,
                                                          Instant now) {
    std::vector<CertificateOfSubject> out;
    const auto rows = db.query(select_by_dossier, dossier_id, now);
    for (const sql::Row row : rows) {
        out.push_back({row.text("subject_key"), certificate_from(row)});
    }
    return out;
}

std::vector<SubscriberCertificate> list_certificates(sql::Reader& db,
                                                     const CertificateFilter& filter) {
    auto query = built(filter);
    const auto limit = query.add(sql::value_of(filter.limit));
    const auto offset = query.add(sql::value_of(filter.offset));
    const std::string text = ANTIN_CERTIFICATE " JOIN subscriber s ON s.id = c.subscriber_id" +
                             query.where + " ORDER BY c.not_after, c.serial LIMIT " + limit +
                             " OFFSET " + offset;
    return every(db.query_built("subscriber_certificate.list", text, query.values));
}

std::int64_t count_certificates(sql::Reader& db, const CertificateFilter& filter) {
    const auto query = built(filter);
    const std::string text =
        "SELECT COUNT(*) AS n FROM subscriber_certificate c"
        " JOIN subscriber s ON s.id = c.subscriber_id" +
        query.where;
    return db.query_built("subscriber_certificate.count", text, query.values)[0].integer("n");
}

}  // namespace antin::store
