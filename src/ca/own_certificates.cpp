#include "ca/own_certificates.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "audit/journal.hpp"
#include "ca/profiles.hpp"
#include "ca/signing.hpp"
#include "ledger/orders.hpp"
#include "pki/certificate.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "pki/lint.hpp"
#include "pki/oids.hpp"

namespace antin::ca {
namespace {

using std::chrono::days;

pki::CertificateBody body_of(const OwnCertificate& wanted, const pki::Profile& profile,
                             const pki::CertificateView* issuer, BytesView key, BytesView key_id,
                             pki::KeyKind signer, Instant now) {
    using namespace pki;
    CertificateBody body;
    body.serial = random_serial();
    body.signer = signer;
    body.subject = encode_name({{std::string{oids::country}, wanted.country},
                                {std::string{oids::organisation}, wanted.organisation},
                                {std::string{oids::common_name}, wanted.common_name}});
    body.issuer =
        issuer == nullptr ? body.subject : Bytes{issuer->subject.begin(), issuer->subject.end()};
    body.not_before = std::chrono::floor<std::chrono::seconds>(now);
    body.not_after = body.not_before + days{wanted.validity_days};
    if (issuer != nullptr) body.not_after = std::min(body.not_after, issuer->not_after);
    body.public_key_info.assign(key.begin(), key.end());
    const bool authority = profile.sort != Profile::Sort::Responder;
    if (authority) {
        const bool issuing = profile.sort == Profile::Sort::Issuing;
        body.extensions.push_back(
            extensions::basic_constraints(true, issuing ? std::optional{0} : std::nullopt));
    }
    body.extensions.push_back(
        extensions::key_usage(authority ? profile.key_usage_rsa : profile.key_usage_ec));
    if (!profile.extended_key_usage.empty()) {
        body.extensions.push_back(extensions::extended_key_usage(profile.extended_key_usage));
    }
    body.extensions.push_back(extensions::subject_key_id(key_id));
    if (issuer != nullptr) {
        body.extensions.push_back(extensions::authority_key_id(subject_key_id_of(*issuer)));
    }
    if (!profile.policy_oid.empty()) {
        body.extensions.push_back(extensions::policy(profile.policy_oid, profile.cps_url));
    }
    if (profile.sort == Profile::Sort::Issuing) {
        const Addresses at = addresses_of(wanted.status_url, wanted.issuer->name);
        body.extensions.push_back(extensions::crl_distribution(at.crl));
        body.extensions.push_back(extensions::authority_access("", at.certificate));
    }
    if (!authority) body.extensions.push_back(extensions::ocsp_nocheck());
    return body;
}

Status judge(BytesView body, pki::KeyKind signer, const pki::Profile& profile,
             const pki::CertificateView* issuer) {
    const Bytes whole = pki::assemble(body, signer, pki::placeholder_signature(signer));
    ANTIN_TRY(view, pki::read_certificate(whole));
    pki::LintContext context;
    context.issuer = issuer;
    const auto departures = pki::lint(view, profile, context);
    if (departures.empty()) return {};
    return fail(ErrorKind::Refused, "ca.lint", departures[0].rule + ": " + departures[0].detail);
}

}  // namespace

Result<MadeCertificate> make_own_certificate(sql::Database& db, const Clock& clock,
                                             const OwnCertificate& wanted,
                                             BytesView subject_public_key_info,
                                             pki::Signer& issuer_key) {
    ANTIN_TRY(profile, find_profile(wanted.profile));
    std::optional<pki::CertificateView> issuer;
    if (wanted.issuer != nullptr) {
        ANTIN_TRY(view, pki::read_certificate(wanted.issuer->der));
        issuer = std::move(view);
    }
    const pki::CertificateView* issuer_view = issuer ? &*issuer : nullptr;
    ANTIN_TRY(key_id, pki::key_identifier(subject_public_key_info));
    ANTIN_TRY(verifier, pki::PublicKey::read(issuer_key.public_key_info()));
    const Instant now = clock.now();
    const auto body = body_of(wanted, *profile, issuer_view, subject_public_key_info, key_id,
                              issuer_key.kind(), now);
    const Bytes tbs = pki::encode_body(body);
    ANTIN_CHECK(judge(tbs, issuer_key.kind(), *profile, issuer_view));
    const std::string serial = pki::serial_text(body.serial);
    const std::string issuer_name = wanted.issuer == nullptr ? "root" : wanted.issuer->name;
    ANTIN_CHECK(db.transact([&](sql::Transaction& tx) -> Status {
        ledger::Serial intent;
        intent.serial = serial;
        intent.issuer = issuer_name;
        intent.purpose = wanted.profile;
        intent.subject_key = to_hex(pki::sha256(subject_public_key_info));
        intent.body = tbs;
        intent.state = "open";
        intent.given_at = now;
        if (!ledger::insert_serial(tx, intent)) return fail(ErrorKind::Conflict, "ca.serial_taken");
        audit::append(tx, {now, 0, "ca", "ca.own_intent", "ca_serial", serial,
                           fmt::format(R"({{"purpose":"{}"}})", wanted.profile)});
        return {};
    }));
    ANTIN_TRY(signature, sign_checked(issuer_key, verifier, pki::sha256(tbs)));
    MadeCertificate made{serial, pki::assemble(tbs, issuer_key.kind(), signature), body.not_after};
    ANTIN_TRY(view, pki::read_certificate(made.der));
    if (!std::ranges::equal(view.tbs, tbs)) return fail(ErrorKind::Internal, "ca.body_changed");
    return made;
}

Result<ledger::Responder> make_responder(sql::Database& db, const Clock& clock,
                                         const CeremonyScript& script, const ledger::Issuer& issuer,
                                         const std::string& status_url, KeyStore& keys) {
    ANTIN_TRY(former, db.read([&](sql::Reader& reader) -> Result<std::optional<ledger::Responder>> {
        return ledger::find_responder(reader, issuer.name);
    }));
    ledger::Responder out;
    out.issuer = issuer.name;
    out.key_label = fmt::format("ocsp-{}-{}", issuer.name, former ? former->id + 1 : 1);
    ANTIN_TRY(key, keys.generate(out.key_label, script.responder_key));
    ANTIN_TRY(issuer_key, keys.signer(issuer.key_label));
    OwnCertificate wanted;
    wanted.profile = "responder";
    wanted.country = script.country;
    wanted.organisation = script.organisation;
    wanted.common_name = "OCSP " + issuer.common_name;
    wanted.validity_days = script.responder_days;
    wanted.issuer = &issuer;
    wanted.status_url = status_url;
    ANTIN_TRY(made, make_own_certificate(db, clock, wanted, key->public_key_info(), *issuer_key));
    out.key_kind = pki::to_name(script.responder_key);
    out.serial = made.serial;
    out.der = made.der;
    out.not_after = made.not_after;
    out.created_at = clock.now();
    ANTIN_CHECK(db.transact([&](sql::Transaction& tx) -> Status {
        ledger::insert_responder(tx, out);
        ledger::end_serial(tx, made.serial, "done", out.created_at);
        audit::append(tx, {out.created_at, 0, "ca", "ca.responder_made", "ca_serial", made.serial,
                           fmt::format(R"({{"issuer":"{}"}})", issuer.name)});
        return {};
    }));
    ANTIN_TRY(stored, db.read([&](sql::Reader& reader) -> Result<ledger::Responder> {
        return *ledger::find_responder(reader, issuer.name);
    }));
    return stored;
}

}  // namespace antin::ca
