#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/accept_dossier.hpp"
#include "app/assign_dossier.hpp"
#include "app/request_supplement.hpp"
#include "app/submit_dossier.hpp"
#include "kit/portal.hpp"
#include "kit/workbook.hpp"
#include "store/accounts.hpp"
#include "store/attachments.hpp"
#include "store/dossier_events.hpp"
#include "store/dossier_lines.hpp"
#include "store/notices.hpp"
#include "store/rules.hpp"
#include "store/supplements.hpp"

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
    // The same sentence stands once, with the way to each of the seven cells.
    for (int n = 0; n < 7; ++n) {
        const auto id = lines(base)[static_cast<std::size_t>(n)].id;
        EXPECT_NE(page.body.find(fmt::format("href=\"#o-{}-email\">Dòng {}</a>", id, n + 1)),
                  std::string::npos);
    }
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

TEST_F(Agency, ARowsOwnAgencyStandsInTheSheetWhereAllOthersShareOne) {
    const auto base = new_draft();
    ASSERT_EQ(paste(base, row_text(1)).status, 303);
    auto page = clerk_.get(base + "/danh-sach").body;
    EXPECT_NE(page.find("Mọi dòng:"), std::string::npos);
    EXPECT_NE(page.find("số định danh do Cục Thử cấp"), std::string::npos) << "each row says so";
    EXPECT_EQ(page.find("data-key=\"agency_name\""), std::string::npos);

    auto other = row_text(2);
    other.replace(other.find("Đảng ủy xã Bản Thử"), std::string{"Đảng ủy xã Bản Thử"}.size(),
                  "UBND xã Bản Khác");
    ASSERT_EQ(paste(base, other).status, 303);
    page = clerk_.get(base + "/danh-sach").body;
    EXPECT_NE(page.find("value=\"UBND xã Bản Khác\""), std::string::npos);
    EXPECT_NE(page.find("at-col--agency_name"), std::string::npos);
    EXPECT_NE(page.find("at-sheet__own"), std::string::npos)
        << "also where a phone shows few cells";
    EXPECT_EQ(page.find("data-key=\"province\""), std::string::npos);
    EXPECT_EQ(page.find("Mọi dòng:"), std::string::npos);

    // Mended in its cell, the row is like the others and the column goes.
    const auto line = lines(base)[1];
    const auto mark = fmt::format("r{}.", line.id);
    ASSERT_EQ(clerk_
                  .post(base + "/danh-sach", {{mark + "ban", std::to_string(line.version)},
                                              {mark + "agency_name", ""},
                                              {"viec", "luu"}})
                  .status,
              303);
    page = clerk_.get(base + "/danh-sach").body;
    EXPECT_EQ(page.find("data-key=\"agency_name\""), std::string::npos);
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
              422);
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

TEST_F(Agency, AnotherFileMeansThatTheHeadLooksAgain) {
    const auto base = new_draft();
    fill_recipient(base);
    paste(base, row_text(1));
    attach(base, "form_scan", a_pdf);
    const auto seen = head_.get(base + "/ky");
    portal_.clock.advance(std::chrono::minutes{1});
    attach(base, "form_scan", std::string{a_pdf} + "%other\n", "ban-khac.pdf");
    const auto stale = head_.submit(seen, "/ky");
    EXPECT_EQ(stale.status, 409);
    EXPECT_NE(stale.body.find("vừa được sửa sau khi anh/chị mở trang"), std::string::npos);
    EXPECT_EQ(dossier(base).state, domain::DossierState::Draft);
    EXPECT_EQ(head_.submit(stale, "/ky").status, 303) << "having looked again";
}

