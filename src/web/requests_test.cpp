// Renewal, amendment, revocation and restoration: from choosing rows to what becomes of the
// certificates, on a portal with a working authority.
#include <gtest/gtest.h>

#include "app/agency_certificates.hpp"
#include "app/check_dossier.hpp"
#include "app/make_request_form.hpp"
#include "app/save_sheet.hpp"
#include "http/form_reader.hpp"
#include "kit/certificate_office.hpp"
#include "store/papers.hpp"
#include "store/subscribers.hpp"

namespace antin::web {
namespace {

using domain::CertificateState;
using domain::DossierState;
using domain::LineState;
using domain::Procedure;
using Office = kit::CertificateOffice;
using std::chrono::days;

class Requests : public testing::Test {
  protected:
    /// Certificates that end in 60 days; what replaces them may live as long as the law lets it.
    Requests() {
        office.set_rule("issue.validity_days", "60", "2026-01-01");
        office.set_rule("issue.validity_days", "1825", "2026-11-24");
    }
    void next_day() { office.portal.clock.set("2026-11-24T09:00:00+07:00"); }
    std::int64_t row(std::int64_t dossier_id, std::size_t index = 0) {
        return office.lines(dossier_id).at(index).id;
    }
    /// Saves typed values of the first row as the clerk.
    void type(std::int64_t dossier_id, domain::FieldValues values) {
        const auto line = office.lines(dossier_id).front();
        app::SaveSheet input;
        input.dossier_id = dossier_id;
        input.rows.push_back({.line_id = line.id, .version = line.version, .typed = values});
        Office::good(
            app::save_sheet(*office.portal.services, office.portal.actor(office.clerk), input));
    }
    std::vector<std::string> defects(std::int64_t dossier_id) {
        const auto dossier = office.dossier(dossier_id);
        return office.look([&](sql::Reader& db) {
            std::vector<std::string> out;
            const auto checked = app::check_dossier(db, *office.portal.services, dossier);
            for (const auto& line : checked.findings.lines) {
                for (const auto& defect : line.defects) out.push_back(defect.rule);
            }
            return out;
        });
    }

