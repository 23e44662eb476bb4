// The authority's record on both engines, and random histories against a small model.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "kit/ca_world.hpp"
#include "ledger/certificates.hpp"
#include "ledger/orders.hpp"
#include "ledger/status.hpp"
#include "pki/certificate.hpp"
#include "pki/crl.hpp"
#include "pki/ocsp.hpp"

namespace antin::ca {
namespace {

using kit::CaWorld;
using kit::must;

pki::OcspSingle ask(CaWorld& world, const CertificateRecord& record) {
    const auto chain = world.authority->chain(record.issuer);
    const auto issuer = must(pki::read_certificate(chain.at(0)));
    const auto leaf = must(pki::read_certificate(record.der));
    const Bytes id =
        pki::encode_cert_id(false, issuer.subject, issuer.public_key_info, leaf.serial);
    const auto answer = world.authority->status().answer(pki::make_ocsp_request(id, std::nullopt));
    return must(pki::read_ocsp_response(as_bytes(*answer.body))).singles.at(0);
}

class OnBothEngines : public testing::TestWithParam<sql::Engine> {};
ANTIN_ON_BOTH_ENGINES(OnBothEngines);

TEST_P(OnBothEngines, ACertificateLivesItsLife) {
    CaWorld world{pki::KeyKind::P256, GetParam()};
    const auto record = world.issue(CaWorld::terms("line:1"));
    EXPECT_EQ(ask(world, record).reason, 6);
    const auto now = world.clock.now();
    EXPECT_TRUE(must(world.change([&](sql::Transaction& tx) {
        return release_hold(tx, record.serial, world.approver, "line:1", now);
    })));
    must(world.authority->maintain());
    EXPECT_EQ(ask(world, record).status, pki::OcspStatus::Good);
    EXPECT_TRUE(must(world.change([&](sql::Transaction& tx) {
        return revoke(tx, record.serial, RevocationReason::KeyCompromise, world.approver, "", now);
    })));
    must(world.authority->maintain());
    EXPECT_EQ(ask(world, record).reason, 1);
    EXPECT_EQ(world
                  .change([&](sql::Transaction& tx) {
                      return release_hold(tx, record.serial, world.approver, "", now);
                  })
                  .error()
                  .code,
              "ca.revoked_for_good");
    world.reopen();
    EXPECT_EQ(ask(world, record).reason, 1);
}

TEST_P(OnBothEngines, ALostTokenLeavesTheIntent) {
    CaWorld world{pki::KeyKind::P256, GetParam()};
    must(world.approve(CaWorld::terms("line:1")));
    const auto key = kit::make_software_signer(pki::KeyKind::P256);
    world.keys->is_gone = true;
    EXPECT_FALSE(world.authority->issue(world.request("line:1", key)));
    world.keys->is_gone = false;
    EXPECT_TRUE(world.authority->issue(world.request("line:1", key)));
    EXPECT_EQ(world.count("ca_serial WHERE purpose = 'subscriber'"), 1);
}

TEST_P(OnBothEngines, OnePersonIsRefusedByTheTable) {
    CaWorld world{pki::KeyKind::P256, GetParam()};
    EXPECT_FALSE(world.change([&](sql::Transaction& tx) -> Status {
        ledger::Order order;
        order.order_id = "line:1";
        order.proposer_id = order.approver_id = 11;
        ledger::insert_order(tx, order);
        return {};
    }));
}

TEST_P(OnBothEngines, ASerialIsGivenOnce) {
    CaWorld world{pki::KeyKind::P256, GetParam()};
    ledger::Serial serial;
    serial.serial = "00112233AABBCCDD";
    serial.issuer = "state";
    serial.purpose = "restored";
    serial.state = "done";
    const auto give = [&] {
        return must(world.change([&](sql::Transaction& tx) -> Result<bool> {
            return ledger::insert_serial(tx, serial);
        }));
    };
    EXPECT_TRUE(give());
    EXPECT_FALSE(give());
}

TEST_P(OnBothEngines, ManyOrdersInOneCall) {
    CaWorld world{pki::KeyKind::P256, GetParam()};
    std::vector<IssueRequest> all;
    const auto key = kit::make_software_signer(pki::KeyKind::P256);
    for (int i = 0; i < 150; ++i) {
        const std::string id = "line:" + std::to_string(i);
        must(world.approve(CaWorld::terms(id)));
        all.push_back(world.request(id, key));  // one person, one key, many orders
    }
    std::set<std::string> serials;
    for (const auto& one : world.authority->issue(std::move(all))) {
        ASSERT_TRUE(one) << one.error().code;
        serials.insert(one->serial);
    }
    EXPECT_EQ(serials.size(), 150U);
}

/// A long list streams, well inside the five seconds.
TEST_P(OnBothEngines, ALongListIsPublishedInTime) {
    constexpr int revoked = 6000;  // more than one page of the walk
    CaWorld world{pki::KeyKind::P256, GetParam()};
    must(world.change([&](sql::Transaction& tx) -> antin::Status {
        for (int i = 1; i <= revoked; ++i) {
            ledger::Revocation one;
            std::string digits = std::to_string(i);
            one.serial = std::string(16 - digits.size(), '0') + digits;
            one.issuer = "state";
            one.reason = RevocationReason::Superseded;
            one.revoked_at = world.clock.now();
            one.listed_until = world.clock.now() + std::chrono::days{100};
            static_cast<void>(ledger::insert_revocation(tx, one));
        }
        return {};
    }));
    const auto begun = std::chrono::steady_clock::now();
    must(world.authority->publish_crls());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
    std::ifstream file{world.folder / "public" / "crl" / "state.crl", std::ios::binary};
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    const auto crl = must(pki::read_crl(as_bytes(bytes)));
    int entries = 0;
    must(pki::for_each_entry(crl, [&](const pki::CrlEntry&) { ++entries; }));
    EXPECT_EQ(entries, revoked);
    EXPECT_EQ(crl.number, must(world.db->read([](sql::Reader& reader) -> Result<std::int64_t> {
                  return ledger::find_crl(reader, "state")->number;
              })));
}

// --- random histories ----------------------------------------------------------------------------
/// What should be true of one certificate, by the rules alone.
struct Model {
    CertificateState state = CertificateState::Hold;
    int reason = 0;
};

class History {
  public:
    History(CaWorld& world, int number)
        : world_(world), prefix_("line:" + std::to_string(number) + "/") {}