TEST_F(Agency, WhereTheSettingSaysSoTheFormSignedOutsideGoesInsteadOfTheScan) {
    auto administrator = portal_.sign_in(Role::SystemAdministrator, portal_.provider());
    const auto settings = administrator.get("/quan-tri/cai-dat");
    ASSERT_EQ(
        administrator.submit(settings, "/quan-tri/cai-dat", {{"submission_proof", "signed_pdf"}})
            .status,
        303);
    const auto base = new_draft();
    fill_recipient(base);
    paste(base, row_text(1));
    attach(base, "form_scan", a_pdf);
    const auto scan = head_.get(base + "/ky");
    EXPECT_NE(scan.body.find("Bản PDF đã ký số"), std::string::npos);
    EXPECT_NE(head_.submit(scan, "/ky").status, 303) << "the scan is not what is asked for";
    attach(base, "form_signed", a_pdf);
    EXPECT_EQ(head_.submit(head_.get(base + "/ky"), "/ky").status, 303);
}

TEST_F(Agency, APageThatIsSavedAsItWasLeavesTheDraftAsTheHeadSawIt) {
    const auto base = new_draft();
    fill_recipient(base);
    paste(base, row_text(1));
    attach(base, "form_scan", a_pdf);
    const auto seen = head_.get(base + "/ky");
    portal_.clock.advance(std::chrono::minutes{1});
    const auto sheet = clerk_.get(base + "/danh-sach");
    EXPECT_EQ(clerk_.submit(sheet, "/danh-sach", {}, {{"viec", "luu"}}).status, 303);
    EXPECT_EQ(head_.submit(seen, "/ky").status, 303);
}

TEST_F(Agency, AListThatIsYoungerThanItsScanIsPointedOut) {
    const auto base = new_draft();
    fill_recipient(base);
    paste(base, row_text(1));
    attach(base, "form_scan", a_pdf);
    EXPECT_EQ(head_.get(base + "/ky").body.find("Danh sách được sửa sau khi đính kèm tệp"),
              std::string::npos);
    portal_.clock.advance(std::chrono::minutes{1});
    paste(base, row_text(2));
    EXPECT_NE(head_.get(base + "/ky").body.find("Danh sách được sửa sau khi đính kèm tệp"),
              std::string::npos);
}

TEST_F(Agency, AHeadWithoutAPhoneSendsWithTheCodeOfTheMail) {
    const auto base = new_draft();
    fill_recipient(base);
    paste(base, row_text(1));
    attach(base, "form_scan", a_pdf);
    EXPECT_NE(head_.get(base + "/ky").body.find("Anh/chị đã xác thực lúc"), std::string::npos);
    portal_.clock.advance(std::chrono::minutes{11});
    auto page = head_.get(base + "/ky");
    EXPECT_NE(page.body.find("Mã 6 số trong thư công vụ của anh/chị"), std::string::npos);
    EXPECT_EQ(head_.submit(page, "/ky").status, 403) << "without a code";
    ASSERT_EQ(head_.submit(page, "/ky/ma-thu").status, 303);
    const auto address = *portal_.database->read([&](sql::Reader& db) -> Result<std::string> {
        return store::find_account(db, head_.account_id)->email;
    });
    const auto mail = portal_.mails_to(address).back();
    const auto at = mail.find("của anh/chị là ");
    ASSERT_NE(at, std::string::npos) << mail;
    const auto code = mail.substr(at + std::string_view{"của anh/chị là "}.size(), 6);
    page = head_.get(base + "/ky");
    const auto wrong =
        head_.submit(page, "/ky", {{"code", code == "000000" ? "000001" : "000000"}});
    EXPECT_EQ(wrong.status, 422);
    EXPECT_EQ(head_.submit(wrong, "/ky", {{"code", code}}).status, 303);
    EXPECT_EQ(dossier(base).state, domain::DossierState::Submitted);
}

TEST_F(Agency, ScriptsGetTheFindingsOfTheirPageAndTheSummaryOfAll) {
    const auto base = new_draft();
    std::string text;
    for (int n = 1; n <= 60; ++n) text += row_text(n, n == 60 ? "@gmail.com" : "@laichau.gov.vn");
    paste(base, text);
    const auto line = lines(base)[0];
    const auto answer = clerk_.send(
        "POST", base + "/danh-sach",
        fmt::format("r{0}.email=sai%40yahoo.com&r{0}.ban={1}&tren-trang={0}", line.id,
                    line.version),
        {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}});
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto json = nlohmann::json::parse(answer.body);
    ASSERT_EQ(json["findings"].size(), 1u) << "row 60 is on another page";
    EXPECT_EQ(json["findings"][0]["id"], line.id);
    EXPECT_EQ(json["counts"]["to_mend"], "2");
    const std::string summary = json["summary"];
    EXPECT_NE(summary.find(fmt::format("href=\"#o-{}-email\"", line.id)), std::string::npos);
    EXPECT_NE(summary.find("href=\"dong/60\""), std::string::npos);
    EXPECT_TRUE(std::string{json["title"]}.starts_with("Cần sửa 2 chỗ: "));
}

