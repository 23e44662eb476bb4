#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/submit_dossier.hpp"
#include "kit/portal.hpp"
#include "store/attachments.hpp"
#include "store/dossier_events.hpp"
#include "store/dossier_lines.hpp"

namespace antin::web {
namespace {

using domain::Role;

/// An agency with clerk and head, and a draft of the first kind. All people are invented.
class Agency : public testing::Test {
  protected:
    Agency()
        : agency_(portal_.add_agency("Đảng ủy xã Bản Thử")),
          clerk_(portal_.sign_in(Role::FocalPoint, agency_)),
          head_(portal_.sign_in(Role::Head, agency_)) {
        portal_.provider();
    }

    std::string new_draft(std::string_view kind = "individual") {
        const auto page = clerk_.get("/ho-so/moi/cap-moi");
        const auto made = clerk_.submit(page, "/ho-so/moi/cap-moi",
                                        {{"kind", std::string{kind}}, {"carrier", "usb_token"}});
        EXPECT_EQ(made.status, 303) << made.body;
        std::string path = made.header("location");
        return path.substr(0, path.rfind('/'));
    }
    std::int64_t id_of(const std::string& base) {
        return std::stoll(base.substr(base.rfind('/') + 1));
    }

    void fill_recipient(const std::string& base) {
        const auto page = clerk_.get(base + "/nguoi-nhan");
        const auto saved = clerk_.submit(page, "/nguoi-nhan",
                                         {{"full_name", "Lò Thị Thử"},
                                          {"personal_id", "012192000001"},
                                          {"id_issued_on", "11/01/2022"},
                                          {"id_issued_by", "Cục Thử"},
                                          {"position", "Văn thư"},
                                          {"phone", "0912000001"},
                                          {"email", "thu@laichau.gov.vn"},
                                          {"address", "Bản Thử"}});
        EXPECT_EQ(saved.status, 303) << saved.body;
    }

    static std::string row_text(int n, std::string_view email_end = "@laichau.gov.vn") {
        return fmt::format(
            "Người Thử {2}\t12/05/1979\t0120790{0:05}\t21/06/2021\tCục Thử\tthu{0}{1}\t"
            "Đảng ủy xã Bản Thử\tLai Châu\tChuyên viên\t09120{0:05}\t\t\n",
            n, email_end,
            std::string{static_cast<char>('A' + n / 20), static_cast<char>('a' + n % 20)});
    }
    http::Answer paste(const std::string& base, const std::string& text) {
        const auto page = clerk_.get(base + "/dan");
        return clerk_.submit(page, "/dan", {{"van_ban", text}});
    }
    std::vector<store::DossierLine> lines(const std::string& base) {
        const auto id = id_of(base);
        return *portal_.database->read(
            [&](sql::Reader& db) -> Result<std::vector<store::DossierLine>> {
                return store::dossier_lines(db, id);
            });
    }
    store::Dossier dossier(const std::string& base) {
        const auto id = id_of(base);
        return *portal_.database->read([&](sql::Reader& db) -> Result<store::Dossier> {
            return *store::find_dossier(db, id);
        });
    }
    http::Answer attach(const std::string& base, std::string_view kind, std::string content,
                        std::string name = "de-nghi.pdf") {
        const auto page = clerk_.get(base + "/dinh-kem");
        return clerk_.submit(page, "/dinh-kem", {{"kind", std::string{kind}}}, {},
                             {{"file", std::move(name), "application/pdf", std::move(content)}});
    }

