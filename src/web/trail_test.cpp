// Where the audit trail cannot be written, the act does not happen: one act of every area, with the
// journal taken away, leaves the whole database as it was.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/accept_dossier.hpp"
#include "app/add_person.hpp"
#include "app/assess_lines.hpp"
#include "app/assign_dossier.hpp"
#include "app/change_agency_state.hpp"
#include "app/change_calendar.hpp"
#include "app/change_role.hpp"
#include "app/change_rule.hpp"
#include "app/change_setting.hpp"
#include "app/create_dossier.hpp"
#include "app/decide_lines.hpp"
#include "app/edit_agency.hpp"
#include "app/invite_agency.hpp"
#include "app/notify.hpp"
#include "app/open_account.hpp"
#include "app/password.hpp"
#include "app/read_deliveries.hpp"
#include "app/receive_devices.hpp"
#include "app/sign_in.hpp"
#include "app/withdraw_dossier.hpp"
#include "ca/authority.hpp"
#include "kit/portal.hpp"
#include "ledger/certificates.hpp"
#include "ledger/issuers.hpp"
#include "ledger/orders.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"

namespace antin::web {
namespace {

using domain::DossierState;
using domain::LineState;
using domain::Role;

class WithoutTrail : public testing::Test {
  protected:
    WithoutTrail() {
        const auto at = [&](const char* name, std::int64_t body, Role role) {
            return portal.actor(portal.add_person(name, body, {role}));
        };
        desk = portal.provincial_desk();
        agency = portal.add_agency("UBND xã Thử Nghiệm", "peoples_committee");
        clerk = at("Văn thư", agency, Role::FocalPoint);
        coordinator = at("Đầu mối", desk, Role::ProvinceCoordinator);
        administrator = at("Quản trị", portal.provider(), Role::SystemAdministrator);
        intake = at("Tiếp nhận", portal.provider(), Role::IntakeOfficer);
        assessor = at("Thẩm định", portal.provider(), Role::Assessor);
        approver = at("Phê duyệt", portal.provider(), Role::Approver);
        registration = at("Cấp phát", portal.provider(), Role::RegistrationOfficer);
    }
    template <class Work>
    auto change(Work&& work) {
        return portal.database->transact(std::forward<Work>(work)).value();
    }
    std::int64_t dossier(DossierState state, LineState line_state = LineState::Requested) {
        return change([&](sql::Transaction& tx) -> Result<std::int64_t> {
            store::Dossier one;
            one.state = state;
            one.agency_id = agency;
            one.receiver_id = portal.provider();
            one.rules_date = to_iso(local_date(portal.clock.now()));
            one.created_by = clerk.account_id;
            one.created_at = one.saved_at = portal.clock.now();
            one.submitted_at = portal.clock.now();
            one.line_count = 1;
            if (state != DossierState::Submitted) {
                one.accepted_at = portal.clock.now();
                one.due_at = portal.clock.now() + std::chrono::hours{48};
                one.code = fmt::format("G11.07-261123-{:04}", ++count);
                one.check_value = "K7QM-4XWP";
            }
            if (state == DossierState::InProgress) one.assessor_id = assessor.account_id;
            const auto id = store::add_dossier(tx, one);
            store::DossierLine line;
            line.dossier_id = id;
            line.number = 1;
            line.name = "Người Thử";
            line.state = line_state;
            if (line_state == LineState::Proposed) {
                line.proposal = domain::Proposal::Refuse;
                line.proposal_reason = "Chưa đủ điều kiện.";
                line.proposed_by = assessor.account_id;
            }
            (void)store::add_line(tx, line);
            return id;
        });
    }
    /// Every table but the counts of tries and the journal itself, as one text.
    std::string everything() {
        const bool sqlite = portal.database->engine() == sql::Engine::Sqlite;
        return portal.database
            ->read([&](sql::Reader& db) -> Result<std::string> {
                const std::string tables =
                    sqlite ? "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
                           : "SELECT tablename AS name FROM pg_tables"
                             " WHERE schemaname = current_schema() ORDER BY tablename";
                std::string out;
                for (const sql::Row table : db.query_built("tables", tables, {})) {
                    const auto name = table.text("name");
                    if (name == "throttle" || name == "gone" || name.starts_with("sqlite_")) {
                        continue;
                    }
                    const auto rows = db.query_built("all", "SELECT * FROM " + name, {});
                    for (const sql::Row row : rows) {
                        out += name;
                        for (const auto& column : rows.columns) out += "|" + row.text(column);
                        out += '\n';
                    }
                }
                return out;
            })
            .value();
    }
    template <class Act>
    void refused(const char* name, Act&& act) {
        const auto before = everything();
        take_trail_away();
        const auto done = act();
        EXPECT_FALSE(done) << name << " happened although the trail could not be written";
        give_trail_back();
        EXPECT_EQ(everything(), before) << name << " left something behind";
    }