    Office office;
};
using Words = std::vector<std::string>;

TEST_F(Requests, issuance_fills_the_subscriber_and_the_certificates_page) {
    const auto serial = office.certificate("Vàng A Sinh", "sinhva@laichau.gov.vn");
    const auto page = office.page_of(serial);
    EXPECT_EQ(page.state, CertificateState::InForce);
    EXPECT_EQ(page.common_name, "Vàng A Sinh");
    EXPECT_EQ(office.device_of(serial).state, domain::DeviceState::HandedOver);
    const auto owner = office.look(
        [&](sql::Reader& db) { return store::find_subscriber(db, page.subscriber_id).value(); });
    EXPECT_EQ(owner.values.at("position"), "Chuyên viên");
    EXPECT_EQ(owner.values.at("agency_name"), "UBND xã Thử");
    auto clerk = office.portal.sign_in(office.clerk);
    for (const char* path : {"/thue-bao", "/thue-bao?tim=vang+a", "/thue-bao?loc=90",
                             "/thue-bao?tim=sinhva", "/viec"}) {
        EXPECT_NE(clerk.get(path).body.find("Vàng A Sinh"), std::string::npos) << path;
    }
    EXPECT_EQ(clerk.get("/thue-bao?tim=khong").body.find(serial), std::string::npos);
}

TEST_F(Requests, a_renewal_is_chosen_from_the_list_and_the_old_one_ends_at_the_handover) {
    const auto old = office.certificate("Vàng A Sinh", "sinhva@laichau.gov.vn");
    next_day();
    auto clerk = office.portal.sign_in(office.clerk);
    const auto kinds = clerk.get("/ho-so/moi");
    for (const char* path : {"/ho-so/moi/gia-han", "/ho-so/moi/thay-doi", "/ho-so/moi/thu-hoi"}) {
        EXPECT_NE(kinds.body.find(path), std::string::npos) << path;
        EXPECT_EQ(clerk.get(path).status, 200) << path;
    }
    const auto choose = clerk.get("/ho-so/moi/gia-han");
    EXPECT_NE(choose.body.find(old), std::string::npos) << "ends within 90 days";
    EXPECT_EQ(clerk.post("/ho-so/moi/gia-han").status, 422) << "nothing chosen";
    const auto begun = clerk.post("/ho-so/moi/gia-han", {{"so", old}});
    ASSERT_EQ(begun.status, 303) << begun.body.substr(0, 500);
    const auto list = clerk.open(begun.header("location"));
    ASSERT_EQ(list.status, 200) << list.body.substr(0, 2000);
    EXPECT_NE(list.body.find("Vàng A Sinh"), std::string::npos);
    const auto saved = clerk.submit(list, "/danh-sach", {}, {{"viec", "kiem-tra"}});
    ASSERT_EQ(saved.status, 303);
    EXPECT_EQ(clerk.open(saved.header("location")).status, 200);
    const std::string location = begun.header("location");
    const auto id = std::stoll(location.substr(std::string{"/ho-so/nhap/"}.size()));
    EXPECT_EQ(office.dossier(id).procedure, Procedure::Renewal);
    EXPECT_EQ(defects(id), Words{});
    EXPECT_TRUE(
        app::make_request_form(*office.portal.services, office.portal.actor(office.clerk), id));
    const auto prepared = office.draft(Procedure::Renewal, {old});
    office.approve(prepared);
    const auto line = office.lines(prepared).front();
    EXPECT_EQ(line.state, LineState::Approved);
    const auto fresh = office.issue_on_token(line.id, office.agency);
    EXPECT_EQ(office.page_of(old).state, CertificateState::InForce) << "until the handover";
    EXPECT_EQ(office.page_of(fresh).state, CertificateState::OnHold);
    EXPECT_EQ(office.page_of(fresh).not_after, office.page_of(old).not_after + days{1095});
    office.hand_over_and_confirm(prepared, line.id, office.agency);
    const auto before = office.page_of(old), after = office.page_of(fresh);
    EXPECT_EQ(after.state, CertificateState::InForce);
    EXPECT_EQ(after.predecessor, old);
    EXPECT_EQ(after.renewals, 1);
    EXPECT_EQ(before.state, CertificateState::Replaced);
    EXPECT_EQ(before.successor, fresh);
    EXPECT_EQ(office.ledger_of(old).state, ca::CertificateState::Revoked);
    EXPECT_EQ(office.ledger_of(old).reason, ca::RevocationReason::Superseded);
    EXPECT_EQ(office.device_of(old).state, domain::DeviceState::DueBack);
    EXPECT_NE(office.mails().find("nộp lại 1 thiết bị cũ"), std::string::npos);
    EXPECT_EQ(office.dossier(prepared).state, DossierState::Returned);
    const auto again = office.draft(Procedure::Renewal, {fresh, old});
    EXPECT_EQ(defects(again), (Words{"renewed_before", "target_replaced"}));
}

TEST_F(Requests, an_amendment_changes_the_subject_and_keeps_the_end) {
    const auto old = office.certificate("Vàng A Sinh", "sinhva@laichau.gov.vn");
    next_day();
    const auto id = office.draft(Procedure::Amendment, {old});
    EXPECT_EQ(defects(id), Words{"change_missing"});
    auto clerk = office.portal.sign_in(office.clerk);
    const auto list = clerk.get("/ho-so/nhap/" + std::to_string(id) + "/danh-sach");
    const std::string prefix = "r" + std::to_string(row(id)) + ".";
    const auto saved = clerk.submit(list, "/danh-sach",
                                    {{prefix + "moi.email", "sinhva.moi@laichau.gov.vn"},
                                     {prefix + "moi.position", "Phó Chủ tịch"}},
                                    {{"viec", "luu"}});
    ASSERT_EQ(saved.status, 303);
    EXPECT_EQ(defects(id), Words{});
    EXPECT_EQ(office.lines(id).front().values.at("change_to"),
              "Thư điện tử công vụ: sinhva.moi@laichau.gov.vn; Chức vụ: Phó Chủ tịch");
    office.approve(id);
    const auto fresh = office.finish(id, row(id));
    EXPECT_EQ(office.ledger_of(fresh).email, "sinhva.moi@laichau.gov.vn");
    EXPECT_EQ(office.page_of(fresh).not_after, office.page_of(old).not_after);
    EXPECT_EQ(office.page_of(fresh).renewals, 0);
    const auto owner_id = office.page_of(fresh).subscriber_id;
    const auto owner =
        office.look([&](sql::Reader& db) { return store::find_subscriber(db, owner_id).value(); });
    EXPECT_EQ(owner.values.at("position"), "Phó Chủ tịch");
    EXPECT_EQ(owner.id, office.page_of(old).subscriber_id) << "the same person";
}

TEST_F(Requests, both_boxes_in_one_row_extend_and_change_and_the_dossier_is_a_renewal) {
    const auto old = office.certificate("Vàng A Sinh", "sinhva@laichau.gov.vn");
    next_day();
    const auto id = office.draft(Procedure::Amendment, {old});
    type(id, {{"renew", "x"}, {"change_to", "Email: sinhva.moi@laichau.gov.vn"}});
    EXPECT_EQ(office.dossier(id).procedure, Procedure::Renewal);
    office.approve(id);
    const auto fresh = office.finish(id, row(id));
    EXPECT_EQ(office.ledger_of(fresh).email, "sinhva.moi@laichau.gov.vn");
    EXPECT_EQ(office.page_of(fresh).not_after, office.page_of(old).not_after + days{1095});
}

TEST_F(Requests, a_person_who_moves_comes_with_the_certificate) {
    const auto other = office.portal.add_agency("UBND xã Khác", "peoples_committee");
    const auto old = office.certificate("Lò Văn Chuyển", "chuyen@laichau.gov.vn", other);
    next_day();
    const auto id = office.draft(Procedure::Amendment, {old});
    EXPECT_EQ(defects(id), (Words{"target_not_yours"}));
    type(id, {{"change_to", "Cơ quan công tác: UBND xã Thử Nghiệm"}});
    EXPECT_EQ(defects(id), Words{});
    office.approve(id);
    const auto fresh = office.finish(id, row(id));
    EXPECT_EQ(office.page_of(fresh).agency_id, office.agency);
    EXPECT_NE(office.ledger_of(fresh).subject.find("UBND xã Thử Nghiệm"), std::string::npos);
    EXPECT_EQ(office.page_of(old).state, CertificateState::Replaced);
}

TEST_F(Requests, a_revocation_takes_effect_in_the_decision_and_the_device_is_due_back) {
    const auto serial = office.certificate("Vàng A Sinh", "sinhva@laichau.gov.vn");
    const auto id = office.draft(Procedure::Revocation, {serial});
    EXPECT_EQ(defects(id), Words{"required"});
    auto clerk = office.portal.sign_in(office.clerk);
    const auto list = clerk.get("/ho-so/nhap/" + std::to_string(id) + "/danh-sach");
    ASSERT_EQ(list.status, 200) << list.body.substr(0, 1000);
    const std::string prefix = "r" + std::to_string(row(id)) + ".";
    const auto saved = clerk.submit(
        list, "/danh-sach", {{prefix + "reason", "Nghỉ hưu, thôi việc"}}, {{"viec", "kiem-tra"}});
    EXPECT_EQ(saved.status, 303);
    EXPECT_EQ(defects(id), Words{});
    Office::good(office.send(id));
    office.propose(id);
    auto officer = office.portal.sign_in(office.approver);
    const auto page = officer.get("/xu-ly/" + std::to_string(id) + "?dong=1");
    EXPECT_NE(page.body.find("Nghỉ hưu"), std::string::npos);
    EXPECT_EQ(office.ledger_of(serial).state, ca::CertificateState::InForce);
    Office::good(office.decide(id));
    EXPECT_EQ(office.ledger_of(serial).state, ca::CertificateState::Revoked);
    EXPECT_EQ(office.ledger_of(serial).reason, ca::RevocationReason::AffiliationChanged);
    EXPECT_EQ(office.page_of(serial).state, CertificateState::Revoked);
    EXPECT_EQ(office.page_of(serial).reason, "left_office");
    EXPECT_EQ(office.lines(id).front().state, LineState::DeviceDueBack);
    EXPECT_EQ(office.device_of(serial).state, domain::DeviceState::DueBack);
    EXPECT_EQ(office.dossier(id).state, DossierState::Returned);
    EXPECT_NE(office.mails().find("1 thiết bị phải nộp lại"), std::string::npos);
    EXPECT_NE(office.mails().find("trong 5 ngày làm việc"), std::string::npos);
    const auto shown = clerk.get("/ho-so/" + office.dossier(id).code.value()).body;
    for (const char* step :
         {"thu hồi 1, từ chối 0", "Chứng thư đã bị thu hồi", "Thiết bị phải nộp lại"}) {
        EXPECT_NE(shown.find(step), std::string::npos) << step;
    }
    const auto papers = office.look([&](sql::Reader& db) { return store::papers_of(db, id); });
    ASSERT_EQ(papers.size(), 1U);
    EXPECT_NE(papers.front().data.find("12 giờ"), std::string::npos) << papers.front().data;
    const auto again = office.draft(Procedure::Revocation, {serial});
    type(again, {{"reason", "Nghỉ hưu"}});
    EXPECT_EQ(defects(again), Words{"target_revoked"});
}

TEST_F(Requests, another_agencys_certificate_is_neither_shown_nor_revoked) {
    const auto other = office.portal.add_agency("UBND xã Khác", "peoples_committee");
    const auto serial = office.certificate("Lò Văn Khác", "khac@laichau.gov.vn", other);
    auto clerk = office.portal.sign_in(office.clerk);
    EXPECT_EQ(clerk.get("/ho-so/moi/thu-hoi").body.find(serial), std::string::npos);
    const auto id = office.draft(Procedure::Revocation, {serial});
    type(id, {{"reason", "Nghỉ hưu"}});
    EXPECT_EQ(defects(id), Words{"target_not_yours"});
    EXPECT_FALSE(office.send(id));
    EXPECT_NE(office.lines(id).front().name, "Lò Văn Khác");
}

TEST_F(Requests, a_revocation_during_a_renewal_ends_the_renewal) {
    const auto serial = office.certificate("Vàng A Sinh", "sinhva@laichau.gov.vn");
    next_day();
    const auto renewal = office.draft(Procedure::Renewal, {serial});
    office.approve(renewal);
    office.make_key(row(renewal), office.agency);
    const auto device = office.lines(renewal).front().device_id.value();
    const auto second = office.draft(Procedure::Renewal, {serial});
    EXPECT_EQ(defects(second), Words{"target_in_flight"});
    const auto revocation = office.draft(Procedure::Revocation, {serial});
    type(revocation, {{"reason", "Lộ khóa"}});
    EXPECT_EQ(defects(revocation), Words{}) << "nothing keeps a revocation back";
    office.approve(revocation);
    EXPECT_EQ(office.ledger_of(serial).reason, ca::RevocationReason::KeyCompromise);
    const auto line = office.lines(renewal).front();
    EXPECT_EQ(line.state, LineState::Refused);
    EXPECT_NE(line.decision_reason.find(serial), std::string::npos);
    EXPECT_FALSE(line.device_id);
    const auto freed =
        office.look([&](sql::Reader& db) { return store::find_device(db, device).value(); });
    EXPECT_EQ(freed.state, domain::DeviceState::InStock) << "the token that was begun is free";
    EXPECT_EQ(office.dossier(renewal).state, DossierState::Returned);
}

TEST_F(Requests, a_revocation_after_the_successor_was_issued_ends_the_old_one_alone) {
    const auto serial = office.certificate("Vàng A Sinh", "sinhva@laichau.gov.vn");
    next_day();
    const auto renewal = office.draft(Procedure::Renewal, {serial});
    office.approve(renewal);
    const auto fresh = office.issue_on_token(row(renewal), office.agency);
    const auto revocation = office.draft(Procedure::Revocation, {serial});
    type(revocation, {{"reason", "Nghỉ hưu"}});
    office.approve(revocation);
    EXPECT_EQ(office.lines(renewal).front().state, LineState::Issued);
    office.hand_over_and_confirm(renewal, row(renewal), office.agency);
    EXPECT_EQ(office.page_of(fresh).state, CertificateState::InForce);
    EXPECT_EQ(office.page_of(serial).state, CertificateState::Revoked);
    EXPECT_EQ(office.ledger_of(serial).reason, ca::RevocationReason::AffiliationChanged);
}

TEST_F(Requests, pasted_serials_are_read_in_any_notation) {
    EXPECT_EQ(app::read_pasted_serials("54:a1:0c:77:2b:90:e3:1d\n0x54A10C772B90E31E, x; "
                                       "54 a1 0c 77 2b 90 e3 1f"),
              (Words{"54A10C772B90E31D", "54A10C772B90E31E", "54A10C772B90E31F"}));
    EXPECT_EQ(app::read_pasted_serials("54A10C772B90E31D 54A10C772B90E31E"),
              (Words{"54A10C772B90E31D", "54A10C772B90E31E"}));
    EXPECT_EQ(app::read_pasted_serials("Số hiệu chứng thư\t"), Words{});
}

TEST_F(Requests, the_same_certificate_is_chosen_once) {
    const auto serial = office.certificate("Vàng A Sinh", "sinhva@laichau.gov.vn");
    const auto id = office.draft(Procedure::Revocation, {serial, serial});
    EXPECT_EQ(office.lines(id).size(), 1u);
}

TEST_F(Requests, what_the_portal_cannot_carry_to_its_end_is_not_begun) {
    auto clerk = office.portal.sign_in(office.clerk);
    EXPECT_EQ(clerk.get("/ho-so/moi").body.find("/ho-so/moi/khoi-phuc"), std::string::npos);
    EXPECT_EQ(clerk.get("/ho-so/moi/khoi-phuc").status, 404);
    app::CreateDossier input;
    input.agency_id = office.agency;
    input.procedure = Procedure::DeviceRestoration;
    const auto made =
        app::create_dossier(*office.portal.services, office.portal.actor(office.clerk), input);
    ASSERT_FALSE(made);
    EXPECT_EQ(made.error().code, "procedure.not_yet");
}

}  // namespace
}  // namespace antin::web
