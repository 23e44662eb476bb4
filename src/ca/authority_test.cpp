#include "ca/authority.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <type_traits>

#include "ca/profiles.hpp"
#include "kit/ca_world.hpp"
#include "ledger/orders.hpp"
#include "pki/certificate.hpp"
#include "pki/crl.hpp"
#include "pki/key.hpp"
#include "pki/lint.hpp"
#include "pki/ocsp.hpp"

namespace antin::ca {
namespace {

using kit::CaWorld;
using kit::must;

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return Bytes{std::istreambuf_iterator<char>{file}, {}};
}

/// What OCSP says now, asked as a client would, with the answer's signature checked.
pki::OcspSingle ask(CaWorld& world, const CertificateRecord& record, bool sha256 = false,
                    std::optional<Bytes> nonce = std::nullopt) {
    const auto chain = world.authority->chain(record.issuer);
    const auto issuer = pki::read_certificate(chain.at(0)).value();
    const auto leaf = pki::read_certificate(record.der).value();
    const Bytes id =
        pki::encode_cert_id(sha256, issuer.subject, issuer.public_key_info, leaf.serial);
    const auto answer = world.authority->status().answer(pki::make_ocsp_request(id, nonce));
    const auto response = pki::read_ocsp_response(as_bytes(*answer.body)).value();
    EXPECT_EQ(response.status, 0);
    EXPECT_EQ(response.certificates.size(), 1U);
    const auto responder = pki::read_certificate(response.certificates.at(0)).value();
    const auto key = pki::PublicKey::read(responder.public_key_info).value();
    EXPECT_TRUE(key.verify(response.data, response.algorithm, response.signature));
    EXPECT_EQ(response.singles.size(), 1U);
    EXPECT_EQ(response.singles.at(0).cert_id, id);
    return response.singles.at(0);
}

std::vector<std::pair<std::string, int>> listed(CaWorld& world, const std::string& issuer) {
    const Bytes bytes = read_file(world.folder / "public" / "crl" / (issuer + ".crl"));
    const auto crl = pki::read_crl(bytes).value();
    const auto chain = world.authority->chain(issuer);
    const auto view = pki::read_certificate(chain.at(0)).value();
    const auto key = pki::PublicKey::read(view.public_key_info).value();
    EXPECT_TRUE(key.verify(crl.tbs, crl.algorithm, crl.signature));
    std::vector<std::pair<std::string, int>> out;
    EXPECT_TRUE(pki::for_each_entry(crl, [&](const pki::CrlEntry& entry) {
        out.emplace_back(pki::serial_text(entry.serial), entry.reason);
    }));
    return out;
}

using Listed = std::vector<std::pair<std::string, int>>;

TEST(Ceremony, MakesACheckableChainAndPublishesIt) {
    CaWorld world;
    ASSERT_EQ(world.outcome.certificates.size(), 3U);
    for (const std::string name : {"state", "party"}) {
        const auto chain = world.authority->chain(name);
        ASSERT_EQ(chain.size(), 2U);
        const auto issuing = pki::read_certificate(chain[0]).value();
        const auto root = pki::read_certificate(chain[1]).value();
        const auto root_key = pki::PublicKey::read(root.public_key_info).value();
        EXPECT_TRUE(root_key.verify(issuing.tbs, issuing.outer_algorithm, issuing.signature));
        EXPECT_TRUE(root_key.verify(root.tbs, root.outer_algorithm, root.signature));
        pki::LintContext context;
        context.issuer = &root;
        EXPECT_TRUE(pki::lint(issuing, **find_profile("issuing"), context).empty());
        EXPECT_TRUE(pki::lint(root, **find_profile("root")).empty());
        EXPECT_EQ(read_file(world.folder / "public" / "aia" / (name + ".crt")), chain[0]);
        EXPECT_EQ(listed(world, name), Listed{});
    }
    EXPECT_EQ(listed(world, "root"), Listed{});
    EXPECT_EQ(world.outcome.root_crl_next_update - world.clock.now(), std::chrono::days{365});
}

TEST(Ceremony, IsHeldOnce) {
    CaWorld world;
    const auto again =
        hold_ceremony(*world.db, world.clock, *world.root_keys, *world.keys,
                      default_ceremony().value(), world.status_url, world.folder / "public");
    EXPECT_EQ(again.error().code, "ca.ceremony_done");
}

TEST(Ceremony, GoesOnAfterTheTokenFailedInTheMiddle) {
    for (int after = 0; after < 12; ++after) {
        const kit::EngineDatabase db{sql::Engine::Sqlite, kit::ca_migrations()};
        const auto folder = db.folder() / "public";
        auto script = default_ceremony().value();
        script.root.key = script.responder_key = pki::KeyKind::P256;
        for (auto& issuing : script.issuing) issuing.key = pki::KeyKind::P256;
        kit::SoftwareKeys root, keys;
        kit::FakeClock clock;
        root.fails_after = after / 2;
        keys.fails_after = after;
        const auto hold = [&] {
            return hold_ceremony(*db, clock, root, keys, script, "http://127.0.0.1:1", folder);
        };
        auto first = hold();
        root.fails_after = keys.fails_after = -1;
        const auto second = hold();
        EXPECT_TRUE(first || second) << after;
        if (second) {
            EXPECT_EQ(second->certificates.size(), 3U);
        }
    }
}

TEST(Ceremony, ScriptsAreJudgedByField) {
    const auto code = [](std::string from, std::string to) {
        std::string text = write_ceremony(default_ceremony().value());
        const auto at = text.find(from);
        EXPECT_NE(at, std::string::npos) << from;
        text.replace(at, from.size(), to);
        const auto read = read_ceremony(text);
        return read ? std::string{} : read.error().field;
    };
    EXPECT_EQ(code("\"VN\"", "\"XX\""), "country");
    EXPECT_EQ(code("\"rsa4096\"", "\"rsa1024\""), "root.key");
    EXPECT_EQ(code("\"party\"", "\"state\""), "issuing.name");
    EXPECT_EQ(code("\"party\"", "\"../x\""), "issuing.name");
    EXPECT_EQ(code("\"root_crl_days\":365", "\"root_crl_days\":0"), "root_crl_days");
    EXPECT_EQ(code("{", "["), "file");
}

// --- two people ----------------------------------------------------------------------------------
static_assert(!std::is_copy_constructible_v<Approval>);
static_assert(!std::is_copy_assignable_v<Approval>);
static_assert(!std::is_default_constructible_v<Approval>);
static_assert(!std::is_constructible_v<Approval, OrderTerms, Person, Person>);
static_assert(!std::is_aggregate_v<Approval>);
static_assert(!std::is_copy_constructible_v<IssueRequest>);

TEST(TwoPeople, AnOrderNeedsTwoDifferentOnes) {
    CaWorld world;
    const auto code = [&](const Person& a, const Person& b) {
        return world
            .change([&](sql::Transaction& tx) {
                return approve_order(tx, CaWorld::terms("line:1"), a, b, world.clock.now());
            })
            .error()
            .code;
    };
    EXPECT_EQ(code({11, "A"}, {11, "B"}), "ca.two_people");
    EXPECT_EQ(code({0, "A"}, {12, "B"}), "ca.two_people");
    EXPECT_EQ(code({11, "A"}, {-1, "B"}), "ca.two_people");
    EXPECT_EQ(world.authority->approval_of("line:1").error().code, "ca.order_unknown");
}

TEST(TwoPeople, TheTableItselfRefusesOnePerson) {
    CaWorld world;
    const auto written = world.change([&](sql::Transaction& tx) -> Status {
        ledger::Order order;
        order.order_id = "line:1";
        order.proposer_id = order.approver_id = 11;
        ledger::insert_order(tx, order);
        return {};
    });
    EXPECT_FALSE(written);
    EXPECT_EQ(world.count("ca_order"), 0);
}

TEST(TwoPeople, AProofIsTakenOnce) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    auto request = world.request("line:1");
    Approval moved = std::move(request.approval);
    EXPECT_TRUE(moved.is_valid());
    EXPECT_FALSE(request.approval.is_valid());
    EXPECT_EQ(world.authority->issue(std::move(request)).error().code, "ca.approval_used");
    EXPECT_EQ(world.count("ca_serial WHERE purpose = 'subscriber'"), 0);
}

