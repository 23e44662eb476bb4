#include "store/migrations.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "kit/test_database.hpp"
#include "store/agencies.hpp"
#include "store/subscriber_certificates.hpp"
#include "store/subscribers.hpp"

using namespace antin;

namespace {
class Migrations : public testing::TestWithParam<sql::Engine> {};
ANTIN_ON_BOTH_ENGINES(Migrations);
}  // namespace

TEST_P(Migrations, TheWholeSchemaIsTakenByBothEnginesAndTwiceChangesNothing) {
    kit::EngineDatabase database{GetParam()};
    ASSERT_TRUE(database->migrate(store::migrations()));
    EXPECT_TRUE(database->migrate(store::migrations()));
    EXPECT_GE(store::migrations().size(), 5U);
}

namespace {

/// What an installation held before the table `subscriber`: a certificate in force, one that is
/// revoked, and a row whose serial the ledger does not know.
constexpr const char* old_rows[] = {
    "INSERT INTO ca_issuer (name, sort, common_name, key_label, key_kind, serial, der, not_after,"
    " created_at) VALUES ('state', 'issuing', 'CA', 'k', 'p256', 'FF', $1, 9, 1)",
    "INSERT INTO ca_serial (serial, issuer, purpose, state, given_at)"
    " VALUES ('00000000000000A1', 'state', 'subscriber', 'done', 1),"
    " ('00000000000000A2', 'state', 'subscriber', 'done', 2)",
    "INSERT INTO ca_certificate (serial, issuer, profile, common_name, email, subject,"
    " subject_key, not_before, not_after, issued_at, state, state_since, der)"
    " VALUES ('00000000000000A1', 'state', 'individual', 'Lò Thị Cũ', 'cu@thu.gov.vn', 'CN',"
    " 'k1', 1, 900, 1, 'revoked', 5, $1), ('00000000000000A2', 'state', 'individual',"
    " 'Lò Thị Cũ', 'cu@thu.gov.vn', 'CN', 'k2', 2, 950, 2, 'in_force', 6, $1)",
    "INSERT INTO account (email, full_name, state, created_at)"
    " VALUES ('a@thu.gov.vn', 'Người Thử', 'active', 1)",
    "INSERT INTO dossier (procedure, subscriber_kind, carrier, state, channel, agency_id,"
    " receiver_id, rules_date, created_by, created_at, saved_at) SELECT 'issuance', 'individual',"
    " 'usb_token', 'returned', 'online', a.id, a.id, '2026-11-23', p.id, 1, 1"
    " FROM agency a, account p",
    "INSERT INTO dossier_line (dossier_id, number, state, field_values, carrier, name,"
    " subject_key, email, certificate_serial) SELECT d.id, n.n, 'in_force', n.v, 'usb_token',"
    " 'Lò Thị Cũ', n.k, 'cu@thu.gov.vn', n.s FROM dossier d JOIN (SELECT 1 AS n,"
    " '{\"position\":\"Văn thư\"}' AS v, '012079004417' AS k, '00000000000000A1' AS s"
    " UNION ALL SELECT 2, '{\"position\":\"Chủ tịch\"}', '012079004417', '00000000000000A2'"
    " UNION ALL SELECT 3, '{}', '', '00000000000000A9') n ON 1 = 1",
};

}  // namespace

TEST_P(Migrations, CertificatesFromBeforeHaveTheirSubscriberAndPage) {
    kit::EngineDatabase database{GetParam()};
    auto before = store::migrations();
    std::erase_if(before, [](const sql::Migration& step) {
        return step.name.starts_with("store/") && step.name >= "store/0010";
    });
    ASSERT_TRUE(database->migrate(before));
    const auto filled = database->transact([](sql::Transaction& tx) -> Status {
        store::Agency agency;
        agency.code = "H35.01";
        agency.name = "UBND xã Thử";
        agency.kind = "peoples_committee";
        agency.branch = "state";
        agency.level = "commune";
        agency.state = "approved";
        ANTIN_TRY(id, store::insert_agency(tx, agency));
        (void)id;
        for (const char* text : old_rows) {
            const std::vector<sql::Value> der{sql::value_of(Bytes{1})};
            const bool with_bytes = std::string_view{text}.find("$1") != std::string_view::npos;
            tx.execute_values(
                sql::Statement{"test.old", text},
                with_bytes ? std::span<const sql::Value>{der} : std::span<const sql::Value>{});
        }
        return {};
    });
    ASSERT_TRUE(filled) << filled.error().detail;
    ASSERT_TRUE(database->migrate(store::migrations()));
    const auto read = database->read([](sql::Reader& db) -> Status {
        const auto first = store::find_subscriber_certificate(db, "00000000000000A1").value();
        const auto second = store::find_subscriber_certificate(db, "00000000000000A2").value();
        EXPECT_EQ(first.state, domain::CertificateState::Revoked);
        EXPECT_EQ(second.state, domain::CertificateState::InForce);
        EXPECT_EQ(first.subscriber_id, second.subscriber_id) << "one person";
        const auto owner = store::find_subscriber(db, second.subscriber_id).value();
        EXPECT_EQ(owner.values.at("position"), "Chủ tịch") << "as the newest row has it";
        EXPECT_FALSE(store::find_subscriber_certificate(db, "00000000000000A9"));
        store::CertificateFilter filter;
        filter.agency_id = owner.agency_id;
        filter.words = "a2";
        EXPECT_EQ(store::list_certificates(db, filter).size(), 1U);
        filter.words = "";
        EXPECT_EQ(store::count_certificates(db, filter), 2);
        return {};
    });
    EXPECT_TRUE(read);
}