    void step(int act, std::size_t which) {
        if (act == 0 || records_.empty()) return issue();
        auto& record = records_.at(which % records_.size());
        Model& model = models_.at(record.serial);
        const auto now = world_.clock.now();
        const auto before = model;
        const auto done = world_.change([&](sql::Transaction& tx) -> Result<bool> {
            if (act == 1) return hold(tx, record.serial, world_.approver, "", now);
            if (act == 2) return release_hold(tx, record.serial, world_.approver, "", now);
            return revoke(tx, record.serial, RevocationReason::Superseded, world_.approver, "",
                          now);
        });
        if (before.state == CertificateState::Revoked) {
            RC_ASSERT(!done || !*done);  // nothing changes it ever again
            return;
        }
        if (act == 1) model = {CertificateState::Hold, 6};
        if (act == 2) model = {CertificateState::InForce, 0};
        if (act >= 3) model = {CertificateState::Revoked, 4};
    }
    void issue() {
        auto terms = CaWorld::terms(prefix_ + std::to_string(records_.size()));
        terms.subject.common_name += " " + std::to_string(records_.size());
        records_.push_back(world_.issue(terms));
        const bool is_new = models_.emplace(records_.back().serial, Model{}).second;
        RC_ASSERT(is_new);  // no serial twice
        models_.at(records_.back().serial) = {CertificateState::Hold, 6};
    }
    void check() {
        must(world_.authority->maintain());
        for (const auto& record : records_) {
            const Model& model = models_.at(record.serial);
            const auto single = ask(world_, record);
            const bool good = model.state == CertificateState::InForce;
            RC_ASSERT((single.status == pki::OcspStatus::Good) == good);
            RC_ASSERT(single.reason == model.reason);
        }
    }

  private:
    CaWorld& world_;
    std::string prefix_;
    std::vector<CertificateRecord> records_;
    std::map<std::string, Model> models_;
};

TEST(Histories, StatusIsWhatTheRulesSayWhateverHappens) {
    CaWorld world;
    int round = 0;
    const bool right = rc::check([&] {
        History history{world, round};
        const auto acts = *rc::gen::container<std::vector<std::pair<int, std::size_t>>>(
            rc::gen::pair(rc::gen::inRange(0, 6), rc::gen::inRange<std::size_t>(0, 8)));
        for (const auto& [act, which] : acts) {
            if (act == 5)
                world.reopen();
            else
                history.step(act, which);
        }
        history.check();
        ++round;
    });
    EXPECT_TRUE(right);
    EXPECT_GT(round, 0);
}

}  // namespace
}  // namespace antin::ca