TEST(TwoPeople, WhatWasApprovedCannotBeChangedLater) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    EXPECT_TRUE(world.approve(CaWorld::terms("line:1")));  // the same again
    auto other = CaWorld::terms("line:1");
    other.subject.common_name = "Người Khác";
    EXPECT_EQ(world.approve(other).error().code, "ca.order_differs");
}

struct BadTerms {
    const char* name;
    std::function<void(OrderTerms&)> spoil;
    const char* code;
};
class Terms : public testing::TestWithParam<BadTerms> {};
TEST_P(Terms, AreJudgedBeforeAnythingIsWritten) {
    CaWorld world;
    auto terms = CaWorld::terms("line:1");
    GetParam().spoil(terms);
    EXPECT_EQ(world.approve(terms).error().code, GetParam().code);
    EXPECT_EQ(world.count("ca_order"), 0);
}
INSTANTIATE_TEST_SUITE_P(
    Bad, Terms,
    testing::Values(
        BadTerms{"issuer", [](OrderTerms& terms) { terms.issuer = "root"; }, "ca.issuer_unknown"},
        BadTerms{"profile", [](OrderTerms& terms) { terms.profile = "root"; },
                 "ca.profile_unknown"},
        BadTerms{"path", [](OrderTerms& terms) { terms.profile = "../root"; },
                 "ca.profile_unknown"},
        BadTerms{"ceremony", [](OrderTerms& terms) { terms.profile = "ceremony"; },
                 "ca.profile_unknown"},
        BadTerms{"validity", [](OrderTerms& terms) { terms.validity_days = 1827; }, "ca.validity"},
        BadTerms{"negative", [](OrderTerms& terms) { terms.validity_days = -1; }, "ca.validity"},
        BadTerms{"endpast",
                 [](OrderTerms& terms) { terms.not_after = parse_iso("2026-11-01T00:00:00Z"); },
                 "ca.validity"},
        BadTerms{"endfar",
                 [](OrderTerms& terms) { terms.not_after = parse_iso("2033-01-01T00:00:00Z"); },
                 "ca.validity"},
        BadTerms{"order", [](OrderTerms& terms) { terms.order_id = ""; }, "ca.order_id"},
        BadTerms{"name", [](OrderTerms& terms) { terms.subject.common_name = " "; },
                 "ca.subject_missing"},
        BadTerms{"long",
                 [](OrderTerms& terms) { terms.subject.common_name = std::string(65, 'A'); },
                 "ca.subject_too_long"},
        BadTerms{"bytes", [](OrderTerms& terms) { terms.subject.locality = "Lai \xff"; },
                 "ca.subject_text"},
        BadTerms{"mail", [](OrderTerms& terms) { terms.subject.email = "mẫu@laichau.gov.vn"; },
                 "ca.subject_email"},
        BadTerms{"no mail", [](OrderTerms& terms) { terms.subject.email = ""; },
                 "ca.subject_email"},
        BadTerms{"host", [](OrderTerms& terms) { terms.subject.domain_name = "a.vn"; },
                 "ca.subject_host"}),
    [](const testing::TestParamInfo<BadTerms>& one) {
        std::string name = one.param.name;
        std::erase(name, ' ');
        return name;
    });

