#include <gtest/gtest.h>

#include "app/make_paper.hpp"
#include "app/order_paper.hpp"
#include "forms/paper_library.hpp"
#include "http/form_reader.hpp"
#include "kit/portal.hpp"
#include "store/dossier_events.hpp"
#include "store/dossiers.hpp"

namespace antin::web {
namespace {

class PublicPages : public ::testing::Test {
  protected:
    PublicPages() : library_(*forms::PaperLibrary::load()) {
        portal_.services->papers = &library_;
        agency_ = portal_.add_agency("Đảng ủy xã Thử Nghiệm");
        const auto clerk = portal_.add_person("Lò Thị Hạnh", agency_, {domain::Role::FocalPoint});
        const auto receiver = portal_.provider();
        paper_ = portal_.services->db
                     .transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
                         store::Dossier dossier;
                         dossier.agency_id = agency_;
                         dossier.receiver_id = receiver;
                         dossier.created_by = clerk;
                         dossier.submitted_by = clerk;
                         const auto now = portal_.clock.now();
                         dossier.created_at = dossier.saved_at = now;
                         dossier.submitted_at = dossier.accepted_at = now;
                         dossier.due_at = parse_iso("2026-11-26T17:00:00+07:00");
                         dossier.state = domain::DossierState::InProgress;
                         dossier.code = "G11.07-261123-0001";
                         dossier.check_value = "K7QM-4XWP";
                         dossier.rules_date = "2026-11-23";
                         dossier.line_count = 12;
                         dossier.id = store::add_dossier(tx, dossier);
                         store::add_dossier_event(tx, {.dossier_id = dossier.id,
                                                       .act = "accepted",
                                                       .to_state = "accepted",
                                                       .actor_name = "Trần Thu Hà",
                                                       .at = now,
                                                       .is_public = true});
                         return app::order_receipt(tx, *portal_.services, dossier, "Trần Thu Hà");
                     })
                     .value();
    }
    forms::PaperLibrary library_;
    kit::Portal portal_;
    std::int64_t agency_ = 0, paper_ = 0;
};

#define EXPECT_HAS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST_F(PublicPages, the_home_page_is_vietnamese_whatever_the_browser_asks_for) {
    auto stranger = portal_.stranger();
    const auto page = stranger.send("GET", "/", "", {{"Accept-Language", "en-GB,en;q=0.9"}});
    EXPECT_EQ(page.status, 200);
    EXPECT_HAS(page.body, "lang=\"vi\"");
    EXPECT_HAS(http::page_words(page.body), "Tra cứu hồ sơ");
}

TEST_F(PublicPages, a_dossier_is_found_by_code_and_check_value_and_shows_no_person) {
    auto stranger = portal_.stranger();
    const auto page = stranger.get("/tra-cuu?ma=G11.07-261123-0001&kt=K7QM-4XWP");
    ASSERT_EQ(page.status, 200) << page.body;
    const auto words = http::page_words(page.body);
    EXPECT_HAS(words, "Hồ sơ G11.07-261123-0001");
    EXPECT_HAS(words, "Đảng ủy xã Thử Nghiệm");
    EXPECT_HAS(words, "26/11/2026");
    EXPECT_HAS(words, "còn 3 ngày làm việc");
    for (const char* person : {"Lò Thị Hạnh", "Trần Thu Hà"}) {
        EXPECT_EQ(words.find(person), std::string::npos);
    }
    EXPECT_HAS(page.header("cache-control"), "no-store");
}

TEST_F(PublicPages, steps_within_one_status_say_what_happened) {
    ASSERT_TRUE(portal_.database->transact([&](sql::Transaction& tx) -> Status {
        const auto dossier = store::find_dossier_by_code(tx, "G11.07-261123-0001").value();
        for (const char* act : {"supplement_asked", "handed_over", "handover_confirmed"}) {
            store::add_dossier_event(tx, {.dossier_id = dossier.id,
                                          .act = act,
                                          .from_state = "in_progress",
                                          .to_state = "in_progress",
                                          .actor_name = "Trần Thu Hà",
                                          .at = portal_.clock.now(),
                                          .is_public = true});
        }
        return {};
    }));
    auto stranger = portal_.stranger();
    const auto words =
        http::page_words(stranger.get("/tra-cuu?ma=G11.07-261123-0001&kt=K7QM-4XWP").body);
    EXPECT_HAS(words, "Yêu cầu bổ sung");
    EXPECT_HAS(words, "Bàn giao cho cơ quan nộp");
    EXPECT_HAS(words, "xác nhận đã nhận, chứng thư có hiệu lực");
    EXPECT_EQ(words.find("Trần Thu Hà"), std::string::npos);
}

TEST_F(PublicPages, the_form_of_the_look_up_leads_to_the_dossier) {
    auto stranger = portal_.stranger();
    const auto page = stranger.get("/tra-cuu");
    const auto found =
        stranger.submit(page, "/tra-cuu", {{"ma", "g11.07-261123-0001"}, {"kt", "k7qm 4xwp"}});
    EXPECT_EQ(found.status, 200);
    EXPECT_HAS(http::page_words(found.body), "Hồ sơ G11.07-261123-0001");
}

