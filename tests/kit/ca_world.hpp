#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "base/embedded.hpp"
#include "ca/authority.hpp"
#include "ca/ceremony.hpp"
#include "ca/status.hpp"
#include "kit/engine_database.hpp"
#include "kit/fake_clock.hpp"
#include "kit/software_signer.hpp"
#include "pki/certificate_request.hpp"
#include "sql/sql.hpp"

namespace antin::kit {

/// The steps of the journal and of the authority, without the portal's.
[[nodiscard]] inline std::vector<sql::Migration> ca_migrations() {
    std::vector<sql::Migration> out;
    int version = 0;
    for (const std::string_view part : {"migrations/audit/", "migrations/ledger/"}) {
        for (const auto& file : embedded_data()) {
            if (!file.name.starts_with(part)) continue;
            out.push_back({++version, std::string{file.name}, std::string{file.content}});
        }
    }
    return out;
}

/// The value, or the end of the test with the error's words.
template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + " " + result.error().detail);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// An authority with software keys on a database of its own: after the ceremony, before any order.
/// P-256 everywhere unless told otherwise, because RSA keys take seconds to make.
class CaWorld {
  public:
    explicit CaWorld(pki::KeyKind kind = pki::KeyKind::P256,
                     sql::Engine engine = sql::Engine::Sqlite)
        : database(engine, ca_migrations()), db(&*database), folder(database.folder()) {
        auto script = ca::default_ceremony().value();
        script.root.key = kind;
        script.responder_key = kind == pki::KeyKind::P256 ? kind : pki::KeyKind::Rsa2048;
        for (auto& issuing : script.issuing) issuing.key = kind;
        outcome =
            ca::hold_ceremony(*db, clock, *root_keys, *keys, script, status_url, folder / "public")
                .value();
        authority_settings.status_url = status_url;
        authority_settings.public_dir = folder / "public";
        reopen();
    }
    ~CaWorld() { authority.reset(); }
    CaWorld(const CaWorld&) = delete;
    CaWorld& operator=(const CaWorld&) = delete;

    /// As a program that starts again: everything in memory is gone.
    void reopen() {
        authority.reset();
        authority = must(ca::Authority::open(*db, clock, keys, authority_settings));
    }

    [[nodiscard]] static ca::OrderTerms terms(const std::string& order_id) {
        ca::OrderTerms out;
        out.order_id = order_id;
        out.issuer = "state";
        out.profile = "individual";
        out.subject.locality = "Lai Châu";
        out.subject.organisation = "Ủy ban nhân dân tỉnh Lai Châu";
        out.subject.units = {"Ủy ban nhân dân xã Thử Nghiệm"};
        out.subject.common_name = "Nguyễn Thị Mẫu";
        out.subject.email = "mau@thunghiem.laichau.gov.vn";
        return out;
    }
    Status approve(const ca::OrderTerms& terms) {
        return db->transact([&](sql::Transaction& tx) {
            return ca::approve_order(tx, terms, assessor, approver, clock.now());
        });
    }
    /// A request for a fresh key (or the given one) of an approved order.
    [[nodiscard]] ca::IssueRequest request(const std::string& order_id,
                                           std::shared_ptr<pki::Signer> key = nullptr) {
        if (key == nullptr) key = make_software_signer(pki::KeyKind::P256);
        return ca::IssueRequest{authority->approval_of(order_id).value(),
                                pki::make_certificate_request(*key, order_id).value(),
                                {}};
    }
    [[nodiscard]] ca::CertificateRecord issue(const ca::OrderTerms& wanted) {
        must(approve(wanted));
        return must(authority->issue(request(wanted.order_id)));
    }
    template <class Work>
    auto change(Work&& work) {
        return db->transact([&](sql::Transaction& tx) { return work(tx); });
    }
    [[nodiscard]] std::int64_t count(const char* table_and_where) {
        const std::string text = std::string{"SELECT COUNT(*) AS n FROM "} + table_and_where;
        return db
            ->read([&](sql::Reader& reader) -> Result<std::int64_t> {
                return reader.query_built("test.count", text, {})[0].integer("n");
            })
            .value();
    }

    const std::string status_url = "http://127.0.0.1:8081";
    const ca::Person assessor{11, "Trần Văn Thẩm"}, approver{12, "Lê Thị Duyệt"};
    EngineDatabase database;
    sql::Database* db;  // points elsewhere where a test puts another copy in its place
    std::filesystem::path folder;
    FakeClock clock;
    std::shared_ptr<SoftwareKeys> root_keys = std::make_shared<SoftwareKeys>();
    std::shared_ptr<SoftwareKeys> keys = std::make_shared<SoftwareKeys>();
    ca::CeremonyOutcome outcome;
    ca::AuthoritySettings authority_settings;
    std::unique_ptr<ca::Authority> authority;
};

}  // namespace antin::kit