// --- issuing -------------------------------------------------------------------------------------
TEST(Issuing, GivesACertificateOfTheProfile) {
    CaWorld world;
    const auto record = world.issue(CaWorld::terms("line:1"));
    const auto view = pki::read_certificate(record.der).value();
    EXPECT_EQ(record.serial.size(), 16U);
    EXPECT_EQ(view.serial_text(), record.serial);
    EXPECT_EQ(record.state, CertificateState::Hold);
    EXPECT_EQ(record.subject,
              "CN=Nguyễn Thị Mẫu,OU=Ủy ban nhân dân xã Thử Nghiệm,O=Ủy ban nhân dân tỉnh Lai "
              "Châu,L=Lai Châu,C=VN");
    EXPECT_EQ(view.not_after - view.not_before, std::chrono::days{1825});
    EXPECT_EQ(pki::email_of(view), "mau@thunghiem.laichau.gov.vn");
    EXPECT_EQ(pki::key_usage_of(view), 0b11U);  // EC: digitalSignature and nonRepudiation
    EXPECT_EQ(pki::extended_key_usage_of(view).size(), 3U);
    EXPECT_EQ(world.count("audit_entry WHERE act = 'ca.intent'"), 1);
    EXPECT_EQ(world.count("audit_entry WHERE act = 'ca.issued'"), 1);
    EXPECT_EQ(world.count("ca_serial WHERE state = 'open'"), 0);
}

TEST(Issuing, NamesAreNormalised) {
    CaWorld world;
    auto terms = CaWorld::terms("line:1");
    terms.subject.common_name =
        "  Nguye\xcc\x82\xcc\x83n   Thi\xcc\xa3 Ma\xcc\x82\xcc\x83u ";  // NFD
    EXPECT_EQ(world.issue(terms).common_name, "Nguyễn Thị Mẫu");
}

TEST(Issuing, TheSameOrderTwiceGivesTheSameCertificate) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    const auto key = kit::make_software_signer(pki::KeyKind::P256);
    const auto first = world.authority->issue(world.request("line:1", key)).value();
    const auto second = world.authority->issue(world.request("line:1", key)).value();
    EXPECT_EQ(first.der, second.der);
    EXPECT_EQ(world.authority->issue(world.request("line:1")).error().code,
              "ca.order_has_other_key");
    EXPECT_EQ(world.count("ca_certificate"), 1);
}

TEST(Issuing, TwiceInOneCallIsOnceToo) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    const auto key = kit::make_software_signer(pki::KeyKind::P256);
    std::vector<IssueRequest> both;
    both.push_back(world.request("line:1", key));
    both.push_back(world.request("line:1", key));
    const auto out = world.authority->issue(std::move(both));
    ASSERT_TRUE(out.at(0) && out.at(1));
    EXPECT_EQ(out[0]->der, out[1]->der);
    EXPECT_EQ(world.count("ca_certificate"), 1);
}

