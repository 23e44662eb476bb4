#pragma once
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "ca/ceremony.hpp"
#include "ca/key_store.hpp"
#include "ca/signing.hpp"
#include "ledger/issuers.hpp"
#include "pki/certificate.hpp"
#include "pki/key.hpp"
#include "sql/sql.hpp"

namespace antin::ca {

/// A signing key that is fetched from the token when it is first needed, and compared with the
/// certificate it should belong to.
class LazyKey {
  public:
    LazyKey(KeyStore& keys, std::string label, BytesView public_key_info, pki::PublicKey verifier)
        : keys_(keys),
          label_(std::move(label)),
          public_key_info_(public_key_info.begin(), public_key_info.end()),
          verifier_(std::move(verifier)) {}
    /// Errors: those of the token; Internal "ca.key_mismatch".
    [[nodiscard]] Result<std::shared_ptr<pki::Signer>> signer();
    [[nodiscard]] const pki::PublicKey& verifier() const { return verifier_; }
    /// Signs a digest and checks the signature.
    [[nodiscard]] Result<Bytes> sign(BytesView digest);

  private:
    KeyStore& keys_;
    std::string label_;
    Bytes public_key_info_;
    pki::PublicKey verifier_;
    std::mutex mutex_;
    std::shared_ptr<pki::Signer> signer_;
};

/// One of our CAs, parsed once. `view` points into `record.der`: never copied or moved.
struct IssuerEntry {
    ledger::Issuer record;
    pki::CertificateView view;
    pki::KeyKind kind = pki::KeyKind::Rsa3072;
    Addresses addresses;
    Bytes key_id;  // subject key identifier
    std::unique_ptr<LazyKey> key;
    IssuerEntry() = default;
    IssuerEntry(const IssuerEntry&) = delete;
    IssuerEntry& operator=(const IssuerEntry&) = delete;
};

struct ResponderEntry {
    ledger::Responder record;
    pki::KeyKind kind = pki::KeyKind::Rsa2048;
    Bytes key_hash;  // SHA-1 of its key bits
    std::unique_ptr<LazyKey> key;
};

/// The authority's certificates and keys, as the ceremony made them; responders may be replaced
/// while it runs.
class IssuerBook {
  public:
    /// NotFound "ca.no_ceremony".
    [[nodiscard]] static Result<std::unique_ptr<IssuerBook>> open(sql::Database& db,
                                                                  KeyStore& keys);

    [[nodiscard]] const std::vector<std::unique_ptr<IssuerEntry>>& all() const { return issuers_; }
    /// nullptr when unknown.
    [[nodiscard]] const IssuerEntry* find(std::string_view name) const;
    [[nodiscard]] const IssuerEntry& root() const { return *issuers_.front(); }
    [[nodiscard]] const CeremonyScript& script() const { return script_; }
    [[nodiscard]] const std::string& status_url() const { return status_url_; }

    /// The responder that signs for `issuer` now; nullptr when it has none.
    [[nodiscard]] std::shared_ptr<ResponderEntry> responder(std::string_view issuer) const;
    /// Any responder by its id, also a former one.
    [[nodiscard]] Result<std::shared_ptr<ResponderEntry>> responder(std::int64_t id);
    /// Reads the newest responders again.
    Status reload_responders();

  private:
    IssuerBook(sql::Database& db, KeyStore& keys) : db_(db), keys_(keys) {}
    [[nodiscard]] Result<std::shared_ptr<ResponderEntry>> entry_of(ledger::Responder record);

    sql::Database& db_;
    KeyStore& keys_;
    CeremonyScript script_;
    std::string status_url_;
    std::vector<std::unique_ptr<IssuerEntry>> issuers_;
    mutable std::mutex mutex_;
    std::map<std::string, std::shared_ptr<ResponderEntry>, std::less<>> newest_;
    std::map<std::int64_t, std::shared_ptr<ResponderEntry>> by_id_;
};

}  // namespace antin::ca
