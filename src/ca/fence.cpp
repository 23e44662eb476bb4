// The fence after a restore: what the copy does not know must be brought back before anything is
// issued, or said outright by two people not to exist.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "audit/journal.hpp"
#include "ca/authority.hpp"
#include "ca/profiles.hpp"
#include "ledger/certificates.hpp"
#include "ledger/issuers.hpp"
#include "ledger/orders.hpp"
#include "ledger/status.hpp"
#include "pki/certificate.hpp"
#include "pki/crl.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "pki/oids.hpp"
#include "pki/pem.hpp"

namespace antin::ca {
namespace {

using std::chrono::days;

/// CRLs may have gone out after the newest one we were shown.
constexpr std::int64_t crl_number_margin = 1000;
/// How long a serial whose end we do not know stays on the list: the longest a certificate lasts.
constexpr days unknown_end{1826};
constexpr std::int64_t open_serials_max = 1'000'000;

struct KnownIssuer {
    ledger::Issuer record;
    pki::CertificateView view;
    pki::PublicKey key;
};

struct Evidence {
    std::vector<ledger::Revocation> revocations;
    std::vector<ledger::CertificateRecord> certificates;
    std::map<std::string, std::int64_t> crl_numbers;  // by issuer, the highest seen
};

tl::unexpected<Error> foreign() {
    return fail(ErrorKind::Invalid, "ca.evidence_foreign");
}

const KnownIssuer* find_issuer(const std::vector<KnownIssuer>& issuers, BytesView name) {
    for (const KnownIssuer& issuer : issuers) {
        if (std::ranges::equal(issuer.view.subject, name)) return &issuer;
    }
    return nullptr;
}

Status read_list(const std::vector<KnownIssuer>& issuers, BytesView der, const Person& by,
                 Instant now, Evidence& out) {
    ANTIN_TRY(crl, pki::read_crl(der));
    const KnownIssuer* issuer = find_issuer(issuers, crl.issuer);
    if (issuer == nullptr || !issuer->key.verify(crl.tbs, crl.algorithm, crl.signature)) {
        return foreign();
    }
    auto& number = out.crl_numbers[issuer->record.name];
    number = std::max(number, crl.number.value_or(0));
    return pki::for_each_entry(crl, [&](const pki::CrlEntry& entry) {
        // A hold may have been lifted since; whoever held it decides again.
        if (entry.reason == static_cast<int>(RevocationReason::CertificateHold)) return;
        ledger::Revocation revocation;
        revocation.serial = pki::serial_text(entry.serial);
        revocation.issuer = issuer->record.name;
        revocation.reason = static_cast<RevocationReason>(entry.reason);
        revocation.revoked_at = entry.revoked_at;
        revocation.listed_until = now + unknown_end;
        revocation.actor_id = by.account_id;
        revocation.actor_name = by.name;
        revocation.reference = "restore";
        out.revocations.push_back(std::move(revocation));
    });
}

Status read_one_certificate(const std::vector<KnownIssuer>& issuers, BytesView der, Instant now,
                            Evidence& out) {
    ANTIN_TRY(view, pki::read_certificate(der));
    const KnownIssuer* issuer = find_issuer(issuers, view.issuer);
    if (issuer == nullptr || !issuer->key.verify(view.tbs, view.outer_algorithm, view.signature)) {
        return foreign();
    }
    ANTIN_TRY(name, pki::read_name(view.subject));
    ledger::CertificateRecord record;
    record.serial = view.serial_text();
    record.issuer = issuer->record.name;
    record.profile = "restored";
    record.common_name = pki::value_of(name, pki::oids::common_name);
    record.email = pki::email_of(view);
    record.subject = pki::to_text(name);
    record.subject_key = to_hex(pki::sha256(view.public_key_info));
    record.not_before = view.not_before;
    record.not_after = view.not_after;
    record.issued_at = now;
    record.state = CertificateState::Hold;  // until a person who knows releases it
    record.state_since = now;
    record.der.assign(der.begin(), der.end());
    out.certificates.push_back(std::move(record));
    return {};
}

/// DER or PEM, one or many blocks.
Status read_evidence(const std::vector<KnownIssuer>& issuers, const FenceEvidence& given,
                     const Person& by, Instant now, Evidence& out) {
    for (const Bytes& file : given.crls) {
        ANTIN_TRY(blocks, pki::read_pem_or_der(as_text(file), {"X509 CRL"}));
        for (const Bytes& der : blocks) ANTIN_CHECK(read_list(issuers, der, by, now, out));
    }
    for (const Bytes& file : given.certificates) {
        ANTIN_TRY(blocks, pki::read_pem_or_der(as_text(file), {"CERTIFICATE"}));
        for (const Bytes& der : blocks) {
            ANTIN_CHECK(read_one_certificate(issuers, der, now, out));
        }
    }
    return {};
}

Result<std::vector<KnownIssuer>> load_issuers(const std::vector<ledger::Issuer>& records) {
    std::vector<KnownIssuer> out;
    for (const ledger::Issuer& record : records) {
        ANTIN_TRY(view, pki::read_certificate(record.der));
        ANTIN_TRY(key, pki::PublicKey::read(view.public_key_info));
        out.push_back({record, view, key});
    }
    return out;
}

FenceLifted write_evidence(sql::Transaction& tx, const Evidence& evidence, Instant now) {
    FenceLifted out;
    for (const auto& record : evidence.certificates) {
        if (ledger::find_certificate(tx, record.serial)) continue;
        ledger::Serial serial;
        serial.serial = record.serial;
        serial.issuer = record.issuer;
        serial.purpose = "restored";
        serial.subject_key = record.subject_key;
        serial.state = "done";
        serial.given_at = now;
        static_cast<void>(ledger::insert_serial(tx, serial));  // an intent may know it already
        out.certificates_added += ledger::insert_certificate(tx, record);
    }
    for (const auto& revocation : evidence.revocations) {
        ledger::Serial serial;
        serial.serial = revocation.serial;
        serial.issuer = revocation.issuer;
        serial.purpose = "restored";
        serial.state = "done";
        serial.given_at = now;
        static_cast<void>(ledger::insert_serial(tx, serial));
        out.revocations_added += ledger::insert_revocation(tx, revocation);
    }
    return out;
}

/// What the copy was about to sign may have been signed under that serial in the lost time.
void abandon_open_intents(sql::Transaction& tx, Instant now) {
    for (const auto& open : ledger::list_open_serials(tx, now + days{36500}, open_serials_max)) {
        ledger::end_serial(tx, open.serial, "abandoned", now);
    }
}

}  // namespace

Status raise_fence(sql::Transaction& tx, std::string_view reason, Instant now) {
    if (ledger::find_fence(tx)) return {};
    ledger::raise_fence(tx, reason, now);
    audit::append(tx, {now, 0, "ca", "ca.fence_raised", "ca", "fence"});
    return {};
}

Result<FenceLifted> lift_fence(sql::Database& db, const FenceEvidence& given, const Person& first,
                               const Person& second, Instant now) {
    if (first.account_id <= 0 || second.account_id <= 0 || first.account_id == second.account_id) {
        return fail(ErrorKind::Refused, "ca.two_people");
    }
    const bool nothing = given.crls.empty() && given.certificates.empty();
    if (nothing && !given.nothing_to_bring) return fail(ErrorKind::Refused, "ca.fence_evidence");
    ANTIN_TRY(records, db.read([](sql::Reader& reader) -> Result<std::vector<ledger::Issuer>> {
        return ledger::list_issuers(reader);
    }));
    ANTIN_TRY(issuers, load_issuers(records));
    Evidence evidence;
    ANTIN_CHECK(read_evidence(issuers, given, first, now, evidence));
    return db.transact([&](sql::Transaction& tx) -> Result<FenceLifted> {
        if (!ledger::find_fence(tx)) return fail(ErrorKind::Conflict, "ca.no_fence");
        const FenceLifted out = write_evidence(tx, evidence, now);
        abandon_open_intents(tx, now);
        for (const ledger::Issuer& issuer : records) {
            // Spends a number above everything seen, so that the next list is newer than any.
            const std::int64_t above = std::max(evidence.crl_numbers[issuer.name],
                                                ledger::last_crl_number(tx, issuer.name)) +
                                       crl_number_margin;
            static_cast<void>(ledger::start_crl(tx, issuer.name, now, now, above));
        }
        const std::string words = fmt::format("{} revocations, {} certificates",
                                              out.revocations_added, out.certificates_added);
        ledger::lift_fence(
            tx, {first.account_id, second.account_id, first.name, second.name, words}, now);
        audit::append(
            tx, {now, first.account_id, first.name, "ca.fence_lifted", "ca", "fence",
                 fmt::format(R"({{"certificates":{},"revocations":{},"second":{}}})",
                             out.certificates_added, out.revocations_added, second.account_id)});
        return out;
    });
}

}  // namespace antin::ca