TEST(Issuing, OneBadRequestStopsNobodyElse) {
    CaWorld world;
    std::vector<IssueRequest> all;
    for (int i = 0; i < 200; ++i) {
        const std::string id = "line:" + std::to_string(i);
        auto terms = CaWorld::terms(id);
        terms.subject.common_name = "Người " + std::to_string(i);
        must(world.approve(terms));
        all.push_back(world.request(id));
    }
    all[70].certificate_request.back() ^= 1;
    all[71].certificate_request = to_bytes("rác");
    all[72].on_recorded = [](sql::Transaction&, const CertificateRecord&) -> Status {
        return fail(ErrorKind::Conflict, "line.changed");
    };
    const auto out = world.authority->issue(std::move(all));
    int good = 0;
    for (const auto& one : out) good += one.has_value();
    EXPECT_EQ(good, 197);
    EXPECT_EQ(out[71].error().code, "csr.unreadable");
    EXPECT_EQ(out[72].error().code, "line.changed");
    EXPECT_EQ(world.count("ca_certificate"), 197);
    EXPECT_EQ(world.count("ca_serial WHERE state = 'open'"), 1);  // goes on at the next try
    world.clock.advance(std::chrono::minutes{1});
    must(world.authority->maintain());
    EXPECT_EQ(world.count("ca_certificate"), 198);
}

TEST(Issuing, OnRecordedCommitsWithTheCertificate) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    auto request = world.request("line:1");
    request.on_recorded = [&](sql::Transaction& tx, const CertificateRecord& record) -> Status {
        EXPECT_TRUE(find_by_serial(tx, record.serial));
        return {};
    };
    EXPECT_TRUE(world.authority->issue(std::move(request)));
}

TEST(Issuing, AKeyBelongsToOnePerson) {
    CaWorld world;
    const auto key = kit::make_software_signer(pki::KeyKind::P256);
    must(world.approve(CaWorld::terms("line:1")));
    const auto first = world.authority->issue(world.request("line:1", key)).value();
    auto other = CaWorld::terms("line:2");
    other.subject.common_name = "Người Khác";
    must(world.approve(other));
    EXPECT_EQ(world.authority->issue(world.request("line:2", key)).error().code, "csr.key_known");
    // The same name may keep its key (renewal), unless it was revoked because others may hold it.
    must(world.approve(CaWorld::terms("line:3")));
    EXPECT_TRUE(world.authority->issue(world.request("line:3", key)));
    must(world.change([&](sql::Transaction& tx) {
        return revoke(tx, first.serial, RevocationReason::KeyCompromise, world.approver, "x",
                      world.clock.now());
    }));
    must(world.approve(CaWorld::terms("line:4")));
    EXPECT_EQ(world.authority->issue(world.request("line:4", key)).error().code, "csr.key_known");
}

TEST(Issuing, ARemovedTokenLeavesTheIntentAndGoesOnWithIt) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    const auto key = kit::make_software_signer(pki::KeyKind::P256);
    world.keys->is_gone = true;
    const auto failed = world.authority->issue(world.request("line:1", key));
    EXPECT_EQ(failed.error().code, "token.removed");
    EXPECT_EQ(failed.error().kind, ErrorKind::Unavailable);
    EXPECT_EQ(world.count("ca_certificate"), 0);
    EXPECT_EQ(world.count("ca_serial WHERE state = 'open'"), 1);
    EXPECT_EQ(world.authority->health().open_intents, 1);
    const auto intent = world.db
                            ->read([](sql::Reader& reader) -> Result<ledger::Serial> {
                                return *ledger::find_serial_of_order(reader, "line:1");
                            })
                            .value();
    world.keys->is_gone = false;
    const auto record = world.authority->issue(world.request("line:1", key)).value();
    EXPECT_EQ(record.serial, intent.serial);
    EXPECT_EQ(world.count("ca_serial WHERE purpose = 'subscriber'"), 1);
}

TEST(Issuing, GoesOnByItselfWhenTheTokenIsBack) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    world.keys->is_gone = true;
    EXPECT_FALSE(world.authority->issue(world.request("line:1")));
    world.keys->is_gone = false;
    must(world.authority->maintain());
    EXPECT_EQ(world.count("ca_certificate"), 0);  // somebody may still be at it
    world.clock.advance(std::chrono::seconds{31});
    must(world.authority->maintain());
    EXPECT_EQ(world.count("ca_certificate"), 1);
}

TEST(Issuing, ANewKeyAfterALostTokenSpendsTheOldSerial) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    world.keys->is_gone = true;
    EXPECT_FALSE(world.authority->issue(world.request("line:1")));
    world.keys->is_gone = false;
    const auto record = world.authority->issue(world.request("line:1")).value();
    EXPECT_EQ(world.count("ca_serial WHERE purpose = 'subscriber'"), 2);
    EXPECT_EQ(world.count("ca_serial WHERE state = 'abandoned'"), 1);
    EXPECT_EQ(ask(world, record).status, pki::OcspStatus::Revoked);  // on hold
}

