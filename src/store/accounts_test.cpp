#include "store/accounts.hpp"

#include <gtest/gtest.h>

#include "kit/fake_clock.hpp"
#include "kit/test_database.hpp"
#include "store/agencies.hpp"

using namespace antin;

namespace {

store::Agency an_agency(std::string code, std::string name) {
    store::Agency agency;
    agency.code = std::move(code);
    agency.name = std::move(name);
    agency.kind = "party_committee";
    agency.branch = "party";
    agency.level = "commune";
    agency.province_code = "12";
    agency.created_at = kit::FakeClock{}.now();
    return agency;
}

store::Account an_account(std::string email, std::string name) {
    store::Account account;
    account.email = std::move(email);
    account.full_name = std::move(name);
    account.state = "active";
    account.created_at = kit::FakeClock{}.now();
    return account;
}

}  // namespace

TEST(Agencies, AreFoundByNameWithoutDiacriticsAndKeepTheirCodeUnique) {
    kit::TestDatabase db;
    const auto status = db->transact([](sql::Transaction& tx) -> Status {
        EXPECT_TRUE(store::insert_agency(tx, an_agency("H35.91.01", "Đảng ủy xã Bản Mẫu")));
        EXPECT_EQ(store::insert_agency(tx, an_agency("H35.91.01", "Khác")).error().code,
                  "agency.code_taken");
        store::AgencyFilter filter;
        filter.words = "dang uy xa ban";
        const auto found = store::list_agencies(tx, filter);
        EXPECT_EQ(found.size(), 1u);
        EXPECT_EQ(store::count_agencies(tx, filter), 1);
        auto agency = found.at(0).agency;
        EXPECT_TRUE(store::update_agency(tx, agency));
        EXPECT_EQ(store::update_agency(tx, agency).error().code, "agency.changed");
        return {};
    });
    ASSERT_TRUE(status);
}

TEST(Accounts, AnEndedRoleIsGoneAndASecondGrantOfTheSameRoleChangesNothing) {
    kit::TestDatabase db;
    const auto now = kit::FakeClock{}.now();
    const auto status = db->transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(agency, store::insert_agency(tx, an_agency("H35.92.01", "Đảng ủy xã Thử")));
        ANTIN_TRY(id, store::insert_account(tx, an_account("Thu@Mau.gov.vn", "Người Thử")));
        EXPECT_EQ(store::insert_account(tx, an_account("thu@mau.gov.vn", "")).error().code,
                  "account.email_taken");
        store::insert_grant(tx, id, domain::Role::FocalPoint, agency, std::nullopt, now);
        store::insert_grant(tx, id, domain::Role::FocalPoint, agency, std::nullopt, now);
        EXPECT_EQ(store::grants_of(tx, id).size(), 1u);
        EXPECT_EQ(store::people_with_role(tx, domain::Role::FocalPoint, agency).size(), 1u);
        EXPECT_TRUE(store::end_grant(tx, id, domain::Role::FocalPoint, agency, std::nullopt, now));
        EXPECT_FALSE(store::end_grant(tx, id, domain::Role::FocalPoint, agency, std::nullopt, now));
        EXPECT_TRUE(store::grants_of(tx, id).empty());
        EXPECT_TRUE(store::people_of(tx, agency).empty());
        return {};
    });
    ASSERT_TRUE(status);
}