    kit::Portal portal;
    std::int64_t desk = 0, agency = 0;
    int count = 0;
    app::Actor clerk, coordinator, administrator, intake, assessor, approver, registration;

  private:
    void rename(const char* statement) {
        change([&](sql::Transaction& tx) -> Result<int> {
            (void)tx.query_built("rename", statement, {});
            return 0;
        });
    }
    void take_trail_away() { rename("ALTER TABLE audit_entry RENAME TO gone"); }
    void give_trail_back() { rename("ALTER TABLE gone RENAME TO audit_entry"); }
};

TEST_F(WithoutTrail, NoAccountIsEnteredOpenedOrChanged) {
    auto& services = *portal.services;
    const auto email = change([&](sql::Transaction& tx) -> Result<std::string> {
        auto account = store::find_account(tx, clerk.account_id).value();
        account.password_hash = app::hash_password("một câu rất dễ nhớ");
        ANTIN_CHECK(store::update_account(tx, account));
        return account.email;
    });
    refused("sign in", [&] {
        return app::sign_in(services, {email, "một câu rất dễ nhớ", "127.0.0.1", "", ""});
    });
    refused("open account", [&] {
        return app::open_account(
            services, administrator,
            {"moi@laichau.gov.vn", "Người Mới", "", portal.provider(), {Role::Assessor}});
    });
    refused("add person", [&] {
        return app::add_person(
            services, administrator,
            {portal.provider(), "hai@laichau.gov.vn", "Người Hai", "", "", {Role::Assessor}});
    });
    refused("end role", [&] {
        return app::end_role(services, administrator, {email, agency, Role::FocalPoint});
    });
    refused("suspend",
            [&] { return app::set_account_state(services, administrator, email, "suspended"); });
}

TEST_F(WithoutTrail, NoAgencyIsInvitedEditedOrSuspended) {
    auto& services = *portal.services;
    refused("invite", [&] {
        return app::invite_agency(services, coordinator,
                                  {agency, "vanthu@laichau.gov.vn", "", "head"});
    });
    refused("edit", [&] {
        app::EditAgency edit;
        edit.agency_id = agency;
        edit.version = 1;
        edit.name = "Tên khác";
        edit.code = "H35.999";
        return app::edit_agency(services, coordinator, edit);
    });
    refused("suspend agency", [&] {
        return app::change_agency_state(services, coordinator,
                                        {agency, 1, domain::AgencyAction::Suspend, "Lý do thử"});
    });
}

TEST_F(WithoutTrail, NoDossierMoves) {
    auto& services = *portal.services;
    const auto filed = dossier(DossierState::Submitted);
    const auto accepted = dossier(DossierState::Accepted);
    const auto running = dossier(DossierState::InProgress);
    const auto proposed = dossier(DossierState::InProgress, LineState::Proposed);
    refused("new draft", [&] { return app::create_dossier(services, clerk, {agency}); });
    refused("accept", [&] { return app::accept_dossier(services, intake, {filed, 1}); });
    refused("take", [&] {
        return app::assign_dossier(services, assessor, {accepted, 1, assessor.account_id});
    });
    refused("open personal data",
            [&] { return app::open_personal_data(services, assessor, {running}); });
    refused("withdraw", [&] {
        return app::withdraw_dossier(services, clerk, {running, 1, "Nộp nhầm"});
    });
    refused("decide", [&] {
        return app::decide_lines(services, approver, {proposed, 1, {{1, true, ""}}});
    });
    // The same acts go through when the trail is there: nothing else refused them.
    EXPECT_TRUE(app::accept_dossier(services, intake, {filed, 1}));
    EXPECT_TRUE(app::assign_dossier(services, assessor, {accepted, 1, assessor.account_id}));
    EXPECT_TRUE(app::withdraw_dossier(services, clerk, {running, 1, "Nộp nhầm"}));
    const auto decided = app::decide_lines(services, approver, {proposed, 1, {{1, true, ""}}});
    EXPECT_TRUE(decided) << decided.error().code;
}

TEST_F(WithoutTrail, NoRuleSettingCalendarStockOrDeliveryIsTouched) {
    auto& services = *portal.services;
    const auto mail = change([&](sql::Transaction& tx) -> Result<std::int64_t> {
        return app::send_mail(tx, services, "a@laichau.gov.vn", "Tiêu đề", "Nội dung", false);
    });
    refused("setting", [&] {
        return app::change_settings(services, administrator,
                                    {{"contact_line", "Điện thoại 0213 000 001"}});
    });
    refused("rule", [&] {
        return app::add_rule_version(services, administrator,
                                     {"issue.deadline_wd", "2", "Quyết định thử", "recalled",
                                      to_iso(local_date(portal.clock.now()))});
    });
    refused("calendar", [&] {
        app::CalendarChange confirm;
        confirm.act = app::CalendarChange::Act::Confirm;
        confirm.year = 2027;
        confirm.version = "2027.0";
        return app::change_calendar(services, administrator, confirm);
    });
    refused("stock", [&] {
        return app::receive_devices(services, registration,
                                    {"A001\nA002", "Token thử", "Kho", false});
    });
    refused("read a mail", [&] { return app::read_delivery(services, administrator, mail); });
    refused("resend", [&] { return app::resend_mail(services, administrator, mail); });
}

TEST_F(WithoutTrail, NoCertificateChangesItsStatusAndNoFenceIsRaised) {
    const ca::Person person{approver.account_id, approver.name};
    change([&](sql::Transaction& tx) -> Result<int> {
        ledger::Issuer issuer;
        issuer.name = "state";
        issuer.sort = "issuing";
        issuer.serial = "1";
        ledger::insert_issuer(tx, issuer);
        ledger::Serial serial;
        serial.serial = "00AA00AA00AA00AA";
        serial.issuer = "state";
        serial.purpose = "subscriber";
        serial.state = "done";
        EXPECT_TRUE(ledger::insert_serial(tx, serial));
        ledger::CertificateRecord record;
        record.serial = "00AA00AA00AA00AA";
        record.issuer = "state";
        record.order_id = "line:1";
        record.state = ledger::CertificateState::InForce;
        EXPECT_TRUE(ledger::insert_certificate(tx, record));
        return 0;
    });
    const auto now = portal.clock.now();
    const auto in_transaction = [&](auto act) {
        return portal.database->transact([&](sql::Transaction& tx) { return act(tx); });
    };
    refused("hold", [&] {
        return in_transaction([&](sql::Transaction& tx) {
            return ca::hold(tx, "00AA00AA00AA00AA", person, "", now);
        });
    });
    refused("revoke", [&] {
        return in_transaction([&](sql::Transaction& tx) {
            return ca::revoke(tx, "00AA00AA00AA00AA", ca::RevocationReason::KeyCompromise, person,
                              "", now);
        });
    });
    refused("fence", [&] {
        return in_transaction(
            [&](sql::Transaction& tx) { return ca::raise_fence(tx, "thử", now); });
    });
}

}  // namespace
}  // namespace antin::web