TEST(Issuing, AReplacedOrderIsRevokedAndStandsAgainOnTheSameTwoPeople) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    const auto first = world.authority->issue(world.request("line:1")).value();
    must(world.change([&](sql::Transaction& tx) {
        return replace_order(tx, "line:1", "line:1.2", {13, "C"}, world.clock.now());
    }));
    must(world.authority->maintain());
    EXPECT_EQ(ask(world, first).status, pki::OcspStatus::Revoked);
    EXPECT_EQ(ask(world, first).reason, 4) << "superseded";
    EXPECT_EQ(world.authority->approval_of("line:1").error().code, "ca.order_replaced");
    const auto again = world.authority->approval_of("line:1.2").value();
    EXPECT_EQ(again.proposer().account_id, world.assessor.account_id);
    EXPECT_EQ(again.approver().account_id, world.approver.account_id);
    auto terms = CaWorld::terms("line:1.2");
    EXPECT_EQ(again.terms(), terms);
    const auto second = world.authority->issue(world.request("line:1.2")).value();
    EXPECT_NE(second.serial, first.serial);
    EXPECT_EQ(second.subject, first.subject);
    // Once replaced it is not replaced again, and nothing takes the place of another order.
    for (const auto* from : {"line:1", "line:9"}) {
        const auto twice = world.db->transact([&](sql::Transaction& tx) {
            return replace_order(tx, from, "line:1.3", {13, "C"}, world.clock.now());
        });
        EXPECT_FALSE(twice) << from;
    }
    EXPECT_FALSE(world.db->transact([&](sql::Transaction& tx) {
        return replace_order(tx, "line:1.2", "line:1", {13, "C"}, world.clock.now());
    }));
}

TEST(Issuing, AnOpenIntentOfAReplacedOrderIsNeverFinished) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    auto late = world.request("line:1");
    world.keys->is_gone = true;
    EXPECT_FALSE(world.authority->issue(world.request("line:1")));
    world.keys->is_gone = false;
    must(world.db->transact([&](sql::Transaction& tx) {
        return replace_order(tx, "line:1", "line:1.2", {13, "C"}, world.clock.now());
    }));
    world.clock.advance(std::chrono::seconds{31});
    must(world.authority->maintain());
    EXPECT_EQ(world.authority->issue(std::move(late)).error().code, "ca.order_replaced");
    EXPECT_EQ(world.count("ca_certificate"), 0);
    EXPECT_EQ(world.authority->health().open_intents, 0);
    EXPECT_TRUE(world.authority->issue(world.request("line:1.2")));
    EXPECT_EQ(world.count("ca_certificate"), 1);
}

TEST(Issuing, ALostTokenInAGroupDoesNotHalfIssue) {
    CaWorld world;
    std::vector<IssueRequest> all;
    std::vector<std::shared_ptr<pki::Signer>> own;
    for (int i = 0; i < 10; ++i) {
        auto terms = CaWorld::terms("line:" + std::to_string(i));
        terms.subject.common_name += std::to_string(i);
        must(world.approve(terms));
        own.push_back(kit::make_software_signer(pki::KeyKind::P256));
        all.push_back(world.request(terms.order_id, own.back()));
    }
    world.keys->fails_after = 4;
    int good = 0;
    for (const auto& one : world.authority->issue(std::move(all))) good += one.has_value();
    EXPECT_EQ(good, 4);
    EXPECT_EQ(world.count("ca_certificate"), 4);
    world.keys->fails_after = -1;
    std::vector<IssueRequest> again;
    for (int i = 0; i < 10; ++i) {
        again.push_back(world.request("line:" + std::to_string(i), own[static_cast<size_t>(i)]));
    }
    for (const auto& one : world.authority->issue(std::move(again))) EXPECT_TRUE(one);
    EXPECT_EQ(world.count("ca_serial WHERE purpose = 'subscriber'"), 10);
}

TEST(Issuing, ATokenWithAnotherKeyUnderTheLabelIsRefused) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    world.keys = std::make_shared<kit::SoftwareKeys>();
    static_cast<void>(world.keys->generate("ca-state", pki::KeyKind::P256));
    world.reopen();
    EXPECT_EQ(world.authority->issue(world.request("line:1")).error().code, "ca.key_mismatch");
    EXPECT_EQ(world.count("ca_certificate"), 0);
}

TEST(Issuing, ACertificateNeverOutlivesItsIssuer) {
    CaWorld world;
    world.clock.advance(std::chrono::days{7300 - 100});
    const auto record = world.issue(CaWorld::terms("line:1"));
    const auto chain = world.authority->chain("state");
    EXPECT_EQ(record.not_after, pki::read_certificate(chain[0]).value().not_after);
}

// --- status --------------------------------------------------------------------------------------
TEST(Status, FollowsHoldHandoverAndRevocation) {
    CaWorld world;
    const auto record = world.issue(CaWorld::terms("line:1"));
    const auto held = ask(world, record);
    EXPECT_EQ(held.status, pki::OcspStatus::Revoked);
    EXPECT_EQ(held.reason, 6);
    must(world.authority->maintain());
    EXPECT_EQ(listed(world, "state"), (Listed{{record.serial, 6}}));

    world.clock.advance(std::chrono::hours{2});
    EXPECT_TRUE(world
                    .change([&](sql::Transaction& tx) {
                        return release_hold(tx, record.serial, world.approver, "line:1",
                                            world.clock.now());
                    })
                    .value());
    must(world.authority->maintain());
    EXPECT_EQ(ask(world, record).status, pki::OcspStatus::Good);
    EXPECT_EQ(ask(world, record, true).status, pki::OcspStatus::Good);
    EXPECT_EQ(listed(world, "state"), Listed{});

    world.clock.advance(std::chrono::hours{2});
    EXPECT_TRUE(world
                    .change([&](sql::Transaction& tx) {
                        return revoke(tx, record.serial, RevocationReason::Superseded,
                                      world.approver, "line:2", world.clock.now());
                    })
                    .value());
    must(world.authority->maintain());
    const auto revoked = ask(world, record);
    EXPECT_EQ(revoked.status, pki::OcspStatus::Revoked);
    EXPECT_EQ(revoked.reason, 4);
    EXPECT_EQ(revoked.revoked_at, world.clock.now());
    EXPECT_EQ(listed(world, "state"), (Listed{{record.serial, 4}}));
    EXPECT_EQ(listed(world, "party"), Listed{});
}

