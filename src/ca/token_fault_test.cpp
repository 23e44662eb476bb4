// The token removed, the HSM gone, a signature refused, a stall: each in the middle of issuing,
// through the real PKCS#11 path with the shim of tests/shim in front of SoftHSM.
#include <gtest/gtest.h>

#include "ca/authority.hpp"
#include "ca/ceremony.hpp"
#include "hsm/token.hpp"
#include "kit/ca_world.hpp"
#include "kit/software_token.hpp"
#include "pki/certificate_request.hpp"

namespace antin::ca {
namespace {

using kit::must;
using namespace std::chrono_literals;

class TokenFault : public testing::Test {
  protected:
    TokenFault() : shim(folder), db(sql::Engine::Sqlite, kit::ca_migrations()) {
        auto module = must(hsm::Module::open({kit::Shim::library(), folder / "tokens", 2s}));
        static_cast<void>(must(module->initialise("issuing", "so-12345678", "123456")));
        hsm::TokenAccess access;
        access.label = "issuing";
        access.pin = "123456";
        access.limit = 2s;
        keys = keys_in(must(hsm::Token::open(module, access)));
        auto script = must(default_ceremony());
        script.root.key = script.responder_key = pki::KeyKind::P256;
        for (auto& issuing : script.issuing) issuing.key = pki::KeyKind::P256;
        static_cast<void>(must(hold_ceremony(*db, clock, root_keys, *keys, script,
                                             "http://127.0.0.1:1", db.folder() / "public")));
        AuthoritySettings settings;
        settings.public_dir = db.folder() / "public";
        authority = must(Authority::open(*db, clock, keys, settings));
        for (int i = 0; i < order_count; ++i) {
            const std::string id = "line:" + std::to_string(i);
            auto terms = kit::CaWorld::terms(id);
            terms.subject.common_name += " " + std::to_string(i);
            must(db->transact([&](sql::Transaction& tx) {
                return approve_order(tx, terms, {11, "A"}, {12, "B"}, clock.now());
            }));
            const auto key = kit::make_software_signer(pki::KeyKind::P256);
            requests.push_back(must(pki::make_certificate_request(*key, id)));
        }
    }
    std::vector<Result<CertificateRecord>> issue_all() {
        std::vector<IssueRequest> all;
        for (int i = 0; i < order_count; ++i) {
            all.push_back({must(authority->approval_of("line:" + std::to_string(i))),
                           requests[static_cast<std::size_t>(i)],
                           {}});
        }
        return authority->issue(std::move(all));
    }
    std::int64_t count(const std::string& what) {
        return must(db->read([&](sql::Reader& reader) -> Result<std::int64_t> {
            return reader.query_built("test.count", "SELECT COUNT(*) AS n FROM " + what, {})[0]
                .integer("n");
        }));
    }
    /// The fault, then its end: nothing half-issued, then everything once.
    void meets(std::initializer_list<const char*> fault) {
        ASSERT_TRUE(authority->issue({}).empty());
        shim.say(fault);
        int good = 0;
        for (const auto& one : issue_all()) {
            good += one.has_value();
            if (!one) {
                EXPECT_EQ(one.error().kind, ErrorKind::Unavailable) << one.error().code;
            }
        }
        EXPECT_LT(good, order_count);
        EXPECT_EQ(count("ca_certificate"), good);
        EXPECT_EQ(count("ca_serial WHERE purpose = 'subscriber' AND state = 'open'"),
                  order_count - good);
        shim.heal();
        for (const auto& one : issue_all()) EXPECT_TRUE(one) << one.error().code;
        EXPECT_EQ(count("ca_certificate"), order_count);
        EXPECT_EQ(count("ca_serial WHERE purpose = 'subscriber'"), order_count);
        EXPECT_EQ(shim.count("login wrong"), 0);  // no PIN was tried blindly
    }

    static constexpr int order_count = 6;
    kit::TemporaryFolder folder;
    kit::Shim shim;
    kit::EngineDatabase db;
    kit::FakeClock clock;
    kit::SoftwareKeys root_keys;
    std::shared_ptr<KeyStore> keys;
    std::unique_ptr<Authority> authority;
    std::vector<Bytes> requests;
};

TEST_F(TokenFault, PulledOut) {
    meets({"vanish"});
}
TEST_F(TokenFault, HsmGone) {
    meets({"gone"});
}
TEST_F(TokenFault, RefusesToSignInTheMiddle) {
    meets({"fail C_Sign 0x30 3 100"});
}
TEST_F(TokenFault, NeverAnswers) {
    meets({"stall C_Sign"});
}

}  // namespace
}  // namespace antin::ca
