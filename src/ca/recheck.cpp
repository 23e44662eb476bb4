#include "ca/recheck.hpp"

#include <algorithm>
#include <map>

#include "ca/profiles.hpp"
#include "ledger/certificates.hpp"
#include "ledger/issuers.hpp"
#include "pki/certificate.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "pki/lint.hpp"

namespace antin::ca {
namespace {

constexpr std::int64_t page_rows = 500;
constexpr std::size_t findings_max = 1000;

struct KnownIssuer {
    ledger::Issuer record;
    pki::CertificateView view;
    pki::PublicKey key;
};
using Issuers = std::map<std::string, KnownIssuer, std::less<>>;

Result<Issuers> load(sql::Database& db) {
    ANTIN_TRY(records, db.read([](sql::Reader& reader) -> Result<std::vector<ledger::Issuer>> {
        return ledger::list_issuers(reader);
    }));
    Issuers out;
    for (ledger::Issuer& record : records) {
        KnownIssuer& known = out[record.name];
        known.record = std::move(record);
        ANTIN_TRY(view, pki::read_certificate(known.record.der));
        known.view = std::move(view);
        ANTIN_TRY(key, pki::PublicKey::read(known.view.public_key_info));
        known.key = std::move(key);
    }
    return out;
}

void judge(const Issuers& issuers, const ledger::CertificateRecord& record, RecheckOutcome& out) {
    const auto add = [&](std::string rule, std::string detail) {
        if (out.findings.size() >= findings_max) return;
        out.findings.push_back({record.serial, std::move(rule), std::move(detail)});
    };
    const auto view = pki::read_certificate(record.der);
    const auto issuer = issuers.find(record.issuer);
    if (!view || issuer == issuers.end()) return add("malformed", "cannot be read");
    if (!issuer->second.key.verify(view->tbs, view->outer_algorithm, view->signature)) {
        add("signature", "not made by the key of its issuer");
    }
    if (view->serial_text() != record.serial || view->not_after != record.not_after ||
        to_hex(pki::sha256(view->public_key_info)) != record.subject_key) {
        add("record", "the columns say something else than the certificate");
    }
    const auto profile = find_profile(record.profile);
    if (!profile) return;  // brought back after a restore: its profile is not known
    pki::LintContext context;
    context.issuer = &issuer->second.view;
    for (const auto& departure : pki::lint(*view, **profile, context)) {
        add(departure.rule, departure.detail);
    }
}

}  // namespace

Result<RecheckOutcome> recheck_certificates(sql::Database& db) {
    ANTIN_TRY(issuers, load(db));
    RecheckOutcome out;
    std::string after;
    while (true) {
        ANTIN_TRY(
            page,
            db.read([&](sql::Reader& reader) -> Result<std::vector<ledger::CertificateRecord>> {
                return ledger::list_certificates(reader, after, page_rows);
            }));
        for (const auto& record : page) judge(issuers, record, out);
        out.count += static_cast<std::int64_t>(page.size());
        if (page.size() < static_cast<std::size_t>(page_rows)) return out;
        after = page.back().serial;
    }
}

}  // namespace antin::ca