TEST(Status, RevokedForGoodIsNeverGoodAgain) {
    CaWorld world;
    const auto record = world.issue(CaWorld::terms("line:1"));
    const auto now = world.clock.now();
    const auto try_change = [&](auto&& act) { return world.change(act); };
    EXPECT_TRUE(try_change([&](auto& tx) {
                    return revoke(tx, record.serial, RevocationReason::KeyCompromise,
                                  world.approver, "a", now);
                }).value());
    EXPECT_FALSE(try_change([&](auto& tx) {
                     return revoke(tx, record.serial, RevocationReason::Superseded, world.approver,
                                   "b", now);
                 }).value());
    EXPECT_EQ(try_change([&](auto& tx) {
                  return release_hold(tx, record.serial, world.approver, "c", now);
              })
                  .error()
                  .code,
              "ca.revoked_for_good");
    EXPECT_EQ(
        try_change([&](auto& tx) { return hold(tx, record.serial, world.approver, "d", now); })
            .error()
            .code,
        "ca.revoked_for_good");
    // Even a row set back by hand in the database answers as revoked.
    must(world.change([&](sql::Transaction& tx) -> antin::Status {
        static constexpr sql::Statement back{
            "test.back", "UPDATE ca_certificate SET state = 'in_force', reason = 0"};
        tx.execute(back);
        return {};
    }));
    world.reopen();
    const auto single = ask(world, record);
    EXPECT_EQ(single.status, pki::OcspStatus::Revoked);
    EXPECT_EQ(single.reason, 1);
    must(world.authority->publish_crls());
    EXPECT_EQ(listed(world, "state"), (Listed{{record.serial, 1}}));
}

TEST(Status, AnEmergencyHoldCanBeLifted) {
    CaWorld world;
    auto terms = CaWorld::terms("line:1");
    terms.on_hold = false;
    const auto record = world.issue(terms);
    EXPECT_EQ(ask(world, record).status, pki::OcspStatus::Good);
    must(world.change(
        [&](auto& tx) { return hold(tx, record.serial, world.approver, "", world.clock.now()); }));
    must(world.authority->maintain());
    EXPECT_EQ(ask(world, record).reason, 6);
    must(world.change([&](auto& tx) {
        return release_hold(tx, record.serial, world.approver, "", world.clock.now());
    }));
    must(world.authority->maintain());
    EXPECT_EQ(ask(world, record).status, pki::OcspStatus::Good);
}

TEST(Status, AnswersOutOfMemoryAndSaysSoQuickly) {
    CaWorld world;
    const auto record = world.issue(CaWorld::terms("line:1"));
    must(world.authority->maintain());
    const auto chain = world.authority->chain("state");
    const auto issuer = pki::read_certificate(chain[0]).value();
    const auto leaf = pki::read_certificate(record.der).value();
    const Bytes request = pki::make_ocsp_request(
        pki::encode_cert_id(false, issuer.subject, issuer.public_key_info, leaf.serial),
        std::nullopt);
    EXPECT_FALSE(world.authority->status().quick(request));
    const int before = world.keys->signatures;
    const auto first = world.authority->status().answer(request);
    EXPECT_EQ(world.keys->signatures, before);  // signed beforehand
    const auto second = world.authority->status().quick(request);
    ASSERT_TRUE(second);
    EXPECT_EQ(*second->body, *first.body);
    world.keys->is_gone = true;  // what is signed goes on being answered
    EXPECT_TRUE(world.authority->status().quick(request));
    world.clock.advance(std::chrono::hours{25});
    EXPECT_FALSE(world.authority->status().quick(request));
    const auto late = world.authority->status().answer(request);
    EXPECT_EQ(pki::read_ocsp_response(as_bytes(*late.body))->status, 3);  // tryLater
}

