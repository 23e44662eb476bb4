#include "ca/issuing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "audit/journal.hpp"
#include "base/log.hpp"
#include "ca/approval_source.hpp"
#include "ca/profiles.hpp"
#include "ledger/certificates.hpp"
#include "ledger/orders.hpp"
#include "ledger/status.hpp"
#include "pki/certificate_request.hpp"
#include "pki/digest.hpp"
#include "pki/lint.hpp"

namespace antin::ca {
namespace {

using std::chrono::days;

constexpr int serial_tries_max = 8;
constexpr std::int64_t open_intents_per_round = 200;

/// One order on its way through the group.
struct Item {
    OrderTerms terms;
    Person approver;
    Bytes request_der;
    std::function<Status(sql::Transaction&, const CertificateRecord&)> on_recorded;

    std::optional<Error> error;
    std::optional<CertificateRecord> record;  // recorded, or about to be
    bool is_recorded = false;
    const IssuerEntry* issuer = nullptr;
    std::shared_ptr<const pki::Profile> profile;
    Bytes public_key_info;
    std::string subject_key;
    Bytes body;  // TBSCertificate
    std::string serial;
    bool has_intent = false;
    Bytes certificate;

    [[nodiscard]] bool is_open() const { return !error && !is_recorded; }
    void refuse(Error why) { error = std::move(why); }
    void refuse(ErrorKind kind, std::string code, std::string detail = {}) {
        error = Error{kind, std::move(code), std::move(detail), {}, {}};
    }
};

void take_request(const IssuingContext& context, IssueRequest& request, Item& item) {
    if (!ApprovalSource::take(request.approval)) {
        return item.refuse(ErrorKind::Refused, "ca.approval_used");
    }
    item.terms = request.approval.terms();
    item.approver = request.approval.approver();
    item.request_der = std::move(request.certificate_request);
    item.on_recorded = std::move(request.on_recorded);
    item.issuer = context.book.find(item.terms.issuer);
    if (item.issuer == nullptr || item.issuer->record.sort != "issuing") {
        return item.refuse(ErrorKind::Invalid, "ca.issuer_unknown");
    }
    auto profile = find_profile(item.terms.profile);
    if (!profile) return item.refuse(profile.error());
    item.profile = std::move(*profile);
    auto csr = pki::read_certificate_request(item.request_der);
    if (!csr) return item.refuse(csr.error());
    if (std::ranges::find(item.profile->keys, csr->kind) == item.profile->keys.end()) {
        return item.refuse(ErrorKind::Invalid, "key.kind");
    }
    item.public_key_info = std::move(csr->public_key_info);
    item.subject_key = to_hex(pki::sha256(item.public_key_info));
}

/// What is on record for the order already: its certificate, or an intent to go on with.
void take_up(sql::Reader& reader, Item& item, Instant now, sql::Transaction* tx) {
    const auto known = ledger::find_serial_of_order(reader, item.terms.order_id);
    if (!known) return;
    const bool same_key = known->subject_key == item.subject_key;
    if (known->state == "done") {
        item.record = ledger::find_certificate_of_order(reader, item.terms.order_id);
        if (!item.record) return item.refuse(ErrorKind::Internal, "ca.record_missing");
        if (!same_key) return item.refuse(ErrorKind::Conflict, "ca.order_has_other_key");
        item.serial = item.record->serial;
        item.certificate = item.record->der;
        return;
    }
    if (same_key) {
        item.serial = known->serial;
        item.body = known->body;
        item.has_intent = true;
        return;
    }
    // The person made another key before the first was certified: that serial is spent for ever.
    if (tx != nullptr) {
        ledger::end_serial(*tx, known->serial, "abandoned", now);
        audit::append(*tx, {now, 0, "ca", "ca.intent_abandoned", "ca_serial", known->serial});
    }
}

/// One key, one person: a key may return for the same name (renewal), never for another, and never
/// after it was revoked because somebody else may hold it.
void check_key(sql::Reader& reader, Item& item, const std::string& subject) {
    for (const auto& known : ledger::list_certificates_by_key(reader, item.subject_key)) {
        if (known.order_id == item.terms.order_id) continue;
        if (known.subject != subject || known.reason == RevocationReason::KeyCompromise) {
            return item.refuse(ErrorKind::Conflict, "csr.key_known");
        }
    }
}

pki::CertificateBody body_of(const Item& item, Bytes serial, Instant now) {
    using namespace pki;
    const IssuerEntry& issuer = *item.issuer;
    const Profile& profile = *item.profile;
    CertificateBody body;
    body.serial = std::move(serial);
    body.signer = issuer.kind;
    body.issuer.assign(issuer.view.subject.begin(), issuer.view.subject.end());
    body.subject = encode_name(subject_name(item.terms.subject));
    body.not_before = std::chrono::floor<std::chrono::seconds>(now);
    const int length =
        item.terms.validity_days > 0 ? item.terms.validity_days : profile.validity_days;
    const Instant end = item.terms.not_after.value_or(body.not_before + days{length});
    body.not_after = std::min(end, issuer.view.not_after);
    body.public_key_info = item.public_key_info;
    const auto kind = key_kind_of(item.public_key_info);
    const bool rsa = kind && is_rsa(*kind);
    const auto key_id = key_identifier(item.public_key_info);
    body.extensions.push_back(extensions::authority_key_id(issuer.key_id));
    body.extensions.push_back(extensions::subject_key_id(key_id.value_or(Bytes{})));
    body.extensions.push_back(extensions::basic_constraints(false, std::nullopt));
    body.extensions.push_back(
        extensions::key_usage(rsa ? profile.key_usage_rsa : profile.key_usage_ec));
    if (!profile.extended_key_usage.empty()) {
        body.extensions.push_back(extensions::extended_key_usage(profile.extended_key_usage));
    }
    if (!profile.policy_oid.empty()) {
        body.extensions.push_back(extensions::policy(profile.policy_oid, profile.cps_url));
    }
    const Subject& s = item.terms.subject;
    const Bytes ip = read_ip_address(s.domain_name);
    if (!s.email.empty() || !s.domain_name.empty()) {
        body.extensions.push_back(extensions::alternative_names(
            s.email, ip.empty() ? std::string_view{s.domain_name} : std::string_view{}, ip));
    }
    body.extensions.push_back(extensions::crl_distribution(issuer.addresses.crl));
    body.extensions.push_back(
        extensions::authority_access(issuer.addresses.ocsp, issuer.addresses.certificate));
    return body;
}

/// Builds the body around a fresh serial and judges the whole certificate, with a placeholder where
/// the signature will stand, before any key touches it.
void prepare(const IssuingContext& context, Item& item, Instant now) {
    Bytes serial = context.serial_source();
    item.serial = pki::serial_text(serial);
    item.body = pki::encode_body(body_of(item, std::move(serial), now));
    const Bytes whole =
        pki::assemble(item.body, item.issuer->kind, pki::placeholder_signature(item.issuer->kind));
    const auto view = pki::read_certificate(whole);
    if (!view) return item.refuse(ErrorKind::Refused, "ca.lint", view.error().detail);
    pki::LintContext lint;
    lint.issuer = &item.issuer->view;
    lint.ocsp_url = item.issuer->addresses.ocsp;
    lint.crl_url = item.issuer->addresses.crl;
    lint.issuer_url = item.issuer->addresses.certificate;
    const auto departures = pki::lint(*view, *item.profile, lint);
    if (departures.empty()) return;
    log(LogLevel::Error, "ca.lint", {{"order", item.terms.order_id}, {"rule", departures[0].rule}});
    item.refuse(ErrorKind::Refused, "ca.lint", departures[0].rule + ": " + departures[0].detail);
}

void write_intent(const IssuingContext& context, sql::Transaction& tx, Item& item,
                  const std::string& subject, Instant now) {
    const auto order = ledger::find_order(tx, item.terms.order_id);
    if (!order || !order->replaced_by.empty()) {  // given up since the proof was made
        return item.refuse(ErrorKind::Conflict, "ca.order_replaced");
    }
    take_up(tx, item, now, &tx);  // somebody else may have been faster since we looked
    if (!item.is_open() || item.has_intent || item.record) return;
    check_key(tx, item, subject);
    for (int tries = 0; item.is_open(); ++tries) {
        ledger::Serial intent;
        intent.serial = item.serial;
        intent.issuer = item.issuer->record.name;
        intent.purpose = "subscriber";
        intent.order_id = item.terms.order_id;
        intent.subject_key = item.subject_key;
        intent.body = item.body;
        intent.state = "open";
        intent.given_at = now;
        if (ledger::insert_serial(tx, intent)) break;
        if (tries == serial_tries_max) return item.refuse(ErrorKind::Internal, "ca.serial_taken");
        prepare(context, item, now);  // the serial was given before: another one
    }
    if (!item.is_open()) return;
    item.has_intent = true;
    audit::append(tx, {now, 0, "ca", "ca.intent", "ca_serial", item.serial,
                       fmt::format(R"({{"order":"{}"}})", item.terms.order_id)});
}

Status write_intents(const IssuingContext& context, std::vector<Item>& items, Instant now) {
    const bool any = std::ranges::any_of(
        items, [](const Item& item) { return item.is_open() && !item.has_intent && !item.record; });
    if (!any) return {};
    return context.db.transact([&](sql::Transaction& tx) -> Status {
        if (ledger::find_fence(tx)) return fail(ErrorKind::Refused, "ca.fenced");
        for (Item& item : items) {
            if (!item.is_open() || item.has_intent || item.record) continue;
            write_intent(context, tx, item, pki::to_text(subject_name(item.terms.subject)), now);
        }
        return {};
    });
}

/// The token signs; nothing leaves unless the signature verifies and the body is the linted one.
void sign(Item& item, Instant now) {
    auto signature = item.issuer->key->sign(pki::sha256(item.body));
    if (!signature) return item.refuse(signature.error());
    item.certificate = pki::assemble(item.body, item.issuer->kind, *signature);
    const auto view = pki::read_certificate(item.certificate);
    if (!view || !std::ranges::equal(view->tbs, item.body)) {
        return item.refuse(ErrorKind::Internal, "ca.body_changed");
    }
    CertificateRecord record;
    record.serial = item.serial;
    record.issuer = item.issuer->record.name;
    record.order_id = item.terms.order_id;
    record.profile = item.terms.profile;
    record.common_name = item.terms.subject.common_name;
    record.email = item.terms.subject.email;
    record.subject = pki::to_text(subject_name(item.terms.subject));
    record.subject_key = item.subject_key;
    record.not_before = view->not_before;
    record.not_after = view->not_after;
    record.issued_at = now;
    record.state = item.terms.on_hold ? CertificateState::Hold : CertificateState::InForce;
    record.state_since = now;
    record.der = item.certificate;
    item.record = std::move(record);
}

Status write_record(sql::Transaction& tx, Item& item, Instant now) {
    const auto serial = ledger::find_serial_of_order(tx, item.terms.order_id);
    if (!serial) return fail(ErrorKind::Internal, "ca.record_missing");
    if (serial->state ==
        "done") {  // issued before, or by another process meanwhile: that one counts
        item.record = ledger::find_certificate_of_order(tx, item.terms.order_id);
        if (!item.record) return fail(ErrorKind::Internal, "ca.record_missing");
    } else {
        if (serial->serial != item.serial) {
            return fail(ErrorKind::Conflict, "ca.order_has_other_key");
        }
        if (!ledger::insert_certificate(tx, *item.record)) {
            return fail(ErrorKind::Internal, "ca.serial_taken");
        }
        ledger::end_serial(tx, item.serial, "done", now);
        audit::append(tx, {now, item.approver.account_id, item.approver.name, "ca.issued",
                           "certificate", item.serial,
                           fmt::format(R"({{"order":"{}","sha256":"{}"}})", item.terms.order_id,
                                       to_hex(pki::sha256(item.record->der)))});
    }
    if (item.on_recorded) return item.on_recorded(tx, *item.record);
    return {};
}

/// All in one commit; when one caller's part refuses, each for itself, so that it stops nobody
/// else.
void write_records(const IssuingContext& context, std::vector<Item>& items, Instant now) {
    std::vector<Item*> ready;
    for (Item& item : items) {
        if (item.is_open() && item.record) ready.push_back(&item);
    }
    if (ready.empty()) return;
    const auto together = context.db.transact([&](sql::Transaction& tx) -> Status {
        for (Item* item : ready) ANTIN_CHECK(write_record(tx, *item, now));
        return {};
    });
    for (Item* item : ready) {
        const auto status =
            together ? Status{} : context.db.transact([&](sql::Transaction& tx) -> Status {
                return write_record(tx, *item, now);
            });
        if (status)
            item->is_recorded = true;
        else
            item->refuse(status.error());
    }
}

void reach(const IssuingContext& context, std::string_view step) {
    if (context.step) context.step(step);
}

void run(const IssuingContext& context, std::vector<Item>& items) {
    const Instant now = context.clock.now();
    const auto looked = context.db.read([&](sql::Reader& reader) -> Status {
        const bool is_fenced = ledger::find_fence(reader).has_value();
        for (Item& item : items) {
            if (item.is_open()) take_up(reader, item, now, nullptr);
            if (is_fenced && item.is_open() && !item.record) {
                item.refuse(ErrorKind::Refused, "ca.fenced");
            }
        }
        return {};
    });
    for (Item& item : items) {
        if (!looked && item.is_open()) item.refuse(looked.error());
        if (item.is_open() && !item.has_intent && !item.record) prepare(context, item, now);
    }
    reach(context, "prepared");
    if (const auto written = write_intents(context, items, now); !written) {
        for (Item& item : items) {
            if (item.is_open() && !item.record) item.refuse(written.error());
        }
    }
    reach(context, "intent");
    std::optional<Error> token_error;
    for (Item& item : items) {
        if (!item.is_open() || item.record) continue;
        // When the token is gone, the rest of the group need not wait for it one by one.
        if (token_error)
            item.refuse(*token_error);
        else
            sign(item, context.clock.now());
        if (item.error && item.error->kind == ErrorKind::Unavailable) token_error = item.error;
    }
    reach(context, "signed");
    write_records(context, items, context.clock.now());
    reach(context, "recorded");
}

}  // namespace

std::vector<Result<CertificateRecord>> issue_group(const IssuingContext& context,
                                                   std::span<IssueRequest> requests) {
    std::vector<Item> items(requests.size());
    for (std::size_t i = 0; i < requests.size(); ++i) take_request(context, requests[i], items[i]);
    run(context, items);
    std::vector<Result<CertificateRecord>> out;
    out.reserve(items.size());
    for (Item& item : items) {
        if (item.error)
            out.emplace_back(fail(std::move(*item.error)));
        else
            out.emplace_back(std::move(*item.record));
    }
    return out;
}

Result<int> finish_open_intents(const IssuingContext& context, Instant given_before) {
    ANTIN_TRY(items, context.db.read([&](sql::Reader& reader) -> Result<std::vector<Item>> {
        std::vector<Item> found;
        if (ledger::find_fence(reader)) return found;
        for (auto& open : ledger::list_open_serials(reader, given_before, open_intents_per_round)) {
            auto approval = ApprovalSource::load(reader, open.order_id);
            if (!approval || !ApprovalSource::take(*approval)) continue;
            Item item;
            item.terms = approval->terms();
            item.approver = approval->approver();
            item.issuer = context.book.find(item.terms.issuer);
            if (item.issuer == nullptr) continue;
            item.subject_key = open.subject_key;
            item.serial = open.serial;
            item.body = std::move(open.body);
            item.has_intent = true;
            found.push_back(std::move(item));
        }
        return found;
    }));
    int finished = 0;
    for (Item& item : items) {
        sign(item, context.clock.now());
        if (item.error) return fail(std::move(*item.error));
    }
    write_records(context, items, context.clock.now());
    for (const Item& item : items) finished += item.is_recorded;
    return finished;
}

}  // namespace antin::ca
