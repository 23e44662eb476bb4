#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "app/look_up_dossier.hpp"
#include "app/make_paper.hpp"
#include "app/make_request_form.hpp"
#include "app/order_paper.hpp"
#include "forms/paper_library.hpp"
#include "kit/fake_clock.hpp"
#include "kit/test_database.hpp"
#include "pdf/reader.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossier_lines.hpp"
#include "store/outbox.hpp"

namespace antin::app {
namespace {

const forms::PaperLibrary& library() {
    static const auto loaded = forms::PaperLibrary::load();
    return *loaded;
}

class Papers : public ::testing::Test {
  protected:
    Papers() {
        configuration_.data_dir = database_.folder();
        services_.papers = &library();
        EXPECT_TRUE(services_.db.transact([&](sql::Transaction& tx) -> Status {
            agency_ = body(tx, "H35.77", "Ủy ban nhân dân xã Thử", "peoples_committee");
            other_agency_ = body(tx, "H35.78", "Ủy ban nhân dân xã Khác", "peoples_committee");
            provider_ = body(tx, "G11.07", "Cục Thử nghiệm", "provider");
            clerk_ = person(tx, "vanthu@laichau.gov.vn", "Lò Thị Hạnh");
            store::Dossier dossier;
            dossier.agency_id = agency_;
            dossier.receiver_id = provider_;
            dossier.created_by = clerk_;
            dossier.submitted_by = clerk_;
            dossier.submitted_at = dossier.accepted_at = clock_.now();
            dossier.created_at = dossier.saved_at = clock_.now();
            dossier.due_at = parse_iso("2026-11-26T17:00:00+07:00");
            dossier.state = domain::DossierState::Accepted;
            dossier.code = "G11.07-261123-0001";
            dossier.check_value = "K7QM-4XWP";
            dossier.rules_date = "2026-11-23";
            dossier.line_count = 1;
            dossier_id_ = store::add_dossier(tx, dossier);
            store::add_dossier_event(tx, {.dossier_id = dossier_id_,
                                          .act = "accepted",
                                          .at = clock_.now(),
                                          .is_public = true});
            store::add_dossier_event(tx, {.dossier_id = dossier_id_,
                                          .act = "assigned",
                                          .actor_name = "Hoàng Văn Nam",
                                          .at = clock_.now(),
                                          .is_internal = true});
            return {};
        }));
    }

    std::int64_t body(sql::Transaction& tx, const std::string& code, const std::string& name,
                      const std::string& kind) {
        store::Agency agency;
        agency.code = code;
        agency.name = name;
        agency.kind = kind;
        agency.branch = "state";
        agency.level = "commune";
        agency.state = "approved";
        agency.province_name = "Lai Châu";
        agency.created_at = clock_.now();
        return store::insert_agency(tx, agency).value();
    }
    std::int64_t person(sql::Transaction& tx, const std::string& email, const std::string& name) {
        store::Account account;
        account.email = email;
        account.full_name = name;
        account.position = "Văn thư";
        account.state = "active";
        account.created_at = clock_.now();
        return store::insert_account(tx, account).value();
    }
    [[nodiscard]] Actor at(domain::Role role, std::int64_t agency) const {
        Actor actor;
        actor.account_id = clerk_;
        actor.name = "Thử";
        actor.grants = {{role, agency}};
        return actor;
    }
    std::int64_t order(const std::string& officer = "Trần Thu Hà") {
        return services_.db
            .transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
                return order_receipt(tx, services_, *store::find_dossier(tx, dossier_id_), officer);
            })
            .value();
    }
    store::Paper paper(std::int64_t id) {
        return services_.db
            .read([&](sql::Reader& r) -> Result<store::Paper> { return *store::find_paper(r, id); })
            .value();
    }

    kit::TestDatabase database_;
    kit::FakeClock clock_;
    Configuration configuration_;
    Services services_{*database_, clock_, configuration_};
    std::int64_t agency_ = 0, other_agency_ = 0, provider_ = 0, clerk_ = 0, dossier_id_ = 0;
};