TEST(Status, UnknownForeignAndMalformedRequests) {
    CaWorld world;
    const auto chain = world.authority->chain("state");
    const auto issuer = pki::read_certificate(chain[0]).value();
    const auto root = pki::read_certificate(chain[1]).value();
    const auto status_of = [&](const Bytes& request) {
        const auto answer = world.authority->status().answer(request);
        return pki::read_ocsp_response(as_bytes(*answer.body)).value();
    };
    const Bytes never =
        pki::encode_cert_id(false, issuer.subject, issuer.public_key_info, Bytes{0x12, 0x34});
    const auto unknown = status_of(pki::make_ocsp_request(never, std::nullopt));
    EXPECT_EQ(unknown.singles.at(0).status, pki::OcspStatus::Unknown);
    const Bytes foreign =
        pki::encode_cert_id(false, root.subject, root.public_key_info, Bytes{0x12});
    EXPECT_EQ(status_of(pki::make_ocsp_request(foreign, std::nullopt)).status, 6);
    EXPECT_EQ(status_of(to_bytes("rác")).status, 1);
    EXPECT_EQ(status_of(Bytes(10000, 0)).status, 1);
    // A serial of one CA asked under the other is unknown there.
    const auto record = world.issue(CaWorld::terms("line:1"));
    const auto party_chain = world.authority->chain("party");
    const auto party = pki::read_certificate(party_chain[0]).value();
    const auto leaf = pki::read_certificate(record.der).value();
    const Bytes crossed =
        pki::encode_cert_id(false, party.subject, party.public_key_info, leaf.serial);
    EXPECT_EQ(status_of(pki::make_ocsp_request(crossed, std::nullopt)).singles.at(0).status,
              pki::OcspStatus::Unknown);
}

TEST(Status, ANonceComesBack) {
    CaWorld world;
    const auto record = world.issue(CaWorld::terms("line:1"));
    const auto chain = world.authority->chain("state");
    const auto issuer = pki::read_certificate(chain[0]).value();
    const auto leaf = pki::read_certificate(record.der).value();
    const Bytes id =
        pki::encode_cert_id(false, issuer.subject, issuer.public_key_info, leaf.serial);
    const auto answer =
        world.authority->status().answer(pki::make_ocsp_request(id, Bytes(32, 0xa5)));
    const auto response = pki::read_ocsp_response(as_bytes(*answer.body)).value();
    ASSERT_TRUE(response.nonce);
    EXPECT_EQ(to_hex(*response.nonce), "0420" + to_hex(Bytes(32, 0xa5)));
    EXPECT_EQ(answer.etag, "");  // nobody may keep it
}

TEST(Status, TheResponderIsRenewedBeforeItEnds) {
    CaWorld world;
    const auto record = world.issue(CaWorld::terms("line:1"));
    world.clock.advance(std::chrono::days{160});
    must(world.authority->maintain());
    EXPECT_EQ(world.count("ca_responder"), 4);
    EXPECT_EQ(ask(world, record).reason, 6);
    world.clock.advance(std::chrono::days{100});  // the first responder is dead by now
    must(world.authority->maintain());
    EXPECT_EQ(ask(world, record).reason, 6);
}

TEST(Issuing, AnOrderMayNameTheEndOfItsCertificate) {
    CaWorld world;
    auto terms = CaWorld::terms("line:1");
    terms.validity_days = 10;
    terms.not_after = parse_iso("2028-03-01T00:00:00Z");
    EXPECT_EQ(world.issue(terms).not_after, *terms.not_after);
    EXPECT_TRUE(world.approve(terms)) << "the same terms again";
    terms.not_after = parse_iso("2028-03-02T00:00:00Z");
    EXPECT_EQ(world.approve(terms).error().code, "ca.order_differs");
}

TEST(Status, CrlsAreRenewedOnScheduleAndForgetTheExpired) {
    CaWorld world;
    auto terms = CaWorld::terms("line:1");
    terms.validity_days = 10;
    const auto record = world.issue(terms);
    must(world.change([&](auto& tx) {
        return revoke(tx, record.serial, RevocationReason::Superseded, world.approver, "",
                      world.clock.now());
    }));
    must(world.authority->maintain());
    EXPECT_EQ(listed(world, "state").size(), 1U);
    world.clock.advance(std::chrono::days{11});  // expired, but still named for a while
    must(world.authority->maintain());
    EXPECT_EQ(listed(world, "state").size(), 1U);
    world.clock.advance(std::chrono::days{10});
    must(world.authority->maintain());
    EXPECT_EQ(listed(world, "state").size(), 0U);
    const auto health = world.authority->health();
    EXPECT_EQ(health.issuers.at(1).problem, "");
}

TEST(Status, TheRootsListIsReminded) {
    CaWorld world;
    EXPECT_EQ(world.authority->health().issuers.at(0).problem, "");
    world.clock.advance(std::chrono::days{340});
    EXPECT_EQ(world.authority->health().issuers.at(0).problem, "ca.root_crl_due");
    const auto next =
        renew_root_crl(*world.db, world.clock, *world.root_keys, world.folder / "public");
    EXPECT_EQ(next.value() - world.clock.now(), std::chrono::days{365});
    EXPECT_EQ(world.authority->health().issuers.at(0).problem, "");
    EXPECT_EQ(listed(world, "root"), Listed{});
}

