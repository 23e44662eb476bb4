#include "ca/status_desk.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "ca/authority.hpp"
#include "ledger/certificates.hpp"
#include "pki/der.hpp"
#include "pki/digest.hpp"
#include "pki/oids.hpp"

namespace antin::ca {
namespace {

constexpr int signing_at_once_max = 2;  // of answers that nobody can store: nonces, unknown serials
constexpr std::size_t pending_max = 1000;
constexpr std::chrono::minutes unknown_validity{5};
/// How long a copy on the way may be kept. Short: a revocation counts within the second here, and
/// should not be hidden for long by a cache that we cannot reach.
constexpr int keep_seconds_max = 60;

StatusAnswer error_answer(pki::OcspError error) {
    const Bytes body = pki::ocsp_error(error);
    StatusAnswer out;
    out.body = std::make_shared<const std::string>(as_text(body));
    return out;
}

struct Counted {
    explicit Counted(std::atomic<int>& counter) : counter_(counter), value(++counter) {}
    ~Counted() { --counter_; }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;
    std::atomic<int>& counter_;
    int value;
};

/// Four letters to answer with at all times: malformed is the asker's fault, the rest ours.
pki::OcspError error_for(const Error& error) {
    if (error.kind == ErrorKind::Invalid || error.kind == ErrorKind::TooLarge) {
        return pki::OcspError::MalformedRequest;
    }
    if (error.kind == ErrorKind::Unavailable || error.kind == ErrorKind::TooMany) {
        return pki::OcspError::TryLater;
    }
    return pki::OcspError::InternalError;
}

}  // namespace

StatusDesk::StatusDesk(sql::Database& db, const Clock& clock, IssuerBook& book,
                       StatusDeskSettings settings)
    : db_(db), clock_(clock), book_(book), settings_(std::move(settings)) {
    for (const auto& entry : book.all()) {
        if (entry->record.sort != "issuing") continue;  // issuing CAs are checked by the root's CRL
        const BytesView name = entry->view.subject;
        const BytesView key = pki::public_key_bits(entry->view.public_key_info);
        ids_.push_back(
            {entry.get(), pki::sha1(name), pki::sha1(key), pki::sha256(name), pki::sha256(key)});
    }
}

std::optional<StatusDesk::Asked> StatusDesk::match(const pki::OcspCertId& id) const {
    const bool is_sha256 = id.hash_oid == pki::oids::sha256;
    if (!is_sha256 && id.hash_oid != pki::oids::sha1) return std::nullopt;
    for (const IssuerIds& ids : ids_) {
        if (id.issuer_name_hash != (is_sha256 ? ids.name_sha256 : ids.name_sha1)) continue;
        if (id.issuer_key_hash != (is_sha256 ? ids.key_sha256 : ids.key_sha1)) continue;
        return Asked{&ids, is_sha256, pki::serial_text(id.serial)};
    }
    return std::nullopt;
}

std::string StatusDesk::cache_key(const Asked& asked) {
    // The serial first: forgetting finds all answers about it by trying the few variants.
    return asked.serial + (asked.sha256 ? '2' : '1') + asked.issuer->entry->record.name;
}

StatusDesk::Facts StatusDesk::facts_of(sql::Reader& reader, const std::string& issuer,
                                       const std::string& serial) {
    Facts out;
    if (const auto revoked = ledger::find_revocation(reader, serial)) {
        if (revoked->issuer != issuer) return out;
        return {pki::OcspStatus::Revoked, revoked->revoked_at, static_cast<int>(revoked->reason),
                false};
    }
    const auto record = ledger::find_certificate(reader, serial);
    if (!record || record->issuer != issuer) return out;
    out.since = record->state_since;
    if (record->state == CertificateState::InForce) {
        out.status = pki::OcspStatus::Good;
        return out;
    }
    out.status = pki::OcspStatus::Revoked;
    out.is_hold = record->state == CertificateState::Hold;
    out.reason = static_cast<int>(out.is_hold ? RevocationReason::CertificateHold : record->reason);
    return out;
}

Bytes StatusDesk::cert_id(const IssuerIds& issuer, bool is_sha256,
                          const std::string& serial) const {
    const Bytes number = pki::der::unsigned_integer(from_hex(serial).value_or(Bytes{}));
    const auto element = pki::der::only(number, pki::der::tag::integer);
    return pki::encode_cert_id(is_sha256, issuer.entry->view.subject,
                               issuer.entry->view.public_key_info,
                               element ? element->content : BytesView{});
}

Result<ledger::SignedStatus> StatusDesk::sign(const IssuerIds& issuer, bool is_sha256,
                                              const std::string& serial, const Facts& facts) {
    const auto responder = book_.responder(issuer.entry->record.name);
    if (responder == nullptr) return fail(ErrorKind::Unavailable, "ca.no_responder");
    const Instant now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    const bool unknown = facts.status == pki::OcspStatus::Unknown;
    pki::OcspSingle single;
    single.cert_id = cert_id(issuer, is_sha256, serial);
    single.status = facts.status;
    single.revoked_at = facts.since;
    single.reason = facts.reason;
    single.this_update = now;
    single.next_update = unknown ? now + unknown_validity : now + settings_.validity;
    ledger::SignedStatus out;
    out.serial = serial;
    out.hash = is_sha256 ? "sha256" : "sha1";
    out.data = pki::encode_ocsp_data(responder->key_hash, now, {single}, std::nullopt);
    ANTIN_TRY(signature, responder->key->sign(pki::sha256(out.data)));
    out.signature = std::move(signature);
    out.responder_id = responder->record.id;
    out.this_update = now;
    out.next_update = *single.next_update;
    return out;
}

Result<StatusAnswer> StatusDesk::wrap(const ledger::SignedStatus& status, const Facts& facts) {
    ANTIN_TRY(responder, book_.responder(status.responder_id));
    const Bytes whole =
        pki::assemble_ocsp(status.data, responder->kind, status.signature, responder->record.der);
    StatusAnswer out;
    out.body = std::make_shared<const std::string>(as_text(whole));
    out.etag = '"' + to_hex(BytesView{pki::sha256(whole)}.first(12)) + '"';
    out.this_update = status.this_update;
    out.next_update = status.next_update;
    // On hold is about to change, unknown may be; the rest may be kept a little.
    out.max_age_seconds =
        facts.is_hold || facts.status == pki::OcspStatus::Unknown ? 0 : keep_seconds_max;
    return out;
}

void StatusDesk::keep(const std::string& key, const StatusAnswer& answer, std::uint64_t seen) {
    const std::lock_guard lock{cache_mutex_};
    if (forgotten_ != seen) return;  // the status may have changed while we read it
    if (cache_.size() >= settings_.cache_entries_max) cache_.erase(cache_.begin());
    cache_[key] = answer;
}

Result<StatusAnswer> StatusDesk::one(const Asked& asked) {
    const std::uint64_t seen = forgotten_;
    const std::string& issuer = asked.issuer->entry->record.name;
    struct Found {
        Facts facts;
        std::optional<ledger::SignedStatus> stored;
    };
    ANTIN_TRY(found, db_.read([&](sql::Reader& reader) -> Result<Found> {
        Found out{facts_of(reader, issuer, asked.serial), std::nullopt};
        if (out.facts.status != pki::OcspStatus::Unknown) {
            out.stored =
                ledger::find_signed_status(reader, asked.serial, asked.sha256 ? "sha256" : "sha1");
        }
        return out;
    }));
    const bool unknown = found.facts.status == pki::OcspStatus::Unknown;
    if (found.stored && found.stored->next_update > clock_.now()) {
        ANTIN_TRY(answer, wrap(*found.stored, found.facts));
        keep(cache_key(asked), answer, seen);
        return answer;
    }
    const Counted counted{signing_now_};
    if (unknown && counted.value > signing_at_once_max) {
        return fail(ErrorKind::TooMany, "ca.status_busy");
    }
    ANTIN_TRY(status, sign(*asked.issuer, asked.sha256, asked.serial, found.facts));
    ANTIN_TRY(answer, wrap(status, found.facts));
    if (unknown) return answer;  // strangers could fill memory with serials of their invention
    keep(cache_key(asked), answer, seen);
    const std::lock_guard lock{pending_mutex_};
    if (pending_.size() < pending_max) pending_.push_back({issuer, status, found.facts});
    return answer;
}

Result<StatusAnswer> StatusDesk::on_the_spot(const pki::OcspRequest& request,
                                             const std::vector<Asked>& asked) {
    const Counted counted{signing_now_};
    if (counted.value > signing_at_once_max) {
        // Under load the answer signed before stands in; RFC 6960 lets a responder leave a nonce
        // out.
        if (asked.size() == 1) return one(asked[0]);
        return fail(ErrorKind::TooMany, "ca.status_busy");
    }
    const std::string& issuer = asked[0].issuer->entry->record.name;
    const auto responder = book_.responder(issuer);
    if (responder == nullptr) return fail(ErrorKind::Unavailable, "ca.no_responder");
    const Instant now = std::chrono::floor<std::chrono::seconds>(clock_.now());
    ANTIN_TRY(singles, db_.read([&](sql::Reader& reader) -> Result<std::vector<pki::OcspSingle>> {
        std::vector<pki::OcspSingle> out;
        for (std::size_t i = 0; i < asked.size(); ++i) {
            const Facts facts = facts_of(reader, issuer, asked[i].serial);
            out.push_back({request.ids[i].whole, facts.status, facts.since, facts.reason, now,
                           now + unknown_validity});
        }
        return out;
    }));
    const Bytes data = pki::encode_ocsp_data(responder->key_hash, now, singles, request.nonce);
    ANTIN_TRY(signature, responder->key->sign(pki::sha256(data)));
    StatusAnswer out;
    out.body = std::make_shared<const std::string>(
        as_text(pki::assemble_ocsp(data, responder->kind, signature, responder->record.der)));
    out.this_update = now;
    out.next_update = now + unknown_validity;
    return out;
}

std::optional<StatusAnswer> StatusDesk::quick(BytesView bytes) {
    const auto request = pki::read_ocsp_request(bytes);
    if (!request || request->nonce || request->ids.size() != 1) return std::nullopt;
    const auto asked = match(request->ids[0]);
    if (!asked) return std::nullopt;
    const std::string key = cache_key(*asked);
    const Instant now = clock_.now();
    const std::lock_guard lock{cache_mutex_};
    const auto found = cache_.find(key);
    if (found == cache_.end()) return std::nullopt;
    if (found->second.next_update > now) return found->second;
    cache_.erase(found);
    return std::nullopt;
}

StatusAnswer StatusDesk::answer(BytesView bytes) {
    if (auto known = quick(bytes)) return std::move(*known);
    const auto request = pki::read_ocsp_request(bytes);
    if (!request) return error_answer(error_for(request.error()));
    std::vector<Asked> asked;
    for (const auto& id : request->ids) {
        auto matched = match(id);
        // RFC 6960, 2.3: not our certificate to speak about; nor can one key sign for two issuers.
        if (!matched || (!asked.empty() && asked[0].issuer != matched->issuer)) {
            return error_answer(pki::OcspError::Unauthorized);
        }
        asked.push_back(std::move(*matched));
    }
    const bool single = asked.size() == 1 && !request->nonce;
    auto answered = single ? one(asked[0]) : on_the_spot(*request, asked);
    if (answered) return std::move(*answered);
    log(LogLevel::Warning, "ca.status_failed", {{"code", answered.error().code}});
    return error_answer(error_for(answered.error()));
}

void StatusDesk::forget(const std::vector<std::string>& serials) {
    const std::lock_guard lock{cache_mutex_};
    ++forgotten_;
    for (const std::string& serial : serials) {
        for (const IssuerIds& ids : ids_) {
            cache_.erase(cache_key({&ids, false, serial}));
            cache_.erase(cache_key({&ids, true, serial}));
        }
    }
}

void StatusDesk::forget_all() {
    const std::lock_guard lock{cache_mutex_};
    ++forgotten_;
    cache_.clear();
}

Status StatusDesk::presign(const std::vector<std::string>& serials) {
    struct Wanted {
        const IssuerIds* issuer;
        std::string serial;
        Facts facts;
    };
    ANTIN_TRY(wanted, db_.read([&](sql::Reader& reader) -> Result<std::vector<Wanted>> {
        std::vector<Wanted> out;
        for (const std::string& serial : serials) {
            const auto record = ledger::find_certificate(reader, serial);
            if (!record) continue;
            const auto ids = std::ranges::find_if(
                ids_, [&](const IssuerIds& i) { return i.entry->record.name == record->issuer; });
            if (ids == ids_.end()) continue;
            out.push_back({&*ids, serial, facts_of(reader, record->issuer, serial)});
        }
        return out;
    }));
    for (const Wanted& want : wanted) {
        ANTIN_TRY(status, sign(*want.issuer, false, want.serial, want.facts));
        const std::lock_guard lock{pending_mutex_};
        pending_.push_back({want.issuer->entry->record.name, std::move(status), want.facts});
    }
    return store_pending();
}

Status StatusDesk::store_pending() {
    std::vector<Pending> all;
    {
        const std::lock_guard lock{pending_mutex_};
        all.swap(pending_);
    }
    if (all.empty()) return {};
    return db_.transact([&](sql::Transaction& tx) -> Status {
        for (const Pending& pending : all) {
            if (facts_of(tx, pending.issuer, pending.status.serial) != pending.facts) continue;
            ledger::put_signed_status(tx, pending.status);
        }
        return {};
    });
}

Result<std::filesystem::path> StatusDesk::public_file(std::string_view name, const char* folder,
                                                      const char* extension) {
    for (const auto& entry : book_.all()) {
        const std::string file = entry->record.name + extension;
        if (file == name) return settings_.public_dir / folder / file;
    }
    return fail(ErrorKind::NotFound, "ca.no_such_file");
}

Result<std::filesystem::path> StatusDesk::crl_file(std::string_view name) {
    return public_file(name, "crl", ".crl");
}

Result<std::filesystem::path> StatusDesk::certificate_file(std::string_view name) {
    return public_file(name, "aia", ".crt");
}

}  // namespace antin::ca
