#include "ca/issuer_book.hpp"

#include <algorithm>

#include "pki/digest.hpp"

namespace antin::ca {

Result<std::shared_ptr<pki::Signer>> LazyKey::signer() {
    const std::lock_guard lock{mutex_};
    if (signer_ != nullptr) return signer_;
    ANTIN_TRY(found, keys_.signer(label_));
    if (found->public_key_info() != public_key_info_) {
        return fail(ErrorKind::Internal, "ca.key_mismatch", label_);
    }
    signer_ = std::move(found);
    return signer_;
}

Result<Bytes> LazyKey::sign(BytesView digest) {
    ANTIN_TRY(key, signer());
    return sign_checked(*key, verifier_, digest);
}

Result<std::unique_ptr<IssuerBook>> IssuerBook::open(sql::Database& db, KeyStore& keys) {
    struct Found {
        std::optional<ledger::Ceremony> ceremony;
        std::vector<ledger::Issuer> issuers;
    };
    ANTIN_TRY(found, db.read([](sql::Reader& reader) -> Result<Found> {
        return Found{ledger::find_ceremony(reader), ledger::list_issuers(reader)};
    }));
    if (!found.ceremony || !found.ceremony->finished_at || found.issuers.empty()) {
        return fail(ErrorKind::NotFound, "ca.no_ceremony");
    }
    auto book = std::unique_ptr<IssuerBook>(new IssuerBook{db, keys});
    ANTIN_TRY(script, read_ceremony(found.ceremony->script));
    book->script_ = script;
    book->status_url_ = found.ceremony->status_url;
    for (ledger::Issuer& record : found.issuers) {
        auto entry = std::make_unique<IssuerEntry>();
        entry->record = std::move(record);
        ANTIN_TRY(view, pki::read_certificate(entry->record.der));
        entry->view = std::move(view);
        ANTIN_TRY(kind, pki::key_kind_of(entry->view.public_key_info));
        ANTIN_TRY(verifier, pki::PublicKey::read(entry->view.public_key_info));
        entry->kind = kind;
        entry->addresses = addresses_of(book->status_url_, entry->record.name);
        entry->key_id = pki::subject_key_id_of(entry->view);
        entry->key = std::make_unique<LazyKey>(keys, entry->record.key_label,
                                               entry->view.public_key_info, std::move(verifier));
        book->issuers_.push_back(std::move(entry));
    }
    ANTIN_CHECK(book->reload_responders());
    return book;
}

const IssuerEntry* IssuerBook::find(std::string_view name) const {
    const auto found = std::ranges::find_if(
        issuers_, [&](const auto& entry) { return entry->record.name == name; });
    return found == issuers_.end() ? nullptr : found->get();
}

std::shared_ptr<ResponderEntry> IssuerBook::responder(std::string_view issuer) const {
    const std::lock_guard lock{mutex_};
    const auto found = newest_.find(issuer);
    return found == newest_.end() ? nullptr : found->second;
}

Result<std::shared_ptr<ResponderEntry>> IssuerBook::responder(std::int64_t id) {
    {
        const std::lock_guard lock{mutex_};
        if (const auto known = by_id_.find(id); known != by_id_.end()) return known->second;
    }
    ANTIN_TRY(record,
              db_.read([&](sql::Reader& reader) -> Result<std::optional<ledger::Responder>> {
                  return ledger::find_responder(reader, id);
              }));
    if (!record) return fail(ErrorKind::NotFound, "ca.responder_unknown");
    ANTIN_TRY(entry, entry_of(std::move(*record)));
    const std::lock_guard lock{mutex_};
    return by_id_.try_emplace(id, entry).first->second;
}

Status IssuerBook::reload_responders() {
    for (const auto& issuer : issuers_) {
        const std::string& name = issuer->record.name;
        ANTIN_TRY(record,
                  db_.read([&](sql::Reader& reader) -> Result<std::optional<ledger::Responder>> {
                      return ledger::find_responder(reader, name);
                  }));
        if (!record) continue;
        const auto known = responder(name);
        if (known != nullptr && known->record.id == record->id) continue;
        ANTIN_TRY(entry, entry_of(std::move(*record)));
        const std::lock_guard lock{mutex_};
        newest_[name] = entry;
        by_id_[entry->record.id] = entry;
    }
    return {};
}

Result<std::shared_ptr<ResponderEntry>> IssuerBook::entry_of(ledger::Responder record) {
    auto entry = std::make_shared<ResponderEntry>();
    entry->record = std::move(record);
    ANTIN_TRY(view, pki::read_certificate(entry->record.der));
    ANTIN_TRY(kind, pki::key_kind_of(view.public_key_info));
    ANTIN_TRY(verifier, pki::PublicKey::read(view.public_key_info));
    entry->kind = kind;
    entry->key_hash = pki::sha1(pki::public_key_bits(view.public_key_info));
    entry->key = std::make_unique<LazyKey>(keys_, entry->record.key_label, view.public_key_info,
                                           std::move(verifier));
    return entry;
}

}  // namespace antin::ca
