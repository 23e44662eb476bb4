#include "app/open_account.hpp"

#include <gtest/gtest.h>

#include "app/change_role.hpp"
#include "app/password.hpp"
#include "kit/fake_clock.hpp"
#include "kit/test_database.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/sessions.hpp"

namespace antin::app {
namespace {

using domain::Role;

class OpenAccounts : public ::testing::Test {
  protected:
    void SetUp() override {
        provider = body("G11", "provider");
        desk = body("H35.KHCN", "provincial_desk");
        commune = body("H35.1.DU", "party_committee");
    }
    std::int64_t body(std::string code, std::string kind) {
        store::Agency agency;
        agency.code = code;
        agency.name = "Cơ quan " + code;
        agency.kind = kind;
        agency.branch = "state";
        agency.level = "commune";
        agency.state = "approved";
        const auto id = database->transact(
            [&](sql::Transaction& tx) { return store::insert_agency(tx, agency); });
        EXPECT_TRUE(id);
        return id.value_or(0);
    }
    Result<OpenedAccount> open(std::vector<Role> roles, std::int64_t agency,
                               std::string email = "ai.do@laichau.gov.vn") {
        return open_account(services, Actor::system("test"),
                            {email, "Người Thử", "", agency, std::move(roles)});
    }
    std::optional<store::Account> account(std::string_view email = "ai.do@laichau.gov.vn") {
        return *database->read([&](sql::Reader& db) -> Result<std::optional<store::Account>> {
            return store::find_account_by_email(db, email);
        });
    }
    std::size_t grants() {
        const auto id = account().value().id;
        return *database->read([&](sql::Reader& db) -> Result<std::size_t> {
            return store::grants_of(db, id).size();
        });
    }

    kit::TestDatabase database;
    kit::FakeClock clock;
    Configuration configuration;
    Services services{.db = *database, .clock = clock, .configuration = configuration};
    std::int64_t provider = 0, desk = 0, commune = 0;
};

TEST_F(OpenAccounts, gives_a_password_for_one_sign_in) {
    const auto opened = open({Role::Assessor}, provider);
    ASSERT_TRUE(opened) << opened.error().code;
    const auto stored = account();
    ASSERT_TRUE(stored);
    EXPECT_TRUE(stored->password_temporary);
    EXPECT_TRUE(verify_password(stored->password_hash, opened->one_time_password));
    EXPECT_GT(*stored->password_expires_at, clock.now());
    EXPECT_EQ(stored->state, "active");
}

TEST_F(OpenAccounts, an_address_is_one_account) {
    ASSERT_TRUE(open({Role::Assessor}, provider));
    const auto second = open({Role::Approver}, provider, "AI.DO@laichau.gov.vn");
    ASSERT_FALSE(second);
    EXPECT_EQ(second.error().code, "account.email_taken");
}

TEST_F(OpenAccounts, a_role_belongs_to_its_kind_of_body) {
    EXPECT_EQ(open({Role::CaAdministrator}, desk).error().code, "account.role_elsewhere");
    EXPECT_EQ(open({Role::Head}, provider).error().code, "account.role_elsewhere");
    EXPECT_EQ(open({Role::Assessor}, commune).error().code, "account.role_elsewhere");
    EXPECT_FALSE(account());
}

TEST_F(OpenAccounts, nobody_administers_and_audits) {
    const auto opened = open({Role::Auditor, Role::SystemAdministrator}, provider);
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, "account.roles_apart");
}

TEST_F(OpenAccounts, wants_a_name_an_address_and_a_role) {
    EXPECT_EQ(open({}, provider).error().code, "account.roles");
    EXPECT_EQ(open({Role::Assessor}, provider, "no address").error().code, "account.email");
    EXPECT_EQ(open({Role::Assessor}, 999).error().code, "agency.not_found");
    const auto nameless = open_account(services, Actor::system("test"),
                                       {"a@b.gov.vn", "", "", provider, {Role::Assessor}});
    EXPECT_EQ(nameless.error().code, "account.full_name");
}

TEST_F(OpenAccounts, is_for_the_system_administrator_only) {
    Actor stranger;
    EXPECT_EQ(open_account(services, stranger, {"a@b.vn", "A", "", provider, {Role::Assessor}})
                  .error()
                  .kind,
              ErrorKind::Forbidden);
    Actor officer;
    officer.account_id = open({Role::Assessor}, provider)->account_id;
    officer.grants = {{Role::Approver, provider}};
    EXPECT_EQ(reissue_password(services, officer, "a@b.vn", false).error().kind,
              ErrorKind::Forbidden);
    // People of a body are managed by its own head or the administrator; to anybody else the body's
    // people read like what does not exist.
    EXPECT_EQ(give_role(services, officer, {"a@b.vn", provider, Role::Auditor}).error().kind,
              ErrorKind::NotFound);
    officer.grants = {{Role::SystemAdministrator, provider}};
    EXPECT_TRUE(open_account(services, officer, {"a@b.vn", "A", "", provider, {Role::Assessor}}));
}

TEST_F(OpenAccounts, a_password_issued_again_ends_the_sessions) {
    const auto first = open({Role::Assessor}, provider);
    ASSERT_TRUE(first);
    store::Session session;
    session.token_hash = "abc";
    session.account_id = first->account_id;
    session.expires_at = clock.now() + std::chrono::hours(1);
    ASSERT_TRUE(database->transact([&](sql::Transaction& tx) -> Status {
        store::insert_session(tx, session);
        return {};
    }));
    const auto again =
        reissue_password(services, Actor::system("test"), "Ai.Do@laichau.gov.vn", true);
    ASSERT_TRUE(again) << again.error().code;
    EXPECT_TRUE(verify_password(account()->password_hash, again->one_time_password));
    EXPECT_FALSE(verify_password(account()->password_hash, first->one_time_password));
    EXPECT_FALSE(*database->read([](sql::Reader& db) -> Result<bool> {
        return store::find_session(db, "abc").has_value();
    }));
}

TEST_F(OpenAccounts, a_role_is_given_once_and_ended) {
    ASSERT_TRUE(open({Role::Assessor}, provider));
    const RoleChange change{"ai.do@laichau.gov.vn", provider, Role::IntakeOfficer};
    ASSERT_TRUE(give_role(services, Actor::system("test"), change));
    ASSERT_TRUE(give_role(services, Actor::system("test"), change));
    EXPECT_EQ(grants(), 2u);
    ASSERT_TRUE(end_role(services, Actor::system("test"), change));
    ASSERT_TRUE(end_role(services, Actor::system("test"), change));
    EXPECT_EQ(grants(), 1u);
}

TEST_F(OpenAccounts, a_second_role_must_go_with_the_first) {
    ASSERT_TRUE(open({Role::Assessor}, provider));
    const auto given = give_role(services, Actor::system("test"),
                                 {"ai.do@laichau.gov.vn", provider, Role::Auditor});
    ASSERT_FALSE(given);
    EXPECT_EQ(given.error().code, "account.roles_apart");
}

TEST_F(OpenAccounts, a_suspended_person_is_suspended) {
    ASSERT_TRUE(open({Role::Assessor}, provider));
    ASSERT_TRUE(
        set_account_state(services, Actor::system("test"), "ai.do@laichau.gov.vn", "suspended"));
    EXPECT_EQ(account()->state, "suspended");
    EXPECT_EQ(
        set_account_state(services, Actor::system("test"), "nobody@x.vn", "active").error().code,
        "account.not_found");
}

}  // namespace
}  // namespace antin::app