    kit::Portal portal_;
    std::int64_t agency_;
    kit::Browser clerk_, head_;
};

constexpr const char* a_pdf = "%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

TEST_F(Agency, PastesRowsAndSendsThemWithTheStampedScan) {
    const auto base = new_draft();
    fill_recipient(base);
    ASSERT_EQ(paste(base, row_text(1) + row_text(2)).status, 303);
    ASSERT_EQ(lines(base).size(), 2u);
    EXPECT_EQ(lines(base)[0].values["birth_date"], "1979-05-12");
    ASSERT_EQ(attach(base, "form_scan", a_pdf).status, 303);

    auto page = clerk_.get(base + "/xem-lai");
    ASSERT_EQ(page.status, 200) << page.body;
    EXPECT_EQ(clerk_.submit(page, "/xem-lai").status, 303);
    page = head_.get(base + "/ky");
    ASSERT_EQ(page.status, 200) << page.body;
    EXPECT_NE(page.body.find("chữ ký chưa được kiểm tra"), std::string::npos);
    const auto sent = head_.submit(page, "/ky");
    EXPECT_EQ(sent.status, 303) << sent.body;
    EXPECT_EQ(dossier(base).state, domain::DossierState::Submitted);
    // The same form once more: one effect only.
    EXPECT_EQ(head_.submit(page, "/ky").status, 303);
    const auto events =
        *portal_.database->read([&](sql::Reader& db) -> Result<std::vector<store::DossierEvent>> {
            return store::dossier_events(db, id_of(base), store::EventAudience::Agency);
        });
    EXPECT_EQ(std::ranges::count(events, "submitted", &store::DossierEvent::act), 1);
    EXPECT_EQ(clerk_.open(sent.header("location")).status, 200);
    // What is sent is fixed.
    EXPECT_EQ(clerk_.post(base + "/danh-sach", {{"n1.full_name", "Thêm Sau"}}).status, 409);
}

TEST_F(Agency, CannotSendWithDefectsAndShowsEachWithItsCell) {
    const auto base = new_draft();
    ASSERT_EQ(paste(base, row_text(1) + row_text(2, "@gmail.com")).status, 303);
    const auto page = clerk_.get(base + "/danh-sach");
    EXPECT_NE(page.body.find("aria-invalid=\"true\""), std::string::npos);
    EXPECT_NE(page.body.find("Cần sửa 1 chỗ"), std::string::npos);
    attach(base, "form_scan", a_pdf);
    const auto sign = head_.get(base + "/ky");
    const auto refused = head_.submit(sign, "/ky");
    EXPECT_EQ(refused.status, 409);
    EXPECT_NE(refused.body.find("Còn chỗ cần sửa trong danh sách"), std::string::npos);
}

TEST_F(Agency, CompleteRowsGoOnAndTheOthersStayInADraftOfTheirOwn) {
    const auto base = new_draft();
    std::string text;
    for (int n = 1; n <= 40; ++n) text += row_text(n, n <= 7 ? "@gmail.com" : "@laichau.gov.vn");
    ASSERT_EQ(paste(base, text).status, 303);
    const auto page = clerk_.get(base + "/danh-sach");
    EXPECT_NE(page.body.find("và 1 chỗ nữa"), std::string::npos);
    const auto split = clerk_.submit(page, "/danh-sach", {}, {{"viec", "tach"}});
    EXPECT_EQ(split.status, 303) << split.body;
    EXPECT_EQ(lines(base).size(), 33u);
    EXPECT_EQ(lines(base).back().number, 33);
    const auto drafts =
        *portal_.database->read([&](sql::Reader& db) -> Result<std::vector<store::Dossier>> {
            return store::agency_dossiers(db, agency_, {domain::DossierState::Draft}, 10);
        });
    ASSERT_EQ(drafts.size(), 2u);
    EXPECT_EQ(drafts[0].line_count + drafts[1].line_count, 40);
}

TEST_F(Agency, TwoClerksNeverOverwriteEachOtherSilently) {
    const auto base = new_draft();
    paste(base, row_text(1) + row_text(2));
    auto other = portal_.sign_in(Role::FocalPoint, agency_);
    const auto mine = clerk_.get(base + "/danh-sach");
    const auto theirs = other.get(base + "/danh-sach");
    const auto id = lines(base)[0].id;
    const auto cell = fmt::format("r{}.position", id);
    ASSERT_EQ(other.submit(theirs, "/danh-sach", {{cell, "Kế toán"}}).status, 303);
    const auto clash = clerk_.submit(mine, "/danh-sach", {{cell, "Bí thư"}});
    EXPECT_EQ(clash.status, 409);
    EXPECT_NE(clash.body.find("Kế toán"), std::string::npos);
    EXPECT_NE(clash.body.find("Bí thư"), std::string::npos);
    EXPECT_EQ(lines(base)[0].values["position"], "Kế toán");
    // Seen and meant: the second press keeps mine.
    EXPECT_EQ(clerk_.submit(clash, "/danh-sach").status, 303);
    EXPECT_EQ(lines(base)[0].values["position"], "Bí thư");
}

TEST_F(Agency, ANewRowSentTwiceIsOneRow) {
    const auto base = new_draft();
    for (int i = 0; i < 2; ++i) {
        const auto answer =
            clerk_.post(base + "/danh-sach", {{"n1.full_name", "Người Thử"}, {"n1.khoa", "abc"}});
        EXPECT_EQ(answer.status, 303) << answer.body;
    }
    EXPECT_EQ(lines(base).size(), 1u);
}

TEST_F(Agency, ScriptsGetVersionsFindingsAndCounts) {
    const auto base = new_draft();
    paste(base, row_text(1));
    const auto line = lines(base)[0];
    const auto answer = clerk_.send(
        "POST", base + "/danh-sach",
        fmt::format("r{0}.email=sai%40gmail.com&r{0}.ban={1}", line.id, line.version),
        {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto json = nlohmann::json::parse(answer.body);
    EXPECT_EQ(json["saved"][0]["version"], line.version + 1);
    EXPECT_EQ(json["counts"]["to_mend"], "1");
    EXPECT_EQ(json["findings"][0]["defects"][0]["field"], "email");
}

TEST_F(Agency, AnotherAgencysAddressReadsLikeNothingAndIsOnTheTrail) {
    const auto base = new_draft();
    auto stranger = portal_.sign_in(Role::Head, portal_.add_agency("UBND xã Khác"));
    for (const std::string_view end :
         {"/danh-sach", "/nguoi-nhan", "/dan", "/dinh-kem", "/xem-lai", "/ky", "/xoa"}) {
        EXPECT_EQ(stranger.get(base + std::string{end}).status, 404) << end;
    }
    EXPECT_EQ(stranger.post(base + "/danh-sach", {{"n1.full_name", "Chen Vào"}}).status, 404);
    EXPECT_TRUE(lines(base).empty());
    const auto journal = portal_.journal();
    EXPECT_NE(std::ranges::find(journal, "access.denied"), journal.end());
}

TEST_F(Agency, AClerkCannotSend) {
    const auto base = new_draft();
    paste(base, row_text(1));
    attach(base, "form_scan", a_pdf);
    EXPECT_EQ(clerk_.post(base + "/ky", {{"ban", "1"}, {"luu", "1"}, {"khoa", "k"}}).status, 403);
    EXPECT_EQ(dossier(base).state, domain::DossierState::Draft);
}

TEST_F(Agency, FilesAreJudgedByTheirContent) {
    const auto base = new_draft();
    EXPECT_EQ(attach(base, "form_scan", "MZ this is a program").status, 422);
    EXPECT_EQ(attach(base, "form_scan", "").status, 422);
    EXPECT_EQ(attach(base, "form_scan", a_pdf, "../../etc/mau.pdf").status, 303);
    const auto page = clerk_.get(base + "/dinh-kem");
    EXPECT_NE(page.body.find("mau.pdf"), std::string::npos);
    EXPECT_EQ(page.body.find("../"), std::string::npos);
}

TEST_F(Agency, AnUploadGoesOnWhereItStopped) {
    const auto base = new_draft();
    const std::string bytes = a_pdf + std::string(3000, '%');
    const http::Client::Headers common{{"Tus-Resumable", "1.0.0"}};
    auto headers = common;
    headers.emplace_back("Upload-Length", std::to_string(bytes.size()));
    headers.emplace_back(
        "Upload-Metadata",
        fmt::format("filename {},kind {},dossier {}", to_base64(as_bytes("mau.pdf")),
                    to_base64(as_bytes("form_scan")),
                    to_base64(as_bytes(std::to_string(id_of(base))))));
    const auto made = clerk_.send("POST", "/tai-len", "", headers);
    ASSERT_EQ(made.status, 201) << made.body;
    const auto place = made.header("location");
    const auto patch = [&](std::size_t offset, const std::string& part) {
        auto with = common;
        with.emplace_back("Upload-Offset", std::to_string(offset));
        with.emplace_back("Content-Type", "application/offset+octet-stream");
        return clerk_.send("PATCH", place, part, with).status;
    };
    EXPECT_EQ(patch(0, bytes.substr(0, 1000)), 204);
    EXPECT_EQ(patch(0, bytes.substr(0, 1000)), 409);
    EXPECT_EQ(clerk_.send("HEAD", place, "", common).header("upload-offset"), "1000");
    EXPECT_EQ(patch(1000, bytes.substr(1000)), 204);
    const auto files =
        *portal_.database->read([&](sql::Reader& db) -> Result<std::vector<store::Attachment>> {
            return store::attachments(db, id_of(base));
        });
    ASSERT_EQ(files.size(), 1u);
    EXPECT_EQ(files[0].file.size_bytes, static_cast<std::int64_t>(bytes.size()));
}

TEST_F(Agency, MarkupAndStrangeSignsAreShownHarmlessly) {
    const auto base = new_draft();
    const auto saved = clerk_.post(
        base + "/danh-sach",
        {{"n1.full_name", "<script>alert(1)</script>\"'&"}, {"n1.position", "\u202Evăn thư"}});
    EXPECT_EQ(saved.status, 303);
    const auto page = clerk_.get(base + "/danh-sach");
    EXPECT_EQ(page.status, 200);
    EXPECT_EQ(page.body.find("<script>alert"), std::string::npos);
    EXPECT_EQ(clerk_.post(base + "/danh-sach", {{"n1.full_name", std::string(10'000, 'a')}}).status,
              413);
}

TEST_F(Agency, EveryAgencyPageOpens) {
    for (const char* path :
         {"/viec", "/ho-so", "/ho-so/moi", "/ho-so/moi/cap-moi", "/thue-bao", "/kieu-dang"}) {
        EXPECT_EQ(clerk_.get(path).status, 200) << path;
    }
    for (const char* kind : {"individual", "organisation", "equipment"}) {
        const auto base = new_draft(kind);
        for (const char* end : {"/danh-sach", "/nguoi-nhan", "/dan", "/nhap-tep", "/da-co",
                                "/dinh-kem", "/xem-lai", "/ky", "/xoa", "/bang-mau.xlsx"}) {
            const auto answer = clerk_.get(base + end);
            EXPECT_EQ(answer.status, 200) << kind << end << answer.body.substr(0, 300);
        }
    }
}

}  // namespace
}  // namespace antin::web
