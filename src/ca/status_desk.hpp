#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "ca/issuer_book.hpp"
#include "ca/status.hpp"
#include "ledger/status.hpp"
#include "pki/ocsp.hpp"
#include "sql/sql.hpp"

namespace antin::ca {

struct StatusDeskSettings {
    std::filesystem::path public_dir;
    std::chrono::hours validity{24};
    std::size_t cache_entries_max = 8000;  // about 2.5 KB each
};

/// Answers OCSP requests: out of memory, out of the ledger's pre-signed answers, or by signing.
/// Correctness never depends on a cache: a change of status deletes the stored answer in its own
/// transaction, and what is in memory is dropped when the event is seen.
class StatusDesk final : public StatusService {
  public:
    StatusDesk(sql::Database& db, const Clock& clock, IssuerBook& book,
               StatusDeskSettings settings);

    std::optional<StatusAnswer> quick(BytesView request) override;
    StatusAnswer answer(BytesView request) override;
    Result<std::filesystem::path> crl_file(std::string_view name) override;
    Result<std::filesystem::path> certificate_file(std::string_view name) override;

    /// Drops what is in memory about these serials.
    void forget(const std::vector<std::string>& serials);
    void forget_all();
    /// Signs and stores the answers (SHA-1 CertIDs) of these serials in one commit.
    Status presign(const std::vector<std::string>& serials);
    /// Stores what was signed on demand since the last call.
    Status store_pending();

  private:
    /// What the ledger says about one serial; an answer is stored only while it still says so.
    struct Facts {
        pki::OcspStatus status = pki::OcspStatus::Unknown;
        Instant since{};
        int reason = 0;
        bool is_hold = false;
        bool operator==(const Facts&) const = default;
    };
    struct IssuerIds {
        const IssuerEntry* entry;
        Bytes name_sha1, key_sha1, name_sha256, key_sha256;
    };
    struct Asked {
        const IssuerIds* issuer = nullptr;
        bool sha256 = false;
        std::string serial;  // 16 hex digits
    };
    struct Pending {
        std::string issuer;
        ledger::SignedStatus status;
        Facts facts;
    };

    [[nodiscard]] std::optional<Asked> match(const pki::OcspCertId& id) const;
    [[nodiscard]] static std::string cache_key(const Asked& asked);
    [[nodiscard]] static Facts facts_of(sql::Reader& reader, const std::string& issuer,
                                        const std::string& serial);
    [[nodiscard]] Bytes cert_id(const IssuerIds& issuer, bool sha256,
                                const std::string& serial) const;
    [[nodiscard]] Result<ledger::SignedStatus> sign(const IssuerIds& issuer, bool sha256,
                                                    const std::string& serial, const Facts& facts);
    [[nodiscard]] Result<StatusAnswer> one(const Asked& asked);
    [[nodiscard]] Result<StatusAnswer> on_the_spot(const pki::OcspRequest& request,
                                                   const std::vector<Asked>& asked);
    [[nodiscard]] Result<StatusAnswer> wrap(const ledger::SignedStatus& status, const Facts& facts);
    void keep(const std::string& key, const StatusAnswer& answer, std::uint64_t seen);
    [[nodiscard]] Result<std::filesystem::path> public_file(std::string_view name,
                                                            const char* folder,
                                                            const char* extension);

    sql::Database& db_;
    const Clock& clock_;
    IssuerBook& book_;
    StatusDeskSettings settings_;
    std::vector<IssuerIds> ids_;
    std::atomic<std::uint64_t> forgotten_{0};  // counts forget(): an answer read before is not kept
    std::atomic<int> signing_now_{0};
    std::mutex cache_mutex_;
    std::unordered_map<std::string, StatusAnswer> cache_;
    std::mutex pending_mutex_;
    std::vector<Pending> pending_;
};

}  // namespace antin::ca
