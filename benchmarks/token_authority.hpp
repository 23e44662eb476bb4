#pragma once
#include <filesystem>
#include <memory>
#include <string>

#include "ca/authority.hpp"
#include "ca/ceremony.hpp"
#include "hsm/token.hpp"
#include "pki/signer.hpp"
#include "sql/sql.hpp"
#include "store/migrations.hpp"

namespace antin::bench {

template <class T>
T must(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s %s\n", result.error().code.c_str(), result.error().detail.c_str());
        std::exit(3);
    }
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// An authority as `antin init` makes it, in a folder of its own: SQLite and SoftHSM.
class TokenAuthority {
  public:
    TokenAuthority(pki::KeyKind issuing, pki::KeyKind responder, const std::string& status_url) {
        std::string pattern = std::filesystem::temp_directory_path() / "antin-bench-XXXXXX";
        folder = mkdtemp(pattern.data());
        sql::Settings settings;
        settings.sqlite_path = folder / "antin.db";
        db = must(sql::Database::open(settings));
        must(db->migrate(store::migrations()));
        auto script = must(ca::default_ceremony());
        script.root.key = pki::KeyKind::P256;
        script.responder_key = responder;
        for (auto& one : script.issuing) one.key = issuing;
        const auto root = ca::keys_in(new_token("root"));
        token = new_token("issuing");
        static_cast<void>(must(ca::hold_ceremony(*db, clock, *root, *ca::keys_in(token), script,
                                                 status_url, folder / "public")));
        ca::AuthoritySettings authority_settings;
        authority_settings.public_dir = folder / "public";
        authority = must(ca::Authority::open(*db, clock, ca::keys_in(token), authority_settings));
    }
    ~TokenAuthority() {
        authority.reset();
        db.reset();
        std::error_code ignored;
        std::filesystem::remove_all(folder, ignored);
    }
    TokenAuthority(const TokenAuthority&) = delete;
    TokenAuthority& operator=(const TokenAuthority&) = delete;

    std::filesystem::path folder;
    SystemClock clock;
    std::unique_ptr<sql::Database> db;
    std::shared_ptr<hsm::Token> token;
    std::unique_ptr<ca::Authority> authority;

    [[nodiscard]] static ca::OrderTerms terms(int number) {
        ca::OrderTerms out;
        out.order_id = "line:" + std::to_string(number);
        out.issuer = "state";
        out.profile = "individual";
        out.subject.locality = "Lai Châu";
        out.subject.organisation = "Ủy ban nhân dân tỉnh Lai Châu";
        out.subject.units = {"Ủy ban nhân dân xã Thử Nghiệm"};
        out.subject.common_name = "Người Thử " + std::to_string(number);
        out.subject.email = "thu" + std::to_string(number) + "@thunghiem.laichau.gov.vn";
        return out;
    }
    /// Approves orders `from` up to `to`, a thousand in a commit.
    void approve(int from, int to) {
        for (int begin = from; begin < to; begin += 1000) {
            must(db->transact([&](sql::Transaction& tx) -> Status {
                for (int i = begin; i < std::min(begin + 1000, to); ++i) {
                    ANTIN_CHECK(ca::approve_order(tx, terms(i), {11, "A"}, {12, "B"}, clock.now()));
                }
                return {};
            }));
        }
    }

  private:
    std::shared_ptr<hsm::Token> new_token(const std::string& label) const {
        hsm::ModuleSettings settings;
        settings.library = hsm::find_softhsm();
        settings.folder = folder / ("tokens-" + label);
        std::filesystem::create_directories(settings.folder);
        auto module = must(hsm::Module::open(settings));
        static_cast<void>(must(module->initialise(label, "so-12345678", "12345678")));
        hsm::TokenAccess access;
        access.label = label;
        access.pin = "12345678";
        access.workers = 3;
        return must(hsm::Token::open(module, access));
    }
};

}  // namespace antin::bench