TEST_F(Papers, numbers_follow_each_other_in_the_book_of_the_body_without_gaps) {
    EXPECT_EQ(paper(order()).number_text, "1/TNHS-TTPVHCC");
    EXPECT_EQ(paper(order()).number_text, "2/TNHS-TTPVHCC");
    const auto rolled_back = services_.db.transact([&](sql::Transaction& tx) -> Status {
        order_receipt(tx, services_, *store::find_dossier(tx, dossier_id_), "Trần Thu Hà");
        return fail(ErrorKind::Refused, "workflow.not_now");
    });
    EXPECT_FALSE(rolled_back);
    EXPECT_EQ(paper(order()).number_text, "3/TNHS-TTPVHCC");
}

TEST_F(Papers, a_new_year_begins_a_new_book) {
    order();
    clock_.set("2027-01-04T09:00:00+07:00");
    EXPECT_EQ(paper(order()).number_text, "1/TNHS-TTPVHCC");
}

TEST_F(Papers, an_ordered_paper_waits_in_the_outbox_and_is_made_once) {
    const auto id = order();
    EXPECT_FALSE(paper(id).file_id);
    const auto waiting = services_.db.transact([&](sql::Transaction& tx) {
        return Result<std::vector<store::OutboxItem>>(
            store::claim_outbox(tx, "paper", clock_.now(), 60'000, 10));
    });
    ASSERT_EQ(waiting->size(), 1u);
    EXPECT_EQ(waiting->front().kind, "paper");
    ASSERT_TRUE(make_paper(services_, id));
    const auto first = paper(id);
    ASSERT_TRUE(make_paper(services_, id));
    EXPECT_EQ(paper(id).file_id, first.file_id);
    EXPECT_TRUE(first.made_at);
}

TEST_F(Papers, what_a_paper_says_does_not_change_when_the_body_is_renamed_later) {
    const auto id = order();
    EXPECT_TRUE(services_.db.transact([&](sql::Transaction& tx) -> Status {
        auto agency = *store::find_agency(tx, agency_);
        agency.name = "Tên mới";
        return store::update_agency(tx, agency);
    }));
    EXPECT_NE(paper(id).data.find("Ủy ban nhân dân xã Thử"), std::string::npos);
}

TEST_F(Papers, the_agency_and_its_officers_open_a_paper_and_nobody_else) {
    using enum domain::Role;
    const auto id = order();
    for (const auto& actor : {at(FocalPoint, agency_), at(Head, agency_), at(Assessor, provider_),
                              at(IntakeOfficer, provider_), at(Auditor, provider_)}) {
        const auto file = read_paper(services_, actor, id);
        ASSERT_TRUE(file) << file.error().code;
        EXPECT_EQ(pdf::inspect(file->bytes)->pages, 1);
        EXPECT_EQ(file->file_name, "giay-tiep-nhan-G11.07-261123-0001.pdf");
    }
    for (const auto& actor :
         {at(FocalPoint, other_agency_), at(Assessor, other_agency_), Actor{},
          at(SystemAdministrator, provider_), at(ProvinceCoordinator, other_agency_)}) {
        const auto file = read_paper(services_, actor, id);
        ASSERT_FALSE(file);
        EXPECT_EQ(file.error().kind, ErrorKind::NotFound);
    }
    EXPECT_EQ(read_paper(services_, at(Head, agency_), 999).error().kind, ErrorKind::NotFound);
}

TEST_F(Papers, a_file_damaged_on_disk_is_reported_not_shown) {
    const auto id = order();
    ASSERT_TRUE(make_paper(services_, id));
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(database_.folder() / "files")) {
        if (entry.is_regular_file()) std::filesystem::remove(entry.path());
    }
    EXPECT_EQ(read_paper(services_, at(domain::Role::Head, agency_), id).error().kind,
              ErrorKind::Unavailable);
}

TEST_F(Papers, the_superior_body_stands_above_the_agency_on_the_request_form) {
    const auto words = [&] {
        const auto form =
            make_request_form(services_, at(domain::Role::Head, agency_), dossier_id_);
        EXPECT_TRUE(form);
        const auto file = database_.folder() / "form.pdf";
        std::ofstream{file, std::ios::binary} << as_text(*form);
        const std::string command = "pdftotext -raw " + file.string() + " -";
        std::string text;
        auto* said = ::popen(command.c_str(), "r");
        for (int c = std::fgetc(said); c != EOF; c = std::fgetc(said))
            text += c == '\n' ? ' ' : static_cast<char>(c);
        EXPECT_EQ(::pclose(said), 0);
        return text;
    };
    const std::string superior = "ỦY BAN NHÂN DÂN TỈNH LAI CHÂU";
    EXPECT_EQ(words().find(superior), std::string::npos);
    ASSERT_TRUE(services_.db.transact([&](sql::Transaction& tx) -> Status {
        auto agency = *store::find_agency(tx, agency_);
        agency.parent_id = body(tx, "H35.UBND", "Ủy ban nhân dân tỉnh Lai Châu", "superior");
        return store::update_agency(tx, agency);
    }));
    const auto text = words();
    EXPECT_LT(text.find(superior), text.find("ỦY BAN NHÂN DÂN XÃ THỬ")) << text;
}

TEST_F(Papers, the_request_form_of_a_dossier_is_for_its_agency_and_its_officers) {
    using enum domain::Role;
    EXPECT_TRUE(make_request_form(services_, at(Head, agency_), dossier_id_));
    EXPECT_TRUE(make_request_form(services_, at(Assessor, provider_), dossier_id_));
    EXPECT_EQ(make_request_form(services_, at(Head, other_agency_), dossier_id_).error().kind,
              ErrorKind::NotFound);
}

TEST_F(Papers, anybody_with_code_and_check_value_sees_the_public_steps_alone) {
    const auto found = look_up_dossier(services_, "10.0.0.1", "G11.07-261123-0001", "K7QM-4XWP");
    ASSERT_TRUE(found) << found.error().code;
    EXPECT_EQ(found->agency_name, "Ủy ban nhân dân xã Thử");
    ASSERT_EQ(found->steps.size(), 1u);
    EXPECT_EQ(found->steps[0].act, "accepted");
    EXPECT_TRUE(look_up_dossier(services_, "10.0.0.1", " g11.07-261123-0001 ", "k7qm4xwp"));
}

TEST_F(Papers, a_wrong_code_and_a_wrong_check_value_read_the_same) {
    const auto wrong_check =
        look_up_dossier(services_, "10.0.0.1", "G11.07-261123-0001", "AAAA-AAAA");
    const auto wrong_code =
        look_up_dossier(services_, "10.0.0.1", "G11.07-261123-0002", "K7QM-4XWP");
    for (const auto* answer : {&wrong_check, &wrong_code}) {
        ASSERT_FALSE(*answer);
        EXPECT_EQ(answer->error().kind, ErrorKind::NotFound);
        EXPECT_EQ(answer->error().code, "lookup.not_found");
    }
    EXPECT_FALSE(look_up_dossier(services_, "10.0.0.1", "", ""));
    EXPECT_FALSE(look_up_dossier(services_, "10.0.0.1", "####", "####-####"));
}

TEST_F(Papers, many_wrong_guesses_make_an_address_wait_and_no_other) {
    Result<PublicDossier> answer = fail(ErrorKind::Internal, "");
    for (int i = 0; i < 61; ++i) {
        answer = look_up_dossier(services_, "10.0.0.1", "G11.07-261123-0001", "AAAA-AAAA");
    }
    EXPECT_EQ(answer.error().kind, ErrorKind::TooMany);
    EXPECT_EQ(
        look_up_dossier(services_, "10.0.0.1", "G11.07-261123-0001", "K7QM-4XWP").error().kind,
        ErrorKind::TooMany);
    EXPECT_TRUE(look_up_dossier(services_, "10.0.0.2", "G11.07-261123-0001", "K7QM-4XWP"));
    clock_.advance(std::chrono::minutes{11});
    EXPECT_TRUE(look_up_dossier(services_, "10.0.0.1", "G11.07-261123-0001", "K7QM-4XWP"));
}

}  // namespace
}  // namespace antin::app