TEST_F(Agency, ACellThatIsRefusedIsNamedByRowAndField) {
    const auto base = new_draft();
    paste(base, row_text(1));
    const auto line = lines(base)[0];
    const auto answer = clerk_.send(
        "POST", base + "/danh-sach",
        fmt::format("r{}.position={}&r{}.ban={}", line.id, std::string(10'000, 'a'), line.id,
                    line.version),
        {{"Accept", "application/json"}, {"Content-Type", "application/x-www-form-urlencoded"}});
    EXPECT_EQ(answer.status, 413);
    EXPECT_NE(answer.body.find("Dòng 1, ô Chức vụ quá dài"), std::string::npos) << answer.body;
}

TEST_F(Agency, WithoutAScriptARefusedCellStaysOnTheSheetWithItsDefect) {
    const auto base = new_draft();
    paste(base, row_text(1) + row_text(2));
    const auto stored = lines(base);
    const auto page = clerk_.get(base + "/danh-sach");
    const std::string too_long(9'000, 'x');
    auto answer = clerk_.submit(page, "/danh-sach",
                                {{fmt::format("r{}.position", stored[0].id), too_long},
                                 {fmt::format("r{}.position", stored[1].id), "Kế toán"},
                                 {"n1.full_name", "Người Thử Mới"}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.find("value=\"" + too_long + "\""), std::string::npos);
    EXPECT_NE(answer.body.find("Ô này quá dài nên chưa lưu"), std::string::npos);
    EXPECT_NE(answer.body.find(fmt::format("href=\"#o-{}-position\"", stored[0].id)),
              std::string::npos);
    EXPECT_NE(answer.body.find("value=\"Kế toán\""), std::string::npos) << "nothing typed is lost";
    EXPECT_NE(answer.body.find("value=\"Người Thử Mới\""), std::string::npos);
    // Shortened there, everything goes in.
    answer = clerk_.submit(answer, "/danh-sach",
                           {{fmt::format("r{}.position", stored[0].id), "Bí thư"}});
    EXPECT_EQ(answer.status, 303) << answer.body;
    auto now = lines(base);
    ASSERT_EQ(now.size(), 3U);
    EXPECT_EQ(now[0].values["position"], "Bí thư");
    EXPECT_EQ(now[1].values["position"], "Kế toán");
    EXPECT_EQ(now[2].name, "Người Thử Mới");
    // The row's own page does the same.
    const auto row = clerk_.get(base + "/dong/1");
    answer = clerk_.submit(row, "/dong/1", {{"position", too_long}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.find("value=\"" + too_long + "\""), std::string::npos);
    EXPECT_NE(answer.body.find("Ô này quá dài nên chưa lưu"), std::string::npos);
    EXPECT_EQ(lines(base)[0].values["position"], "Bí thư");
}

TEST_F(Agency, AnImportSaysWhichWorksheetItReadAndDropsNoRowInSilence) {
    const auto base = new_draft();
    const auto import_file = [&](std::string content) {
        return clerk_.submit(clerk_.get(base + "/nhap-tep"), "/nhap-tep", {}, {},
                             {{"tep", "ds.xlsx", "application/octet-stream", std::move(content)}});
    };
    const std::vector<std::string> heads{
        "Họ và tên", "Ngày sinh", "Số định danh", "Ngày cấp", "Nơi cấp",
        "Email",     "Cơ quan",   "Tỉnh",         "Chức vụ",  "Điện thoại di động"};
    const auto person = [](int n) {
        return std::vector<std::string>{"Người Thử " + std::to_string(n), "12/05/1979"};
    };
    auto answer = import_file(kit::workbook_of({{"Hướng dẫn", {{"Điền trang sau"}}},
                                                {"Xã A", {heads, person(1)}},
                                                {"Xã B", {heads, person(2)}}}));
    ASSERT_EQ(answer.status, 303) << answer.body;
    const auto sheet = clerk_.get(answer.header("location"));
    EXPECT_NE(sheet.body.find("Đã đọc trang tính “Xã A”. Chưa đọc: “Xã B”."), std::string::npos);
    EXPECT_EQ(lines(base).size(), 1U);
    // Names of groups fill the room that is kept: what lies beyond is not dropped unsaid.
    kit::Worksheet grouped{"Danh sách", {heads}};
    grouped.rows.front().insert(grouped.rows.front().begin(), "STT");
    for (int n = 1; n <= 600; ++n) {
        auto row = person(n);
        row.insert(row.begin(), std::to_string(n));
        grouped.rows.push_back({"", "Xã " + std::to_string(n)});
        grouped.rows.push_back(std::move(row));
    }
    answer = import_file(kit::workbook_of({grouped}));
    EXPECT_EQ(answer.status, 422);
    EXPECT_NE(answer.body.find("Bảng dài hơn 1100 dòng có chữ"), std::string::npos) << answer.body;
    EXPECT_EQ(lines(base).size(), 1U);
}

class TwoClerks : public Agency {
  protected:
    TwoClerks() : other_(portal_.sign_in(Role::FocalPoint, agency_)) {
        base_ = new_draft();
        paste(base_, row_text(1) + row_text(2) + row_text(3));
    }
    void other_removes(std::size_t index) {
        const auto line = lines(base_)[index];
        const auto path = fmt::format("{}/dong/{}", base_, line.number);
        ASSERT_EQ(other_.submit(other_.get(path), "/xoa").status, 303);
    }
    std::string email_of(std::size_t index) { return lines(base_)[index].values["email"]; }

    kit::Browser other_;
    std::string base_;
};

TEST_F(TwoClerks, ARowPageOpenedBeforeTheRowsMovedUpSavesToItsOwnRow) {
    const auto second = clerk_.get(base_ + "/dong/2");
    other_removes(0);
    const auto saved = clerk_.submit(second, "/dong/2", {{"position", "Bí thư"}});
    EXPECT_EQ(saved.status, 303) << saved.body;
    auto now = lines(base_);
    ASSERT_EQ(now.size(), 2U);
    EXPECT_EQ(now[0].values["email"], "thu2@laichau.gov.vn");
    EXPECT_EQ(now[0].values["position"], "Bí thư");
    EXPECT_EQ(now[1].values["email"], "thu3@laichau.gov.vn");
    EXPECT_EQ(now[1].values["position"], "Chuyên viên");
}

TEST_F(TwoClerks, WhatWasTypedIntoARemovedRowWaitsAsANewOneAndTouchesNoOther) {
    const auto second = clerk_.get(base_ + "/dong/2");
    other_removes(1);
    auto answer = clerk_.submit(second, "/dong/2", {{"position", "Bí thư"}});
    EXPECT_EQ(answer.status, 409);
    EXPECT_NE(answer.body.find("vừa bị người khác xóa"), std::string::npos);
    EXPECT_NE(answer.body.find("value=\"Bí thư\""), std::string::npos);
    auto now = lines(base_);
    ASSERT_EQ(now.size(), 2U);
    EXPECT_EQ(now[1].values["email"], "thu3@laichau.gov.vn");
    EXPECT_EQ(now[1].values["position"], "Chuyên viên");
    EXPECT_EQ(clerk_.submit(answer, "/danh-sach").status, 303);
    now = lines(base_);
    ASSERT_EQ(now.size(), 3U);
    EXPECT_EQ(now[2].values["email"], "thu2@laichau.gov.vn");
    EXPECT_EQ(now[2].values["position"], "Bí thư");
    // From the sheet it is the same.
    const auto sheet = clerk_.get(base_ + "/danh-sach");
    const auto gone = now[2].id;
    other_removes(2);
    answer = clerk_.submit(sheet, "/danh-sach", {{fmt::format("r{}.position", gone), "Kế toán"}});
    EXPECT_EQ(answer.status, 409);
    EXPECT_NE(answer.body.find("value=\"Kế toán\""), std::string::npos);
    EXPECT_EQ(lines(base_).size(), 2U);
}

TEST_F(TwoClerks, ARowThatWasRemovedAndNotTouchedHereDoesNotComeBack) {
    const auto sheet = clerk_.get(base_ + "/danh-sach");
    const auto first = lines(base_)[0].id;
    other_removes(1);
    const auto saved =
        clerk_.submit(sheet, "/danh-sach", {{fmt::format("r{}.position", first), "Bí thư"}});
    EXPECT_EQ(saved.status, 303) << saved.body;
    auto now = lines(base_);
    ASSERT_EQ(now.size(), 2U);
    EXPECT_EQ(now[0].values["position"], "Bí thư");
}

TEST_F(TwoClerks, ADeletedRowsIdIsNeverGivenToAnotherRow) {
    const auto last = lines(base_)[2];
    other_removes(2);
    ASSERT_EQ(other_.post(base_ + "/danh-sach", {{"n1.full_name", "Người Khác"}}).status, 303);
    const auto now = lines(base_);
    ASSERT_EQ(now.size(), 3U);
    EXPECT_NE(now[2].id, last.id);
    const auto cell = fmt::format("r{}.full_name", last.id);
    const auto version = fmt::format("r{}.ban", last.id);
    EXPECT_EQ(clerk_.post(base_ + "/danh-sach", {{cell, "Người Cũ"}, {version, "1"}}).status, 409);
    EXPECT_EQ(lines(base_)[2].name, "Người Khác");
}

TEST_F(TwoClerks, KeepingMineCountsForTheVersionSeenAndForNoLaterOne) {
    const auto id = lines(base_)[0].id;
    const auto cell = fmt::format("r{}.position", id);
    const auto mine = clerk_.get(base_ + "/danh-sach");
    ASSERT_EQ(other_.submit(other_.get(base_ + "/danh-sach"), "/danh-sach", {{cell, "Một"}}).status,
              303);
    const auto clash = clerk_.submit(mine, "/danh-sach", {{cell, "Của tôi"}});
    ASSERT_EQ(clash.status, 409);
    ASSERT_EQ(other_.submit(other_.get(base_ + "/danh-sach"), "/danh-sach", {{cell, "Hai"}}).status,
              303);
    const auto again = clerk_.submit(clash, "/danh-sach");
    EXPECT_EQ(again.status, 409) << "the second change was not seen yet";
    EXPECT_NE(again.body.find("Hai"), std::string::npos);
    EXPECT_EQ(lines(base_)[0].values["position"], "Hai");
    EXPECT_EQ(clerk_.submit(again, "/danh-sach").status, 303);
    EXPECT_EQ(lines(base_)[0].values["position"], "Của tôi");
}

TEST_F(TwoClerks, ANewRowSentAgainDoesNotUndoWhatAnotherHasMadeOfIt) {
    const kit::Typed row{{"n1.full_name", "Người Thử"}, {"n1.khoa", "mot-lan"}};
    ASSERT_EQ(clerk_.post(base_ + "/danh-sach", row).status, 303);
    const auto id = lines(base_)[3].id;
    ASSERT_EQ(other_
                  .submit(other_.get(base_ + "/danh-sach"), "/danh-sach",
                          {{fmt::format("r{}.full_name", id), "Người Đã Sửa"}})
                  .status,
              303);
    EXPECT_EQ(clerk_.post(base_ + "/danh-sach", row).status, 409);
    EXPECT_EQ(lines(base_)[3].name, "Người Đã Sửa");
    EXPECT_EQ(lines(base_).size(), 4U);
}

TEST_F(Agency, TheReviewLeadsToTheRowsOwnPage) {
    const auto base = new_draft();
    paste(base, row_text(1, "@gmail.com"));
    const auto page = clerk_.get(base + "/xem-lai");
    EXPECT_NE(page.body.find("href=\"dong/1\""), std::string::npos);
    EXPECT_EQ(page.body.find("href=\"#o-"), std::string::npos);
}

TEST_F(Agency, EquipmentHasItsPurposeFromSheetToPaper) {
    const auto base = new_draft("equipment");
    const auto done = paste(base,
                            "Tên thiết bị\tTên miền\tMục đích sử dụng\tEmail\tTỉnh\tCơ quan\n"
                            "Trang tin Bản Thử\tbanthu.laichau.gov.vn\tXác thực máy chủ\t"
                            "thu@laichau.gov.vn\tLai Châu\tĐảng ủy xã Bản Thử\n");
    ASSERT_EQ(done.status, 303) << done.body;
    EXPECT_EQ(lines(base)[0].values["purpose"], "Xác thực máy chủ");
    EXPECT_NE(clerk_.get(base + "/danh-sach").body.find("Mục đích sử dụng"), std::string::npos);
}

TEST_F(Agency, HelpForTheTaskStandsOnEachPage) {
    const auto base = new_draft();
    EXPECT_NE(clerk_.get(base + "/danh-sach").body.find("href=\"/tro-giup/bang-danh-sach\""),
              std::string::npos);
    EXPECT_NE(head_.get(base + "/ky").body.find("href=\"/tro-giup/ky-va-gui\""), std::string::npos);
    EXPECT_NE(clerk_.get("/viec").body.find("href=\"/tro-giup/lap-ho-so\""), std::string::npos);
}

/// A dossier of two rows that was sent, accepted and given to an examiner.
class SentDossier : public Agency {
  protected:
    SentDossier() {
        provider_ = portal_.provider();
        intake_ = portal_.add_person("Tòng Văn Tiếp", provider_, {Role::IntakeOfficer});
        assessor_ = portal_.add_person("Trần Thu Thẩm", provider_, {Role::Assessor});
        base_ = new_draft();
        fill_recipient(base_);
        paste(base_, row_text(1) + row_text(2));
        attach(base_, "form_scan", a_pdf);
        EXPECT_EQ(head_.submit(head_.get(base_ + "/ky"), "/ky").status, 303);
    }
    void accept_and_assign() {
        EXPECT_TRUE(app::accept_dossier(*portal_.services, portal_.actor(intake_),
                                        {id(), dossier(base_).version}));
        EXPECT_TRUE(app::assign_dossier(*portal_.services, portal_.actor(assessor_),
                                        {id(), dossier(base_).version, assessor_}));
    }
    void ask(std::vector<store::SupplementItem> items) {
        const auto asked =
            app::request_supplement(*portal_.services, portal_.actor(assessor_),
                                    {id(), dossier(base_).version, std::move(items), "", 3});
        ASSERT_TRUE(asked) << asked.error().code;
    }
    std::int64_t id() { return id_of(base_); }
    std::string path() { return "/ho-so/" + *dossier(base_).code; }
    std::size_t notices(std::int64_t account, std::string_view kind) {
        return *portal_.database->read([&](sql::Reader& db) -> Result<std::size_t> {
            const auto all = store::notices_of(db, account, 50, 0);
            return static_cast<std::size_t>(std::ranges::count(all, kind, &store::Notice::kind));
        });
    }

    std::int64_t provider_ = 0, intake_ = 0, assessor_ = 0;
    std::string base_;
};

TEST_F(SentDossier, ASupplementIsAnsweredRowByRowAndTheClockGoesOn) {
    accept_and_assign();
    ask({{1, "email", "Ghi thư công vụ của đúng người này."}});
    EXPECT_EQ(dossier(base_).state, domain::DossierState::InProgress) << "row 2 goes on";
    auto page = clerk_.get(path() + "/bo-sung");
    ASSERT_EQ(page.status, 200) << page.body;
    EXPECT_NE(page.body.find("Ghi thư công vụ của đúng người này."), std::string::npos);
    EXPECT_NE(clerk_.get("/viec").body.find("Bổ sung hồ sơ"), std::string::npos);
    // Nothing mended, nothing said: not an answer.
    const auto empty = clerk_.submit(page, "/bo-sung");
    EXPECT_EQ(empty.status, 422);
    EXPECT_NE(empty.body.find("Dòng 1 chưa được sửa"), std::string::npos);

    portal_.clock.advance(std::chrono::minutes{5});
    // The other row is not open to change; the named one is.
    EXPECT_EQ(clerk_.get(base_ + "/dong/2").status, 404);
    auto row = clerk_.get(base_ + "/dong/1");
    ASSERT_EQ(row.status, 200) << row.body;
    const auto wrong = clerk_.submit(row, "/dong/1", {{"email", "ten@gmail.com"}});
    EXPECT_EQ(wrong.status, 200);
    page = clerk_.get(path() + "/bo-sung");
    EXPECT_EQ(clerk_.submit(page, "/bo-sung").status, 409) << "still a defect";
    row = clerk_.get(base_ + "/dong/1");
    ASSERT_EQ(clerk_.submit(row, "/dong/1", {{"email", "moi@laichau.gov.vn"}}).status, 303);
    page = clerk_.get(path() + "/bo-sung");
    EXPECT_NE(page.body.find("Đã sửa"), std::string::npos);
    ASSERT_EQ(clerk_.submit(page, "/bo-sung").status, 303);

    EXPECT_EQ(lines(base_)[0].state, domain::LineState::Requested);
    EXPECT_EQ(lines(base_)[0].values["email"], "moi@laichau.gov.vn");
    EXPECT_EQ(notices(assessor_, "supplement_answered"), 1u);
    const auto journal = portal_.journal();
    EXPECT_EQ(std::ranges::count(journal, "dossier.row_corrected"), 2);
    EXPECT_EQ(clerk_.get(path() + "/bo-sung").status, 409) << "nothing is asked any longer";
    EXPECT_EQ(clerk_.get(base_ + "/dong/1").status, 404) << "and the row is closed again";
}

TEST_F(SentDossier, AStoppedClockKeepsItsMinutesUntilTheAnswer) {
    accept_and_assign();
    portal_.clock.set("2026-11-24T09:00:00+07:00");
    ask({{0, "", "Gửi quyết định thành lập."}});
    ASSERT_EQ(dossier(base_).state, domain::DossierState::AwaitingSupplement);
    EXPECT_FALSE(dossier(base_).due_at);
    portal_.clock.set("2026-11-25T09:00:00+07:00");
    auto clerk = portal_.sign_in(clerk_.account_id);  // the session of Monday has ended
    auto page = clerk.get(path() + "/bo-sung");
    const auto empty = clerk.submit(page, "/bo-sung");
    EXPECT_EQ(empty.status, 422);
    EXPECT_NE(empty.body.find("Đính kèm giấy tờ"), std::string::npos);
    page = clerk.get(base_ + "/dinh-kem");
    ASSERT_EQ(clerk
                  .submit(page, "/dinh-kem", {{"kind", "other"}}, {},
                          {{"file", "quyet-dinh.pdf", "application/pdf", a_pdf}})
                  .status,
              303);
    page = clerk.get(path() + "/bo-sung");
    ASSERT_EQ(clerk.submit(page, "/bo-sung").status, 303);
    EXPECT_EQ(dossier(base_).state, domain::DossierState::InProgress);
    // Accepted on Monday, due on Thursday; one day stood still: Friday.
    EXPECT_EQ(to_iso(dossier(base_).due_at.value()), "2026-11-27T17:00:00+07:00");
}

TEST_F(SentDossier, TheRulesOfTheDayOfSendingCountAndAnOpenDossierKeepsItsOwn) {
    // One dossier is sent on Monday, one is only written; from Tuesday on five days are allowed.
    const auto written = new_draft();
    fill_recipient(written);
    ASSERT_EQ(paste(written, row_text(3)).status, 303);
    ASSERT_EQ(attach(written, "form_scan", a_pdf).status, 303);
    ASSERT_TRUE(portal_.database->transact([&](sql::Transaction& tx) -> Status {
        store::insert_rule(
            tx, {"issue.deadline_wd", "5", "wd", "Quyết định thử", "verified", "2026-11-24"},
            std::nullopt, portal_.clock.now());
        return {};
    }));
    portal_.clock.set("2026-11-24T09:00:00+07:00");
    auto head = portal_.sign_in(head_.account_id);
    ASSERT_EQ(head.submit(head.get(written + "/ky"), "/ky").status, 303);
    EXPECT_EQ(dossier(written).rules_date, "2026-11-24");
    EXPECT_EQ(dossier(base_).rules_date, "2026-11-23");
    for (const auto& one : {base_, written}) {
        ASSERT_TRUE(app::accept_dossier(*portal_.services, portal_.actor(intake_),
                                        {id_of(one), dossier(one).version}));
    }
    EXPECT_EQ(to_iso(dossier(base_).due_at.value()), "2026-11-27T17:00:00+07:00");
    EXPECT_EQ(to_iso(dossier(written).due_at.value()), "2026-12-01T17:00:00+07:00");
}

TEST_F(SentDossier, AWithdrawalBeforeIntakeTellsTheIntakeOfficers) {
    const std::string path = fmt::format("/ho-so/da-gui/{}", id());
    auto page = clerk_.get(path + "/rut");
    ASSERT_EQ(page.status, 200);
    EXPECT_EQ(clerk_.submit(page, "/rut").status, 422) << "a reason is owed";
    ASSERT_EQ(clerk_.submit(page, "/rut", {{"reason", "Nộp nhầm danh sách."}}).status, 303);
    EXPECT_EQ(dossier(base_).state, domain::DossierState::WithdrawalRequested);
    EXPECT_EQ(notices(intake_, "withdrawal_requested"), 1u);
    // Once is enough.
    EXPECT_EQ(clerk_.submit(page, "/rut", {{"reason", "Nộp nhầm danh sách."}}).status, 409);
    EXPECT_EQ(notices(intake_, "withdrawal_requested"), 1u);
}

TEST_F(SentDossier, TheTimelineFillsItsSentencesAndGathersTheStepsOfRows) {
    accept_and_assign();
    const auto done = portal_.database->transact([&](sql::Transaction& tx) -> Status {
        for (std::int64_t row = 1; row <= 40; ++row) {
            store::DossierEvent event;
            event.dossier_id = id();
            event.line_number = row;
            event.act = "line.issue";
            event.actor_name = "Hà Văn Cấp";
            event.at = portal_.clock.now();
            store::add_dossier_event(tx, event);
        }
        return {};
    });
    ASSERT_TRUE(done);
    const auto page = clerk_.get(path());
    ASSERT_EQ(page.status, 200);
    EXPECT_NE(page.body.find("Tòng Văn Tiếp tiếp nhận, mã " + *dossier(base_).code),
              std::string::npos);
    EXPECT_NE(page.body.find("Đã cấp chứng thư, 40 dòng"), std::string::npos);
    EXPECT_EQ(page.body.find("Đã cấp chứng thư, dòng"), std::string::npos);
}

TEST_F(SentDossier, OthersNeitherAnswerNorWithdraw) {
    accept_and_assign();
    ask({{1, "email", "Ghi lại."}});
    auto stranger = portal_.sign_in(Role::Head, portal_.add_agency("UBND xã Khác"));
    for (const std::string_view end : {"", "/bo-sung", "/rut"}) {
        EXPECT_EQ(stranger.get(path() + std::string{end}).status, 404) << end;
    }
    EXPECT_EQ(stranger.post(path() + "/bo-sung", {{"ban", "1"}, {"note", "a"}}).status, 404);
    EXPECT_EQ(stranger.post(path() + "/rut", {{"ban", "1"}, {"reason", "a"}}).status, 404);
    EXPECT_EQ(stranger.get(base_ + "/dong/1").status, 404);
}

}  // namespace
}  // namespace antin::web