TEST_F(PublicPages, a_wrong_code_and_a_wrong_check_value_get_the_same_answer) {
    auto stranger = portal_.stranger();
    auto one = stranger.get("/tra-cuu?ma=G11.07-261123-0001&kt=AAAA-AAAA");
    auto two = stranger.get("/tra-cuu?ma=G11.07-261123-0009&kt=AAAA-AAAA");
    EXPECT_EQ(one.status, 404);
    EXPECT_EQ(two.status, 404);
    EXPECT_HAS(http::page_words(one.body), "Không tìm thấy hồ sơ với mã hồ sơ");
    EXPECT_HAS(http::page_words(two.body), "Không tìm thấy hồ sơ với mã hồ sơ");
}

TEST_F(PublicPages, after_many_wrong_codes_an_address_waits_ten_minutes) {
    auto stranger = portal_.stranger();
    const std::string right = "/tra-cuu?ma=G11.07-261123-0001&kt=K7QM-4XWP";
    for (int i = 0; i < 60; ++i) {
        ASSERT_EQ(stranger.get("/tra-cuu?ma=G11.07-261123-0001&kt=AAAA-AAAA").status, 404);
        if (i != 30) continue;
        EXPECT_EQ(stranger.get(right).status, 200) << "looking up rightly is free";
    }
    const auto waits = stranger.get(right);
    EXPECT_EQ(waits.status, 429);
    EXPECT_HAS(http::page_words(waits.body), "thử lại sau 10 phút");
    portal_.clock.advance(std::chrono::minutes{10});
    EXPECT_EQ(stranger.get(right).status, 200);
}

TEST_F(PublicPages, scripts_typed_into_the_look_up_are_shown_harmlessly) {
    auto stranger = portal_.stranger();
    const auto page = stranger.get("/tra-cuu?ma=%3Cscript%3Ealert(1)%3C%2Fscript%3E&kt=%22%3E%00x");
    EXPECT_EQ(page.body.find("<script>alert"), std::string::npos);
    EXPECT_TRUE(page.status == 404 || page.status == 400) << page.status;
}

TEST_F(PublicPages, every_page_for_everybody_answers_in_both_languages) {
    auto stranger = portal_.stranger();
    for (const char* language : {"vi", "en"}) {
        stranger.get("/ngon-ngu/" + std::string{language});
        for (const char* path :
             {"/", "/tra-cuu", "/tro-giup", "/tro-giup/mau-bieu", "/tro-giup/lap-ho-so",
              "/tro-giup/bang-danh-sach", "/tro-giup/cap-phat", "/tro-giup/du-lieu-ca-nhan",
              "/kho-chung-thu", "/tinh-trang"}) {
            const auto page = stranger.get(path);
            EXPECT_EQ(page.status, 200) << path;
            EXPECT_HAS(page.body, "lang=\"" + std::string{language} + "\"");
            EXPECT_EQ(page.body.find("[["), std::string::npos) << path;
        }
    }
    EXPECT_EQ(stranger.get("/tro-giup/khong-co").status, 404);
}

TEST_F(PublicPages, blank_forms_are_pdf_files) {
    auto stranger = portal_.stranger();
    for (const char* name : {"mau-01", "mau-02", "mau-03", "mau-04", "mau-05", "mau-06"}) {
        const auto file = stranger.get("/tro-giup/mau-bieu/" + std::string{name} + ".pdf");
        EXPECT_EQ(file.status, 200);
        EXPECT_EQ(file.header("content-type"), "application/pdf");
        EXPECT_TRUE(file.body.starts_with("%PDF"));
    }
    EXPECT_EQ(stranger.get("/tro-giup/mau-bieu/receipt.pdf").status, 404);
}

TEST_F(PublicPages, the_administrator_sees_which_layouts_were_reconstructed) {
    auto stranger = portal_.stranger();
    EXPECT_EQ(http::page_words(stranger.get("/tro-giup/mau-bieu").body).find("chưa đối chiếu"),
              std::string::npos);
    auto administrator = portal_.sign_in(domain::Role::SystemAdministrator, portal_.provider());
    EXPECT_HAS(http::page_words(administrator.get("/tro-giup/mau-bieu").body),
               "Mẫu dựng lại, chưa đối chiếu");
}

TEST_F(PublicPages, a_receipt_is_for_its_agency_and_its_officers_alone) {
    const std::string path = "/giay-to/" + std::to_string(paper_);
    auto head = portal_.sign_in(domain::Role::Head, agency_);
    const auto file = head.get(path);
    EXPECT_EQ(file.status, 200);
    EXPECT_EQ(file.header("content-type"), "application/pdf");
    auto assessor = portal_.sign_in(domain::Role::Assessor, portal_.provider());
    EXPECT_EQ(assessor.get(path).status, 200);
    auto other = portal_.sign_in(domain::Role::Head, portal_.add_agency("Đảng ủy xã Khác"));
    EXPECT_EQ(other.get(path).status, 404);
    EXPECT_EQ(other.get("/giay-to/x").status, 404);
    EXPECT_NE(portal_.stranger().get(path).status, 200);
    const auto acts = portal_.journal();
    EXPECT_NE(std::find(acts.begin(), acts.end(), "access.denied"), acts.end());
}

}  // namespace
}  // namespace antin::web
