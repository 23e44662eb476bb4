#pragma once
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "ca/approval.hpp"
#include "ca/key_store.hpp"
#include "ledger/certificates.hpp"
#include "sql/sql.hpp"

namespace antin::ca {

class StatusService;

using ledger::CertificateRecord;
using ledger::CertificateState;
using ledger::RevocationReason;

/// One order to fulfil: the proof and the key.
struct IssueRequest {
    Approval approval;
    Bytes certificate_request;  // PKCS#10, DER; its signature is the proof of possession
    /// Runs inside the transaction that records the certificate, so that the caller's row, its
    /// history and its notices commit with it. An error from it puts this certificate off (the
    /// intent stays and the next try goes on). May run again after a failed commit.
    std::function<Status(sql::Transaction&, const CertificateRecord&)> on_recorded = {};
};

struct AuthoritySettings {
    std::string status_url;                // "http://…": OCSP, CRL, AIA addresses
    std::filesystem::path public_dir;      // DIR/public: crl/<name>.crl, aia/<name>.crt
    int signing_threads = 2;               // issue() works on this many threads
    std::chrono::hours crl_validity{72};   // thisUpdate to nextUpdate of an issuing CA's CRL
    std::chrono::hours crl_period{24};     // a fresh one at least this often
    std::chrono::hours ocsp_validity{24};  // of a pre-signed answer; renewed at half of it
    std::chrono::milliseconds poll{200};   // how often changes of other processes are looked for
    std::chrono::days responder_renewal{
        30};  // a new responder certificate this long before the end
};

/// What `antin ca status` and the health page show.
struct AuthorityHealth {
    struct Issuer {
        std::string name, common_name, key_kind;
        Instant not_after{};
        std::int64_t crl_number = 0;
        std::optional<Instant> crl_next_update;
        std::optional<Instant> responder_not_after;
        std::string problem;  // text key, "" when well
    };
    std::vector<Issuer> issuers;  // root first
    bool is_fenced = false;
    std::string fence_reason;
    std::int64_t open_intents = 0;
};

/// The certification authority behind one door: issuing, revoking, publishing. One object per
/// process; all calls may come from any thread. Never call it inside a transaction of yours, except
/// for the free functions below that take one.
class Authority {
  public:
    virtual ~Authority() = default;

    /// Opens the authority that hold_ceremony made. `keys` holds the issuing and responder keys;
    /// the root's token is not needed and not touched.
    /// Errors: NotFound "ca.no_ceremony"; Unavailable "token.…"; Internal "ca.key_mismatch".
    [[nodiscard]] static Result<std::unique_ptr<Authority>> open(sql::Database& db,
                                                                 const Clock& clock,
                                                                 std::shared_ptr<KeyStore> keys,
                                                                 AuthoritySettings settings);

    /// The proof for one order, out of the ledger's record of who proposed and who approved.
    /// NotFound "ca.order_unknown"; Refused "ca.two_people" when the record was tampered with.
    [[nodiscard]] virtual Result<Approval> approval_of(std::string_view order_id) = 0;

    /// Issues one certificate per request, in order; durable when it returns. Idempotent per order
    /// id: an order that has its certificate gets the same one again (on_recorded runs again), an
    /// order whose token failed in the middle goes on with the serial and body already on record.
    /// Many requests in one call share commits and are signed on several threads.
    /// Errors per request: Invalid "csr.…" (unreadable, key kind, proof of possession),
    /// Conflict "ca.order_has_other_key" (already issued for another key), Refused "ca.fenced",
    /// Unavailable "token.…" (nothing half-issued: try again later), Refused "ca.lint".
    [[nodiscard]] virtual std::vector<Result<CertificateRecord>> issue(
        std::vector<IssueRequest> requests) = 0;
    [[nodiscard]] Result<CertificateRecord> issue(IssueRequest request);

    /// Issuing CA certificate, then root: the chain of `issuer`, DER each.
    [[nodiscard]] virtual std::vector<Bytes> chain(std::string_view issuer) const = 0;

    /// Status changed by the free functions below: publish now instead of at the next poll.
    virtual void wake() = 0;
    /// Starts the thread that keeps CRLs, pre-signed answers and responder certificates fresh and
    /// takes up intents left by a crash or a lost token. stop() ends it.
    virtual void start() = 0;
    virtual void stop() = 0;
    /// One round of what the thread does, for tests and the command line.
    virtual Status maintain() = 0;
    /// A fresh CRL of every issuing CA, now.
    virtual Status publish_crls() = 0;

    /// What the public status services ask; shared with the responder.
    [[nodiscard]] virtual StatusService& status() = 0;
    [[nodiscard]] virtual AuthorityHealth health() = 0;
};

/// Changes of status, inside the caller's transaction; OCSP and CRL follow within the second once
/// it commits. All write the audit entry. `reference` says why ("line:1234", a letter's number).
///
/// revoke: for good. The same again is fine (true only the first time); another reason for a
///   certificate that is revoked already changes nothing. NotFound "ca.serial_unknown".
/// hold: in force → on hold; for emergencies. Refused "ca.revoked_for_good".
/// release_hold: on hold → in force (handover confirmed, or the emergency is over by a person's
///   decision). Refused "ca.revoked_for_good"; fine (false) when it is in force already.
Result<bool> revoke(sql::Transaction& tx, std::string_view serial, RevocationReason reason,
                    const Person& by, std::string_view reference, Instant now);
Result<bool> hold(sql::Transaction& tx, std::string_view serial, const Person& by,
                  std::string_view reference, Instant now);
Result<bool> release_hold(sql::Transaction& tx, std::string_view serial, const Person& by,
                          std::string_view reference, Instant now);

/// Look-ups. A serial may be written with spaces, colons, small letters, without leading zeros.
[[nodiscard]] std::optional<std::string> normal_serial(std::string_view text);
[[nodiscard]] std::optional<CertificateRecord> find_by_serial(sql::Reader& reader,
                                                              std::string_view serial);
[[nodiscard]] std::optional<CertificateRecord> find_by_order(sql::Reader& reader,
                                                             std::string_view order_id);
/// Newest first; not expired and not revoked at `now` when `in_force_only`.
[[nodiscard]] std::vector<CertificateRecord> find_by_email(sql::Reader& reader,
                                                           std::string_view email, Instant now,
                                                           bool in_force_only);
[[nodiscard]] std::vector<CertificateRecord> find_by_public_key(sql::Reader& reader,
                                                                BytesView public_key_info);

/// After a restore: nothing is issued until lift_fence. Called by `antin restore`.
Status raise_fence(sql::Transaction& tx, std::string_view reason, Instant now);

/// What an administrator brings to move the authority past what the restored copy does not know:
/// CRLs published after the copy was made and certificates issued since, DER or PEM.
struct FenceEvidence {
    std::vector<Bytes> crls;
    std::vector<Bytes> certificates;
    bool nothing_to_bring = false;  // said outright by two people; never by default
};
struct FenceLifted {
    std::int64_t revocations_added = 0;
    std::int64_t certificates_added = 0;  // known again, on hold until a person releases them
};
/// Two different people. CRL numbers go on above every number seen; serials in the evidence are
/// never given again. Errors: Refused "ca.two_people", "ca.fence_evidence"; Invalid
/// "ca.evidence_foreign" (not signed by one of our CAs).
[[nodiscard]] Result<FenceLifted> lift_fence(sql::Database& db, const FenceEvidence& evidence,
                                             const Person& first, const Person& second,
                                             Instant now);

}  // namespace antin::ca
