// Changes of status inside the caller's transaction, and look-ups.
#include <fmt/format.h>

#include <algorithm>

#include "audit/journal.hpp"
#include "ca/authority.hpp"
#include "ledger/certificates.hpp"
#include "ledger/status.hpp"
#include "pki/digest.hpp"

namespace antin::ca {
namespace {

using std::chrono::days;

/// RFC 5280, 3.3: an entry stays on one list beyond the certificate's end; a week is several lists.
constexpr days listed_after_expiry{7};

std::string detail_of(std::string_view reference, std::string_view more = {}) {
    std::string out = R"({"reference":")";
    for (const char c : reference) {
        if (c == '"' || c == '\\') out += '\\';
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
    return out + '"' + std::string{more} + '}';
}

Result<ledger::CertificateRecord> known(sql::Reader& reader, std::string_view serial) {
    const auto normal = normal_serial(serial);
    auto record = normal ? ledger::find_certificate(reader, *normal) : std::nullopt;
    if (!record) {
        return fail(ErrorKind::NotFound, "ca.serial_unknown", {},
                    {{"serial", std::string{serial}}});
    }
    return *record;
}

}  // namespace

Result<bool> revoke(sql::Transaction& tx, std::string_view serial, RevocationReason reason,
                    const Person& by, std::string_view reference, Instant now) {
    if (reason == RevocationReason::CertificateHold) {
        return fail(ErrorKind::Invalid, "ca.reason_is_hold");
    }
    ANTIN_TRY(record, known(tx, serial));
    ledger::Revocation revocation;
    revocation.serial = record.serial;
    revocation.issuer = record.issuer;
    revocation.reason = reason;
    revocation.revoked_at = now;
    revocation.listed_until = record.not_after + listed_after_expiry;
    revocation.actor_id = by.account_id;
    revocation.actor_name = by.name;
    revocation.reference = reference;
    if (!ledger::insert_revocation(tx, revocation)) return false;
    audit::append(tx,
                  {now, by.account_id, by.name, "ca.revoked", "certificate", record.serial,
                   detail_of(reference, fmt::format(R"(,"reason":{})", static_cast<int>(reason)))});
    return true;
}

Result<bool> hold(sql::Transaction& tx, std::string_view serial, const Person& by,
                  std::string_view reference, Instant now) {
    ANTIN_TRY(record, known(tx, serial));
    if (record.state == CertificateState::Hold) return false;
    if (!ledger::change_state(tx, record.serial, CertificateState::InForce, CertificateState::Hold,
                              now)) {
        return fail(ErrorKind::Refused, "ca.revoked_for_good");
    }
    audit::append(tx, {now, by.account_id, by.name, "ca.held", "certificate", record.serial,
                       detail_of(reference)});
    return true;
}

Result<bool> release_hold(sql::Transaction& tx, std::string_view serial, const Person& by,
                          std::string_view reference, Instant now) {
    ANTIN_TRY(record, known(tx, serial));
    if (record.state == CertificateState::InForce) return false;
    if (!ledger::change_state(tx, record.serial, CertificateState::Hold, CertificateState::InForce,
                              now)) {
        return fail(ErrorKind::Refused, "ca.revoked_for_good");
    }
    audit::append(tx, {now, by.account_id, by.name, "ca.hold_released", "certificate",
                       record.serial, detail_of(reference)});
    return true;
}

std::optional<std::string> normal_serial(std::string_view text) {
    std::string digits;
    if (text.starts_with("0x") || text.starts_with("0X")) text.remove_prefix(2);
    for (const char c : text) {
        if (c == ' ' || c == ':' || c == '-' || c == '\t') continue;
        if (c >= 'a' && c <= 'f')
            digits += static_cast<char>(c - 32);
        else if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'))
            digits += c;
        else
            return std::nullopt;
    }
    if (digits.empty()) return std::nullopt;
    digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
    if (digits.empty() || digits.size() > 40) return std::nullopt;
    if (digits.size() < 16) digits.insert(0, 16 - digits.size(), '0');
    return digits;
}

std::optional<CertificateRecord> find_by_serial(sql::Reader& reader, std::string_view serial) {
    const auto normal = normal_serial(serial);
    return normal ? ledger::find_certificate(reader, *normal) : std::nullopt;
}

std::optional<CertificateRecord> find_by_order(sql::Reader& reader, std::string_view order_id) {
    return ledger::find_certificate_of_order(reader, order_id);
}

std::vector<CertificateRecord> find_by_email(sql::Reader& reader, std::string_view email,
                                             Instant now, bool in_force_only) {
    auto found = ledger::list_certificates_by_email(reader, email);
    if (in_force_only) {
        std::erase_if(found, [&](const CertificateRecord& record) {
            return record.state == CertificateState::Revoked || record.not_after < now;
        });
    }
    return found;
}

std::vector<CertificateRecord> find_by_public_key(sql::Reader& reader, BytesView public_key_info) {
    return ledger::list_certificates_by_key(reader, to_hex(pki::sha256(public_key_info)));
}

}  // namespace antin::ca