// --- look-ups ------------------------------------------------------------------------------------
TEST(Serials, AreReadAsPeopleWriteThem) {
    EXPECT_EQ(normal_serial("54 01:0a-ff"),
              "00000000"
              "54010AFF");
    EXPECT_EQ(normal_serial("0x0054010AFF00112233"), "54010AFF00112233");
    EXPECT_EQ(normal_serial("abc"), "0000000000000ABC");
    for (const auto* bad : {"", "0", "xyz", "12 34 g", "0000"}) EXPECT_FALSE(normal_serial(bad));
}

TEST(LookUps, FindBySerialOrderMailAndKey) {
    CaWorld world;
    const auto record = world.issue(CaWorld::terms("line:1"));
    must(world.db->read([&](sql::Reader& reader) -> antin::Status {
        EXPECT_EQ(find_by_serial(reader, record.serial)->der, record.der);
        EXPECT_EQ(find_by_order(reader, "line:1")->serial, record.serial);
        EXPECT_EQ(find_by_email(reader, record.email, world.clock.now(), true).size(), 1U);
        const auto view = pki::read_certificate(record.der).value();
        EXPECT_EQ(find_by_public_key(reader, view.public_key_info).size(), 1U);
        EXPECT_FALSE(find_by_serial(reader, "không"));
        return {};
    }));
}

// --- the fence -----------------------------------------------------------------------------------
TEST(Fence, NothingIsIssuedUntilTwoPeopleLiftIt) {
    CaWorld world;
    must(world.approve(CaWorld::terms("line:1")));
    must(world.change([&](auto& tx) { return raise_fence(tx, "restore", world.clock.now()); }));
    EXPECT_EQ(world.authority->issue(world.request("line:1")).error().code, "ca.fenced");
    EXPECT_TRUE(world.authority->health().is_fenced);
    FenceEvidence nothing;
    EXPECT_EQ(lift_fence(*world.db, nothing, {1, "A"}, {2, "B"}, world.clock.now()).error().code,
              "ca.fence_evidence");
    nothing.nothing_to_bring = true;
    EXPECT_EQ(lift_fence(*world.db, nothing, {1, "A"}, {1, "A"}, world.clock.now()).error().code,
              "ca.two_people");
    EXPECT_TRUE(lift_fence(*world.db, nothing, {1, "A"}, {2, "B"}, world.clock.now()));
    EXPECT_TRUE(world.authority->issue(world.request("line:1")));
    EXPECT_EQ(lift_fence(*world.db, nothing, {1, "A"}, {2, "B"}, world.clock.now()).error().code,
              "ca.no_fence");
}

TEST(Fence, WhatTheOlderCopyDoesNotKnowIsBroughtBack) {
    CaWorld world;
    const auto early = world.issue(CaWorld::terms("line:1"));
    const auto copy = world.folder / "copy.db";
    must(world.db->copy_to(copy.string()));
    // After the copy: one more certificate, the early one revoked, a list published.
    const auto late = world.issue(CaWorld::terms("line:2"));
    must(world.change([&](auto& tx) {
        return revoke(tx, early.serial, RevocationReason::KeyCompromise, world.approver, "",
                      world.clock.now());
    }));
    must(world.authority->maintain());
    const Bytes crl = read_file(world.folder / "public" / "crl" / "state.crl");
    const auto old_number = pki::read_crl(crl)->number.value();
    // The copy is put back.
    world.authority.reset();
    sql::Settings settings;
    settings.sqlite_path = copy;
    const auto older = must(sql::Database::open(settings));
    world.db = older.get();
    world.reopen();
    EXPECT_TRUE(world.authority->health().is_fenced);  // found by itself: the list is newer
    must(world.approve(CaWorld::terms("line:3")));
    EXPECT_EQ(world.authority->issue(world.request("line:3")).error().code, "ca.fenced");
    FenceEvidence evidence;
    evidence.crls = {crl};
    evidence.certificates = {late.der};
    const auto lifted =
        lift_fence(*world.db, evidence, {1, "A"}, {2, "B"}, world.clock.now()).value();
    EXPECT_EQ(lifted.revocations_added, 1);
    EXPECT_EQ(lifted.certificates_added, 1);
    EXPECT_EQ(ask(world, early).reason, 1);
    EXPECT_EQ(ask(world, late).reason, 6);
    EXPECT_TRUE(world.authority->issue(world.request("line:3")));
    world.clock.advance(std::chrono::seconds{2});
    must(world.authority->publish_crls());
    const Bytes fresh = read_file(world.folder / "public" / "crl" / "state.crl");
    EXPECT_GT(pki::read_crl(fresh)->number.value(), old_number);
}

TEST(Fence, ForeignEvidenceIsRefused) {
    CaWorld world, other;
    must(world.change([&](auto& tx) { return raise_fence(tx, "restore", world.clock.now()); }));
    FenceEvidence evidence;
    evidence.crls = {read_file(other.folder / "public" / "crl" / "state.crl")};
    EXPECT_EQ(lift_fence(*world.db, evidence, {1, "A"}, {2, "B"}, world.clock.now()).error().code,
              "ca.evidence_foreign");
    EXPECT_TRUE(world.authority->health().is_fenced);
}

}  // namespace
}  // namespace antin::ca
